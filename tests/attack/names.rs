//! Names under which images are downloaded (point 17).

use std::sync::Arc;

use cutis_tests::client::{Call, File, fresh_key, upload_call};
use cutis_tests::images::made;

use crate::Field;
use crate::process;
use crate::report::Tally;

const NAMES: &[&str] = &[
    "photo.hta",
    "photo.html",
    "photo.svg",
    "photo.jpg.exe",
    "photo.lnk",
    "photo.JPG.js",
    "photo",
    ".htaccess",
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\x.dll",
    "a/b/c.url",
    "con.jpg",
    "aux",
    "photo.jpg ",
    "photo.hta.",
    "photo.hta\u{202e}gpj.",
    "photo\u{200b}.scr",
    "photo.jpg%00.hta",
    "x\u{7f}.bat",
    "photo.hta;.jpg.cmd",
    "a%22; b.hta",
    "ph\u{f6}to.vbs",
    "\u{1f4f7}.msi",
    "desktop.ini",
    "photo.jpeg",
    "photo.PNG",
];

/// Point 17: whatever a file was called, its download ends as its format does, and its header is one line.
pub async fn downloads(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("names");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let anna = field.kept.anna(&server);
    let patient = &field.kept.patients[0];
    for (number, name) in (300_u64..).zip(NAMES) {
        let call = upload_call(patient, &fresh_key(), &[File::new(*name, made(number))]);
        let answer = anna.send(call).await;
        let image = answer.json()["results"][0]["image"]["id"]
            .as_str()
            .map(str::to_owned);
        let Some(image) = image else {
            tally.tried(
                (400..500).contains(&answer.status) || answer.status == 200,
                || format!("{name:?}: {answer}"),
            );
            continue;
        };
        anna.enter_password().await;
        for rendition in [
            "original?purpose=clinical_record",
            "full",
            "screen",
            "medium",
            "thumbnail",
        ] {
            let path = format!("/api/v1/patients/{patient}/images/{image}/{rendition}");
            let answer = anna.send(Call::new("GET", path)).await;
            let disposition = answer.header("content-disposition").to_owned();
            let ends: Vec<String> = disposition
                .split(';')
                .skip(1)
                .filter_map(|part| part.split_once('='))
                .map(|(_, value)| value.trim().trim_matches('"').to_lowercase())
                .collect();
            let harmless = ends
                .iter()
                .all(|value| value.ends_with(".jpg") || value.ends_with(".jpeg"));
            let sniffed = answer.header("x-content-type-options") == "nosniff";
            let right = answer.status == 200
                && sniffed
                && answer.header("content-type") == "image/jpeg"
                && (!rendition.starts_with("original")
                    || (disposition.starts_with("attachment") && !ends.is_empty()))
                && harmless
                && !disposition.contains(['/', '\\']);
            tally.tried(right, || {
                format!("{name:?}, {rendition}: {} {disposition:?}", answer.status)
            });
        }
    }
    tally
}
