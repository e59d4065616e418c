//! A disk that is full, and one that fails (point 5).

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use cutis_tests::client::{BOUNDARY, Call, File, Place, form, fresh_key, upload_call};
use cutis_tests::images::made;
use cutis_tests::server::PASSWORD;
use http_body_util::BodyExt as _;
use serde_json::json;

use crate::Field;
use crate::practice::{self, sign_in, with_cookie};
use crate::process::{self, How, Serving, Verdict};
use crate::report::Tally;
use crate::wire;

/// A small file system of its own; unmounted when dropped.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    /// `None` where the host doesn't let us mount.
    fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::TempDir::with_prefix("cutis-attack-").expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m"), "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(Self { folder })
    }

    fn fill(&self) -> PathBuf {
        use std::io::Write as _;
        let path = self.folder.path().join("filler");
        let mut file = std::fs::File::create(&path).expect("a file");
        for size in [1 << 20, 1 << 16, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _gone = Command::new("umount")
            .arg("-l")
            .arg(self.folder.path())
            .status()
            .is_ok();
    }
}

/// Point 5: on a full disk uploads are refused, and views, signing in and signing out go on.
pub async fn full(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("disk-full");
    // The reserve takes 96 MiB, and as much again is kept free of changes.
    let Some(small) = Small::mount(320) else {
        limited(&field, &mut tally).await;
        return tally;
    };
    tally.figure("on a file system of 320 MiB");
    let data = small.folder.path().join("data");
    practice::copy_aged(&field.kept.data(), &data);
    // The log must not be what finds no room.
    let server = process::serve(&data).expect("starts");
    let filler = small.fill();
    work_without_room(&field, &server, &mut tally, "filled while it ran").await;
    server.stop();
    match process::serve(&data) {
        Ok(server) => {
            tally.tried(true, String::new);
            work_without_room(&field, &server, &mut tally, "started on a full disk").await;
            std::fs::remove_file(&filler).expect("room is made");
            let anna = again(&server).await;
            let call = upload_call(
                &field.kept.patients[2],
                &fresh_key(),
                &[File::new("a.jpg", made(41))],
            );
            let mut status = 0;
            for _ in 0..20 {
                status = anna.send(call.clone()).await.status;
                if status == 200 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
            tally.tried(status == 200, || {
                format!("an upload after room was made: {status}")
            });
            server.stop();
        }
        Err(refused) => tally.tried(false, || {
            format!("no start on a full disk: {}", refused.said.trim())
        }),
    }
    let _room = std::fs::remove_file(&filler).is_ok();
    let verdict = process::verify(&data, &[]);
    tally.tried(matches!(verdict, Verdict::Intact), || {
        format!("afterwards: {verdict:?}")
    });
    tally
}

async fn again(server: &Serving) -> cutis_tests::SignedIn {
    let answer = sign_in(&server.place, "anna", PASSWORD).await;
    let cookie = answer
        .header("set-cookie")
        .split(['=', ';'])
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    with_cookie(&server.place, &cookie)
}

/// An upload of 1.9 MB, which may be refused before it was sent: in HTTP/2 as browsers do, or in HTTP/1.1 by somebody who listens
/// while sending.
async fn upload(
    place: &Place,
    patient: &str,
    who: &cutis_tests::SignedIn,
    file: &File,
    http2: bool,
) -> (u16, String) {
    let path = format!("/api/v1/patients/{patient}/images");
    let body = form(std::slice::from_ref(file));
    let (cookie, kind) = (who.cookie(), format!("multipart/form-data; boundary={BOUNDARY}"));
    if !http2 {
        let further = format!(
            "idempotency-key: {}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n",
            fresh_key(),
            body.len()
        );
        let first = wire::head(place, "POST", &path, cookie.as_deref(), &further);
        let heard = wire::converse(place, first, std::iter::once(body))
            .await
            .unwrap_or_default();
        return (heard.status, heard.text);
    }
    let answer = async {
        let mut sender = wire::http2(place, 65_535).await.ok()?;
        let mut asked = wire::request(place, "POST", &path, cookie.as_deref(), wire::whole(body));
        let headers = asked.headers_mut();
        headers.insert("content-type", kind.parse().ok()?);
        headers.insert("idempotency-key", fresh_key().parse().ok()?);
        let answer = sender.send_request(asked).await.ok()?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.ok()?.to_bytes();
        Some((status, String::from_utf8_lossy(&body).into_owned()))
    };
    answer.await.unwrap_or_else(|| (0, "no answer".to_owned()))
}

/// What must go on, and what must be refused as it should.
async fn work_without_room(field: &Field, server: &Serving, tally: &mut Tally, when: &str) {
    let anna = again(server).await;
    let (patient, image, _) = &field.kept.images[0];
    let path = format!("/api/v1/patients/{patient}");
    for number in 0..6 {
        let file = File::new("a.jpg", crate::memory::noise(20 + number, 900, 700));
        let (status, text) = upload(&server.place, patient, &anna, &file, number % 2 == 0).await;
        let stored = status == 200 && text.contains("\"stored\"");
        let right = stored || status == 507 || text.contains("storage_full");
        tally.tried(right, || format!("{when}: an upload ({number}): {status} {text}"));
    }
    for view in [
        path.clone(),
        "/api/v1/patients".to_owned(),
        format!("{path}/images"),
        format!("{path}/images/{image}/screen"),
        format!("{path}/images/{image}/original?purpose=clinical_record"),
        "/api/v1/session".to_owned(),
    ] {
        let answer = anna.get(&view).await;
        tally.tried(answer.status == 200, || format!("{when}: GET {view}: {answer}"));
    }
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let answer = sign_in(&server.place, "anna", PASSWORD).await;
        tally.tried(answer.status == 201, || format!("{when}: signing in: {answer}"));
        sessions.push(
            answer
                .header("set-cookie")
                .split(['=', ';'])
                .nth(1)
                .unwrap_or_default()
                .to_owned(),
        );
    }
    let wrong = sign_in(&server.place, "anna", "Wrong-password-1").await;
    tally.tried(wrong.status == 401, || {
        format!("{when}: a wrong password: {wrong}")
    });
    for cookie in sessions.iter().filter(|cookie| !cookie.is_empty()) {
        let one = with_cookie(&server.place, cookie);
        let out = one.delete("/api/v1/session").await;
        let after = with_cookie(&server.place, cookie).get("/api/v1/session").await;
        tally.tried(out.status < 300 && after.status == 401, || {
            format!(
                "{when}: signing out: {}, and the session then: {}",
                out.status, after.status
            )
        });
    }
    let change = anna
        .post(format!("{path}/entries"), &json!({ "notes": "visit" }))
        .await;
    let right = change.status == 201 || change.to_string().contains("storage_full");
    tally.tried(right, || format!("{when}: a visit: {change}"));
}

/// Without the right to mount: files may not grow beyond what they are.
async fn limited(field: &Field, tally: &mut Tally) {
    tally
        .figure("NOT on a file system of its own (mounting is not allowed): by a limit of the size of files");
    let scratch = field.kept.copy();
    let blocks = std::fs::metadata(scratch.data.join("cutis.db")).map_or(400, |meta| meta.len() / 512);
    let how = How {
        wrap: vec![
            "sh".to_owned(),
            "-c".to_owned(),
            format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""),
        ],
        ..How::default()
    };
    match process::serve_as(&scratch.data, &how) {
        Ok(server) => {
            work_without_room(field, &server, tally, "files may not grow").await;
            server.stop();
        }
        Err(refused) => tally.tried(false, || {
            format!("no start where files may not grow: {}", refused.said.trim())
        }),
    }
    let verdict = process::verify(&scratch.data, &[]);
    tally.tried(matches!(verdict, Verdict::Intact), || {
        format!("afterwards: {verdict:?}")
    });
}

/// Reads, writes and syncs that fail, one kind after the other, by strace.
pub async fn faults(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("disk-faults");
    if !field.settings.disk_faults {
        tally.figure("NOT TRIED: set CUTIS_ATTACK_IO=1 (needs strace)");
        return tally;
    }
    for inject in [
        "fdatasync:error=EIO:when=30+",
        "fsync:error=EIO:when=12+",
        "pwrite64:error=EIO:when=200+",
        "pwrite64:error=ENOSPC:when=150..160",
        "fdatasync:error=EIO:when=25",
        "renameat2,rename,linkat,link:error=EIO:when=4+",
        "ftruncate:error=EIO:when=1+",
    ] {
        let scratch = field.kept.copy();
        let trace = format!("inject={inject}");
        let quiet = format!("trace={}", inject.split(':').next().unwrap_or_default());
        let how = How {
            wrap: [
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &quiet,
                "-e",
                &trace,
            ]
            .map(str::to_owned)
            .to_vec(),
            ..How::default()
        };
        let mut acknowledged = Vec::new();
        if let Ok(server) = process::serve_as(&scratch.data, &how) {
            let anna = field.kept.anna(&server);
            for number in 0..40_u64 {
                let name = format!("io-{number}");
                let call = Call::new("POST", "/api/v1/patients").json(&json!({ "uniqueId": name }));
                match anna.try_send(call).await {
                    Ok(answer) if answer.status == 201 => {
                        acknowledged.push(answer.json()["id"].as_str().unwrap_or_default().to_owned());
                    }
                    Ok(_) => {}
                    Err(_) => break,
                }
                let call = upload_call(
                    &field.kept.patients[1],
                    &fresh_key(),
                    &[File::new("a.jpg", made(800 + number))],
                );
                if anna.try_send(call).await.is_err() {
                    break;
                }
            }
            server.stop();
        }
        let mut gone = Vec::new();
        match process::serve(&scratch.data) {
            Ok(server) => {
                let anna = field.kept.anna(&server);
                for patient in &acknowledged {
                    if anna.get(format!("/api/v1/patients/{patient}")).await.status != 200 {
                        gone.push(patient.clone());
                    }
                }
                server.stop();
            }
            Err(refused) => gone.push(format!("no start: {}", refused.said.trim())),
        }
        let verdict = process::verify(&scratch.data, &[]);
        tally.tried(gone.is_empty() && matches!(verdict, Verdict::Intact), || {
            format!(
                "{inject}: {} acknowledged, gone {gone:?}, {verdict:?}",
                acknowledged.len()
            )
        });
        tally.figure(format!("{inject}: {} acknowledged", acknowledged.len()));
    }
    tally
}
