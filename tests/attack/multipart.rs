//! Forms that cost more than they weigh, or never end as they should (point 8).

use std::sync::Arc;

use bytes::Bytes;
use cutis_tests::client::{BOUNDARY, File, form, fresh_key};
use cutis_tests::images::made;

use crate::Field;
use crate::process::{self, Serving};
use crate::report::Tally;
use crate::wire::{Heard, converse, head};

const MIB: usize = 1024 * 1024;

/// Pieces of this text, again and again, about this many bytes of it.
fn again(text: &'static str, bytes: usize) -> impl Iterator<Item = Bytes> {
    let piece = Bytes::from(text.repeat(65_536 / text.len() + 1));
    let times = bytes / piece.len() + 1;
    std::iter::repeat_n(piece, times)
}

fn one(text: impl Into<Bytes>) -> impl Iterator<Item = Bytes> {
    std::iter::once(text.into())
}

type Pieces = Box<dyn Iterator<Item = Bytes> + Send>;

/// Each form, what it is, and whether it must be refused before all of it was sent.
fn forms() -> Vec<(&'static str, Pieces, bool)> {
    let begin =
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n");
    let end = format!("\r\n\r\nx\r\n--{BOUNDARY}--\r\n");
    let part = format!("{begin}\r\nx\r\n");
    vec![
        (
            "52 MiB of one header",
            Box::new(
                one(begin.clone() + "x-long: ")
                    .chain(again("y", 52 * MIB))
                    .chain(one(end.clone())),
            ),
            true,
        ),
        (
            "24 MiB of many headers",
            Box::new(
                one(begin.clone())
                    .chain(again("x: y\r\n", 24 * MIB))
                    .chain(one(end.clone())),
            ),
            true,
        ),
        (
            "24 MiB before the first part",
            Box::new(
                again("z\r\n", 24 * MIB)
                    .chain(one(part.clone()))
                    .chain(one(end.clone())),
            ),
            true,
        ),
        (
            "24 MiB of almost boundaries before the first part",
            Box::new(again("\r\n--cutis-test-boundary-7f3a9d", 24 * MIB).chain(one(end.clone()))),
            true,
        ),
        (
            "24 MiB without any boundary",
            Box::new(again("z", 24 * MIB)),
            true,
        ),
        (
            "24 MiB of a file's name",
            Box::new(
                one(format!(
                    "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\""
                ))
                .chain(again("n", 24 * MIB))
                .chain(one("\"\r\n".to_owned() + &end)),
            ),
            true,
        ),
        (
            "5,000 parts",
            Box::new(
                std::iter::repeat_n(Bytes::from(part.clone()), 5000)
                    .chain(one(format!("--{BOUNDARY}--\r\n"))),
            ),
            false,
        ),
        (
            "a part that never ends",
            Box::new(one(begin.clone() + "\r\nx")),
            false,
        ),
        ("a header that never ends", Box::new(one(begin.clone())), false),
        (
            "no name",
            Box::new(one(format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--\r\n"
            ))),
            false,
        ),
        (
            "an empty file name and a broken end",
            Box::new(one(format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"\"\r\ncontent-type: application/octet-stream\r\n\r\n\r\n--{BOUNDARY}"
            ))),
            false,
        ),
    ]
}

async fn send(server: &Serving, field: &Field, pieces: Pieces, length: Option<usize>) -> Heard {
    let place = server.place.coming_from([127, 0, 0, 66]);
    let path = format!("/api/v1/patients/{}/images", field.kept.patients[0]);
    let framing = length.map_or_else(
        || "transfer-encoding: chunked\r\n".to_owned(),
        |length| format!("content-length: {length}\r\n"),
    );
    let further = format!(
        "idempotency-key: {}\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\n{framing}",
        fresh_key()
    );
    let first = head(&place, "POST", &path, Some(&field.kept.cookie), &further);
    let heard = if length.is_some() {
        converse(&place, first, pieces).await
    } else {
        let chunked = pieces.map(|piece| {
            let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
            chunk.extend_from_slice(&piece);
            chunk.extend_from_slice(b"\r\n");
            Bytes::from(chunk)
        });
        converse(&place, first, chunked.chain(one("0\r\n\r\n"))).await
    };
    heard.unwrap_or_default()
}

/// Open files of the server.
fn open_files(server: &Serving) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.id())).map_or(0, Iterator::count)
}

/// Point 8, and what such forms did to others: memory, processor time and files that stay open.
pub async fn bombs(field: Arc<Field>) -> Tally {
    let mut tally = Tally::new("multipart");
    let scratch = field.kept.copy();
    let server = process::serve(&scratch.data).expect("starts");
    let (mut most_memory, mut most_time) = (0, 0);
    for (name, pieces, early) in forms() {
        let before = server.processor_millis();
        let heard = send(&server, &field, pieces, None).await;
        let spent = server.processor_millis() - before;
        (most_memory, most_time) = (most_memory.max(server.resident_mib()), most_time.max(spent));
        // What fits into the sockets' own buffers can't be held back.
        let bounded = !early || heard.written < 16 * MIB;
        let refused = (400..500).contains(&heard.status)
            || (heard.status == 0 && heard.closed)
            || heard.status == 200 && !early;
        tally.tried(bounded && refused && spent < 4000, || {
            format!(
                "{name}: {} after {} KiB, {spent} ms of processor time",
                heard.status,
                heard.written / 1024
            )
        });
    }
    // Uploads that break off leave no open file and nothing lying around.
    let (files, lying) = (open_files(&server), crate::practice::files(&scratch.data).len());
    for number in 0..40_u64 {
        let body = form(&[File::new("a.jpg", made(number))]);
        let half = body.slice(..body.len() / 2);
        let place = server.place.clone();
        let path = format!("/api/v1/patients/{}/images", field.kept.patients[0]);
        let further = format!(
            "idempotency-key: {}\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: {}\r\n",
            fresh_key(),
            body.len()
        );
        let first = head(&place, "POST", &path, Some(&field.kept.cookie), &further);
        if let Ok(mut open) = place.open("http/1.1").await {
            use tokio::io::AsyncWriteExt as _;
            let _sent = open.write_all(first.as_bytes()).await.is_ok() && open.write_all(&half).await.is_ok();
            let _flushed = open.flush().await.is_ok();
        }
    }
    let mut left = (0, 0);
    for _ in 0..100 {
        left = (open_files(&server), crate::practice::files(&scratch.data).len());
        if left.0 <= files + 4 && left.1 <= lying + 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    tally.tried(left.0 <= files + 4 && left.1 <= lying + 2, || {
        format!(
            "40 uploads broken off: open files {files} -> {}, files in the folder {lying} -> {}",
            left.0, left.1
        )
    });
    tally.figure(format!(
        "{most_time} ms of processor time at most, {most_memory} MiB resident at most"
    ));
    tally
}
