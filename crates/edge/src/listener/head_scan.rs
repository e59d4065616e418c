//! Finds a request head that gives two lengths for its body, before HTTP is parsed.
//!
//! `Content-Length` together with `Transfer-Encoding` is how one request is smuggled inside another.
//! hyper uses the encoding, hides the length and closes the connection afterwards, which is safe but silent; this
//! detects it, so that it can be refused as RFC 9112 section 6.3 recommends.

/// Heads longer than this are refused by hyper.
const MOST: usize = 128 * 1024;

/// Collects the lines of one request head.
#[derive(Debug, Default)]
pub(super) struct HeadScan {
    line: Vec<u8>,
    seen: usize,
    length: bool,
    encoding: bool,
    phase: Phase,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Blank lines, which are skipped before the request line.
    #[default]
    Before,
    Lines,
    Over,
}

impl HeadScan {
    /// Whether the bytes so far, these included, hold a whole head with both lengths.
    pub(super) fn push(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.phase == Phase::Over {
                return false;
            }
            self.seen = self.seen.saturating_add(1);
            if self.seen > MOST {
                self.phase = Phase::Over;
            } else if *byte == b'\n' {
                if self.end_line() {
                    return true;
                }
            } else if self.line.len() < 32 {
                // Longer than the names we look for, with room for what might be put around them.
                self.line.push(*byte);
            }
        }
        false
    }

    /// Whether the head began.
    pub(super) fn began(&self) -> bool {
        self.seen > 0
    }

    fn end_line(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            if self.phase == Phase::Before {
                return false;
            }
            self.phase = Phase::Over;
            return self.length && self.encoding;
        }
        self.phase = Phase::Lines;
        let name = line
            .split(|byte| *byte == b':')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        self.length |= name.eq_ignore_ascii_case(b"content-length");
        self.encoding |= name.eq_ignore_ascii_case(b"transfer-encoding");
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smuggles(head: &str) -> bool {
        let whole = HeadScan::default().push(head.as_bytes());
        let mut scan = HeadScan::default();
        let by_byte = head.as_bytes().chunks(1).any(|byte| scan.push(byte));
        assert_eq!(whole, by_byte, "{head}");
        whole
    }

    /// C33: in any order, case and line ending.
    #[test]
    fn both_lengths_are_found() {
        for head in [
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\ncontent-length: 4\r\n\r\n",
            "POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Length:4\n\n",
            "\r\n\r\nPOST / HTTP/1.1\r\nTransfer-Encoding:x\r\nContent-Length:4\r\n\r\n",
        ] {
            assert!(smuggles(head), "{head}");
        }
    }

    #[test]
    fn one_length_is_fine_and_bodies_are_not_looked_at() {
        for head in [
            "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        ] {
            assert!(!smuggles(head), "{head}");
        }
    }
}
