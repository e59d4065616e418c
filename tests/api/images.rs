//! Images (I1–I4).

use cutis::darkroom::Workers;
use cutis_tests::actors::{id_of, results};
use cutis_tests::client::{Call, File, fresh_key, upload_call};
use cutis_tests::database::sha256;
use cutis_tests::images::{
    camera, folder, holds_metadata, jpeg_size, made, png_of_zeros, png_promising, real,
};
use cutis_tests::server::built_program;
use cutis_tests::{SignedIn, TestServer};
use serde_json::Value;

fn outcome(result: &Value) -> (String, String) {
    let code = result["reason"]["code"].as_str().unwrap_or_default();
    (
        result["outcome"].as_str().expect("an outcome").to_owned(),
        code.to_owned(),
    )
}

fn pair(outcome: &str, code: &str) -> (String, String) {
    (outcome.to_owned(), code.to_owned())
}

/// Files as cameras write them: the good ones upright and clean, the bad ones by name.
#[tokio::test(flavor = "multi_thread")]
async fn i1_i2_i4_a_batch_each_bad_one_named_the_good_ones_in_and_upright() {
    let mut files = camera::in_every_orientation();
    files.extend([
        camera::with_position_and_notes(),
        camera::tiff(),
        camera::heic(),
        camera::with_broken_exif(),
        camera::cut_off(),
    ]);
    a_batch_goes_in(files, Sides { long: 48, short: 32 }).await;
}

/// The same with files of real cameras and phones, where they are at hand.
#[tokio::test(flavor = "multi_thread")]
async fn i1_i2_i4_a_real_batch_each_bad_one_named_the_good_ones_in_and_upright() {
    let Some(shared) = folder() else { return };
    let mut files: Vec<File> = Vec::new();
    for group in ["orientation", "cameras", "heic", "bad"] {
        let mut names: Vec<_> = std::fs::read_dir(shared.join(group))
            .expect("readable")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        names.sort();
        files.extend(
            names
                .iter()
                .filter(|path| path.extension().is_some())
                .map(|path| {
                    real(
                        &shared,
                        &format!("{group}/{}", path.file_name().expect("a name").to_string_lossy()),
                    )
                }),
        );
    }
    let sides = Sides {
        long: 1800,
        short: 1200,
    };
    a_batch_goes_in(files, sides).await;
}

/// The sides of the files in every orientation, upright.
#[derive(Clone, Copy)]
struct Sides {
    long: u64,
    short: u64,
}

async fn a_batch_goes_in(files: Vec<File>, sides: Sides) {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let key = fresh_key();
    let first = results(&anna.send(upload_call(&patient, &key, &files)).await);
    assert_eq!(first.len(), files.len());
    let mut stored = 0;
    for (index, (file, result)) in files.iter().zip(&first).enumerate() {
        assert_eq!(
            (&result["index"], &result["name"]),
            (&index.into(), &file.name.as_str().into())
        );
        let heic = file.name.to_lowercase().ends_with(".heic");
        let expected = match file.name.as_str() {
            "cut off.jpg" => pair("refused", "damaged"),
            _ if heic => pair("refused", "unsupported"),
            _ => pair("stored", ""),
        };
        assert_eq!(outcome(result), expected, "{}: {result}", file.name);
        if heic {
            assert!(
                result["reason"]["advice"]
                    .as_str()
                    .is_some_and(|advice| !advice.is_empty()),
                "I1: advice: {result}"
            );
        }
        if let Some(image) = result["image"].as_object() {
            stored += 1;
            assert_eq!(image["sha256"], sha256(&file.bytes), "{}", file.name);
            assert_eq!(image["bytes"], file.bytes.len(), "{}", file.name);
            assert!(
                image.keys().all(|key| !["gps", "lat", "lon", "location"]
                    .iter()
                    .any(|part| key.contains(part))),
                "I3: {image:?}"
            );
        }
    }
    // I4: the retry answers the same and makes none twice.
    let again = results(&anna.send(upload_call(&patient, &key, &files)).await);
    for (one, two) in first.iter().zip(&again) {
        assert_eq!(
            (outcome(one), &one["image"]["id"]),
            (outcome(two), &two["image"]["id"])
        );
    }
    assert_eq!(anna.patient(&patient).await["imageCount"], stored);
    oriented_files_are_upright(&anna, &patient, &first, sides).await;
    // I2: another upload of the same bytes is a duplicate of what is there.
    let twice = anna.upload(&patient, &files[..2]).await;
    for (one, two) in first.iter().zip(&twice) {
        assert_eq!(
            (outcome(two), &two["image"]["id"]),
            (pair("duplicate", "duplicate"), &one["image"]["id"])
        );
    }
    server.finish().await;
}

/// I1: one scene in every EXIF orientation comes out upright, of one size, without metadata.
async fn oriented_files_are_upright(anna: &SignedIn, patient: &str, results: &[Value], sides: Sides) {
    let Sides { long, short } = sides;
    let mut seen = 0;
    for result in results {
        let name = result["name"].as_str().expect("a name");
        let size = match name.split('_').next() {
            Some("Landscape") => (long, short),
            Some("Portrait") => (short, long),
            _ => continue,
        };
        seen += 1;
        let image = &result["image"];
        assert_eq!(
            (image["width"].as_u64(), image["height"].as_u64()),
            (Some(size.0), Some(size.1)),
            "{result}"
        );
        let path = format!("/api/v1/patients/{patient}/images/{}", id_of(image));
        for (kind, longest) in [("thumbnail", 320), ("medium", 640), ("screen", 1600)] {
            let rendition = anna.get(format!("{path}/{kind}")).await;
            let (width, height) = jpeg_size(&rendition.body);
            assert_eq!(u64::from(width.max(height)), longest.min(long), "{name} {kind}");
            assert_eq!(
                width > height,
                name.starts_with("Landscape"),
                "{name} {kind}: {width}x{height}"
            );
            assert!(!holds_metadata(&rendition.body), "{name} {kind}");
        }
    }
    assert_eq!(seen, 18, "nine orientations of two scenes");
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_i3_the_original_is_untouched_and_gps_never_leaves_in_a_derivative() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let file = camera::with_position_and_notes();
    assert!(holds_metadata(&file.bytes), "the photo has metadata to lose");
    let image = id_of(&anna.upload(&patient, std::slice::from_ref(&file)).await[0]["image"]);
    let path = format!("/api/v1/patients/{patient}/images/{image}");
    for kind in ["thumbnail", "medium", "screen", "full"] {
        let rendition = anna.get(format!("{path}/{kind}")).await;
        assert_eq!(
            (rendition.status, rendition.header("content-type")),
            (200, "image/jpeg"),
            "{kind}"
        );
        assert!(!holds_metadata(&rendition.body), "{kind}");
        assert!(
            rendition.header("cache-control").contains("no-store")
                || rendition.header("cache-control").contains("private"),
            "{kind}: {:?}",
            rendition.headers
        );
    }
    let whole = anna.get(format!("{path}/original?purpose=clinical_record")).await;
    assert_eq!((whole.status, &whole.body), (200, &file.bytes), "byte for byte");
    // I5: as in an archive, and never as it was called when it was uploaded.
    let name = whole.header("content-disposition");
    assert!(
        name.starts_with("attachment; filename=\"001_") && name.ends_with(".jpg\""),
        "{name}"
    );
    assert_eq!(whole.header("etag"), format!("\"{}\"", sha256(&file.bytes)));
    let part = |range: &str| {
        Call::new("GET", format!("{path}/original?purpose=clinical_record")).header("range", range)
    };
    let length = file.bytes.len();
    for (range, from, to) in [
        ("bytes=100-199".to_owned(), 100, 200),
        (format!("bytes={}-", length - 7), length - 7, length),
        ("bytes=-9".to_owned(), length - 9, length),
        ("bytes=65530-131080".to_owned(), 65_530, 131_081),
        (
            format!("bytes={}-18446744073709551616", length - 7),
            length - 7,
            length,
        ),
    ] {
        let answer = anna.send(part(&range)).await;
        assert_eq!(
            (answer.status, &answer.body[..]),
            (206, &file.bytes[from..to]),
            "{range}"
        );
        assert_eq!(
            answer.header("content-range"),
            format!("bytes {from}-{}/{length}", to - 1)
        );
    }
    for first in [&length.to_string(), "18446744073709551616"] {
        let behind = anna.send(part(&format!("bytes={first}-"))).await;
        behind.problem(416, "range_not_satisfiable");
        assert_eq!(behind.header("content-range"), format!("bytes */{length}"));
    }
    // RFC 9110: what has an entity tag answers to conditions.
    let tag = whole.header("etag").to_owned();
    for (name, value, status, sent) in [
        ("if-none-match", tag.as_str(), 304, &[][..]),
        ("if-none-match", "\"other\"", 206, &file.bytes[100..200]),
        ("if-range", &tag, 206, &file.bytes[100..200]),
        ("if-range", "\"other\"", 200, &file.bytes),
    ] {
        let events = server.events();
        let answer = anna.send(part("bytes=100-199").header(name, value)).await;
        assert_eq!(
            (answer.status, &answer.body[..]),
            (status, sent),
            "{name} {value}"
        );
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(server.events(), events + 1);
    }
    let other = anna.send(part("bytes=0-1").header("if-match", "\"other\"")).await;
    other.problem(412, "condition_failed");
    assert_eq!(other.header("etag"), tag);
    let head = Call::new("HEAD", format!("{path}/original?purpose=clinical_record"));
    let head = anna.send(head.header("range", "bytes=100-199")).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    // I1: at rest neither the image nor its renditions lies in the clear.
    let needle = &file.bytes[length / 2..length / 2 + 32];
    for entry in std::fs::read_dir(server.data.blobs()).expect("readable") {
        for blob in std::fs::read_dir(entry.expect("an entry").path()).expect("readable") {
            let bytes = std::fs::read(blob.expect("an entry").path()).expect("readable");
            assert!(
                !bytes.windows(32).any(|window| window == needle),
                "an original lies in the clear"
            );
            assert!(!bytes.starts_with(b"\xFF\xD8\xFF"));
        }
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_a_tiff_is_shown_as_png() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let image = id_of(&anna.upload(&patient, &[camera::tiff()]).await[0]["image"]);
    let full = anna
        .get(format!("/api/v1/patients/{patient}/images/{image}/full"))
        .await;
    assert_eq!((full.status, full.header("content-type")), (200, "image/png"));
    assert!(full.body.starts_with(b"\x89PNG\r\n\x1a\n"));
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_bad_files_are_named_with_their_reason_whatever_they_are_called() {
    let (server, anna) = TestServer::set_up().await;
    anna.set("upload.limit_mib", "1").await;
    let patient = anna.create_patient("p-001").await;
    let good = made(1);
    let with = |tail: &[u8]| [good.as_slice(), tail].concat();
    let broken: Vec<u8> = good[..good.len() / 2].to_vec();
    let files = [
        File::new("good.pdf", good.clone()),
        File::new("empty.jpg", Vec::new()),
        File::new("large.jpg", vec![0xFF; (1 << 20) + 1]),
        File::new("text.jpg", b"just some words".to_vec()),
        File::new("page.jpg", b"<html><script>alert(1)</script></html>".to_vec()),
        File::new(
            "vector.png",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
        ),
        File::new("half.jpg", broken),
        File::new("bomb.png", png_promising(60_000, 60_000)),
        File::new("lying.png", png_promising(64, 64)),
        File::new("archive.jpg", with(b"PK\x03\x04\x14\0\0\0")),
        File::new("trailer.jpg", with(b"<html><script>alert(1)</script>")),
        File::new("twin.jpg", good.clone()),
        File::new("also good.jpg", made(2)),
    ];
    let found = anna.upload(&patient, &files).await;
    let expected = [
        pair("stored", ""),
        pair("refused", "empty"),
        pair("refused", "too_large"),
        pair("refused", "unsupported"),
        pair("refused", "unsupported"),
        pair("refused", "unsupported"),
        pair("refused", "damaged"),
        pair("refused", "too_many_pixels"),
        pair("refused", "damaged"),
        pair("refused", "unsupported"),
        pair("refused", "unsupported"),
        pair("duplicate", "duplicate"),
        pair("stored", ""),
    ];
    let shown: Vec<_> = found.iter().map(outcome).collect();
    assert_eq!(shown, expected, "{found:#?}");
    for (file, result) in files.iter().zip(&found) {
        assert_eq!(result["name"], file.name.as_str());
        let silent =
            result["outcome"] != "stored" && result["reason"]["message"].as_str().is_none_or(str::is_empty);
        assert!(!silent, "{result}");
    }
    assert_eq!(
        found[0]["image"]["format"], "jpeg",
        "I1: by content, never by name"
    );
    assert_eq!(anna.patient(&patient).await["imageCount"], 2);
    server.finish().await;
}

/// I2, issue 8: a duplicate repeats what was said of the photo when it was stored: that it is incomplete, how many pages its
/// file has. So does a retry.
#[tokio::test(flavor = "multi_thread")]
async fn i2_a_duplicate_repeats_what_was_said_of_the_image() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let files = [
        File::new(
            "cut.jpg",
            include_bytes!("../../crates/media/src/tests/field/jpg_cut12.jpg").to_vec(),
        ),
        File::new(
            "pages.tif",
            include_bytes!("../../crates/media/src/tests/field/tif_thumbfirst.tif").to_vec(),
        ),
    ];
    let remarks = |results: &[Value]| -> Vec<(Value, Value)> {
        let remark = |result: &Value| {
            let image = &result["image"];
            (image["incomplete"].clone(), image["pages"].clone())
        };
        results.iter().map(remark).collect()
    };
    let key = fresh_key();
    let first = results(&anna.send(upload_call(&patient, &key, &files)).await);
    assert_eq!(remarks(&first)[0].0, true);
    let retried = results(&anna.send(upload_call(&patient, &key, &files)).await);
    let again = anna.upload(&patient, &files).await;
    assert!(again.iter().all(|result| result["outcome"] == "duplicate"));
    assert_eq!(remarks(&retried), remarks(&first));
    assert_eq!(remarks(&again), remarks(&first));
    server.finish().await;
}

/// I2, C31, issue 8: a colour profile that would unpack to 300 MB costs nothing, and the photo is shown as browsers show it; a
/// image of nearly 200 megapixels is shown in full; both by a real worker.
#[tokio::test(flavor = "multi_thread")]
async fn i2_what_is_stored_can_be_shown() {
    let (server, anna) = TestServer::set_up_with_darkroom(Workers::new(built_program())).await;
    let patient = anna.create_patient("p-001").await;
    let files = [
        File::new("profile.png", png_of_zeros((300, 200), 300_000_000)),
        File::new("large.png", png_of_zeros((14_000, 14_000), 0)),
        File::new("too large.png", png_of_zeros((14_200, 14_200), 0)),
    ];
    let found = anna.upload(&patient, &files).await;
    let shown: Vec<_> = found.iter().map(outcome).collect();
    let expected = [
        pair("stored", ""),
        pair("stored", ""),
        pair("refused", "too_many_pixels"),
    ];
    assert_eq!(shown, expected, "{found:#?}");
    for result in found.iter().filter(|result| result["outcome"] == "stored") {
        let image = result["image"]["id"].as_str().expect("an id");
        let full = anna
            .get(format!("/api/v1/patients/{patient}/images/{image}/full"))
            .await;
        assert_eq!(full.status, 200, "{}: {full}", result["name"]);
    }
    let advice = found[2]["reason"]["advice"].as_str().unwrap_or_default();
    assert!(advice.contains("200 megapixels"), "{advice}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_one_key_makes_one_image_even_when_both_tries_run_at_once() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let key = fresh_key();
    let call = upload_call(&patient, &key, &[File::new("a.jpg", made(1))]);
    let second = server.sign_in("anna").await;
    let (one, two) = tokio::join!(anna.send(call.clone()), second.send(call.clone()));
    let (one, two) = (results(&one), results(&two));
    assert_eq!(one[0]["image"]["id"], two[0]["image"]["id"]);
    assert_eq!(anna.patient(&patient).await["imageCount"], 1);
    // The same key with other bytes is a mistake that is named, not a second image.
    let other = anna
        .send(upload_call(&patient, &key, &[File::new("b.jpg", made(2))]))
        .await;
    assert_eq!(outcome(&results(&other)[0]), pair("refused", "key_reused"));
    assert_eq!(anna.patient(&patient).await["imageCount"], 1);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_pages_of_the_pool_are_complete() {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-001").await;
    let files: Vec<File> = (1..=7)
        .map(|number| File::new(format!("{number}.jpg"), made(number)))
        .collect();
    let stored: Vec<String> = anna
        .upload(&patient, &files)
        .await
        .iter()
        .map(|one| id_of(&one["image"]))
        .collect();
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = anna
            .get(format!("/api/v1/patients/{patient}/images?limit=3{cursor}"))
            .await
            .expect(200);
        assert_eq!(page["total"], 7);
        found.extend(page["images"].as_array().expect("images").iter().map(id_of));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    found.sort();
    let mut expected = stored.clone();
    expected.sort();
    assert_eq!(found, expected);
    let shown = anna
        .get(format!("/api/v1/patients/{patient}/images/{}", stored[0]))
        .await
        .expect(200);
    assert_eq!(
        (&shown["width"], &shown["height"], &shown["uploadedBy"]),
        (&64.into(), &48.into(), &"anna".into())
    );
    assert_eq!(shown["uploadedByName"], "Anna Weber");
    anna.get(format!("/api/v1/patients/{patient}/images?limit=101"))
        .await
        .refuses("limit");
    server.finish().await;
}
