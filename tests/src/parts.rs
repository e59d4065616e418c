//! A file that is sent in parts.

use std::ops::Range;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::client::{Call, File, Place};
use crate::database::sha256;

/// A file and the place that it is sent to.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where.
    pub path: String,
    /// What.
    pub file: File,
}

impl Parts {
    /// File `index` of an upload.
    pub fn new(patient: &str, key: &str, index: usize, file: File) -> Self {
        Self {
            path: format!("/api/v1/patients/{patient}/uploads/{key}/{index}"),
            file,
        }
    }

    /// How many bytes it has.
    pub fn length(&self) -> usize {
        self.file.bytes.len()
    }

    /// What is said of it before it is sent.
    pub fn declaration(&self) -> Value {
        json!({ "name": self.file.name, "bytes": self.length(), "sha256": sha256(&self.file.bytes) })
    }

    /// Declares it, or asks how far it is.
    pub fn declare(&self) -> Call {
        Call::new("PUT", self.path.clone()).json(&self.declaration())
    }

    /// Sends a part of it.
    pub fn part(&self, range: Range<usize>) -> Call {
        self.bytes_at(range.start, self.file.bytes.slice(range).to_vec())
    }

    /// Sends any bytes as the part from `offset` on.
    pub fn bytes_at(&self, offset: usize, bytes: Vec<u8>) -> Call {
        Call::new("PATCH", format!("{}/content", self.path))
            .header("upload-offset", offset.to_string())
            .body("application/octet-stream", bytes)
    }

    /// Asks how it stands, by its key alone.
    pub fn ask(&self) -> Call {
        Call::new("GET", self.path.clone())
    }

    /// Discards what arrived.
    pub fn discard(&self) -> Call {
        Call::new("DELETE", self.path.clone())
    }

    /// Begins to send a part and stops after some of its bytes. Dropping the stream loses the connection.
    pub async fn begin_part(
        &self,
        place: &Place,
        cookie: &str,
        range: Range<usize>,
        sent: usize,
    ) -> TlsStream<TcpStream> {
        let mut stream = place.open("http/1.1").await.expect("a connection");
        let head = format!(
            "PATCH {}/content HTTP/1.1\r\nhost: {}\r\ncookie: __Host-cutis={cookie}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/octet-stream\r\nupload-offset: {}\r\ncontent-length: {}\r\n\r\n",
            self.path,
            place.host(),
            range.start,
            range.len(),
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        let bytes = self.file.bytes.slice(range.start..range.start + sent);
        stream.write_all(&bytes).await.expect("sent");
        stream.flush().await.expect("sent");
        stream
    }
}
