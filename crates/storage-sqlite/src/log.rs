//! Whether a write-ahead log has any content. SQLite treats a log as empty, however long it is, if its frames do not
//! belong to its header or its header is invalid. This happens after a crash at the moment when the log was started, or
//! restarted over frames that had long been moved to the database. Format: "WAL-mode File Format",
//! <https://sqlite.org/walformat.html>.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Result};

/// Bytes of the log's header.
const HEADER: usize = 32;
/// Bytes of a frame's header.
const FRAME: usize = 24;
/// The one version of the format.
const VERSION: u32 = 3_007_000;
/// The first four bytes of a log whose checksums are over words of little-endian; one more for big-endian.
const MAGIC: u32 = 0x377f_0682;

/// Whether there is at least one committed transaction in the log.
///
/// # Errors
/// When the log cannot be read.
pub(crate) fn holds_a_commit(log: File) -> Result<bool> {
    let mut log = BufReader::with_capacity(1 << 16, log);
    let mut header = [0; HEADER];
    if !fill(&mut log, &mut header)? {
        return Ok(false);
    }
    let word = |at: usize| word(&header, at);
    let (magic, page, big) = (word(0), word(8), word(0) & 1 == 1);
    let salts = (word(16), word(20));
    let sound = magic & !1 == MAGIC && word(4) == VERSION && page.is_power_of_two() && page <= 1 << 16;
    let mut sum = Sum { big, so_far: (0, 0) };
    sum.add(header.get(..24).unwrap_or_default());
    if !sound || page < 512 || sum.so_far != (word(24), word(28)) {
        return Ok(false);
    }
    let mut frame = vec![0; FRAME + usize::try_from(page).unwrap_or_default()];
    while fill(&mut log, &mut frame)? {
        let word = |at: usize| self::word(&frame, at);
        sum.add(frame.get(..8).unwrap_or_default());
        sum.add(frame.get(FRAME..).unwrap_or_default());
        if word(0) == 0 || (word(8), word(12)) != salts || sum.so_far != (word(16), word(20)) {
            return Ok(false);
        }
        // The size of the database after a commit; zero in the frames before.
        if word(4) != 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Fills it; `false` when there is less.
fn fill(from: &mut impl Read, bytes: &mut [u8]) -> Result<bool> {
    match from.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    word.map_or(0, |word| u32::from_be_bytes(*word))
}

/// The checksum that runs on from frame to frame.
struct Sum {
    big: bool,
    so_far: (u32, u32),
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let (mut one, mut two) = self.so_far;
        let read = |word: [u8; 4]| {
            if self.big {
                u32::from_be_bytes(word)
            } else {
                u32::from_le_bytes(word)
            }
        };
        for pair in bytes.chunks_exact(8) {
            let (first, second) = pair.split_at(4);
            let first = first.first_chunk::<4>().map_or(0, |word| read(*word));
            let second = second.first_chunk::<4>().map_or(0, |word| read(*word));
            one = one.wrapping_add(first).wrapping_add(two);
            two = two.wrapping_add(second).wrapping_add(one);
        }
        self.so_far = (one, two);
    }
}
