//! Entropy-coded data as it lies in the file: where it ends, without its stuffing, and back into its bytes
//! (T.81, B.1.1.5).

/// Markers below the first frame header's have no meaning in a scan.
const FIRST_MEANING: u8 = 0xC0;

/// A marker that ends entropy-coded data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) marker: u8,
    /// Where the bytes behind the marker begin.
    pub(super) behind: usize,
}

impl Stop {
    /// The number of a restart marker, 0 to 7.
    pub(super) fn restart(self) -> Option<u8> {
        (self.marker & 0xF8 == 0xD0).then_some(self.marker & 7)
    }
}

/// Where the data that begins at `at` ends, and the marker that ends it. Fill bytes belong to the marker.
pub(super) fn end(bytes: &[u8], mut at: usize) -> (usize, Option<Stop>) {
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(offset) = rest.iter().position(|byte| *byte == 0xFF) else {
            return (bytes.len().max(at), None);
        };
        let found = rest.get(offset..).unwrap_or_default();
        let fill = found.iter().take_while(|byte| **byte == 0xFF).count();
        at += offset;
        match found.get(fill) {
            None => return (at, None),
            // The stuffed zero follows the last of them; those before it are fill that should not be there.
            Some(0) => at += fill + 1,
            Some(marker) => {
                let behind = at + fill + 1;
                let stop = Stop {
                    marker: *marker,
                    behind,
                };
                return (at, Some(stop));
            }
        }
    }
}

/// The piece of a scan with restart markers that begins at `at`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Where its data ends.
    pub(super) end: usize,
    /// Where the marker behind it begins. Between them lies what decoders pass over: a marker that means nothing, such as
    /// a damaged byte makes of a stuffed one, and all that follows it.
    pub(super) marker_at: usize,
    /// The marker.
    pub(super) stop: Option<Stop>,
}

/// Finds the end of the piece that begins at `at`.
pub(super) fn piece(bytes: &[u8], at: usize) -> Piece {
    let (data_end, mut stop) = end(bytes, at);
    let mut marker_at = data_end;
    while let Some(senseless) = stop.filter(|stop| stop.marker < FIRST_MEANING) {
        (marker_at, stop) = end(bytes, senseless.behind);
    }
    Piece {
        end: data_end,
        marker_at,
        stop,
    }
}

/// The pieces from `at` on: whether each has no data, and the restart marker behind it, which the last has not.
pub(super) fn pieces(bytes: &[u8], at: usize) -> impl Iterator<Item = (bool, Option<Stop>)> {
    let mut next = Some(at);
    std::iter::from_fn(move || {
        let at = next?;
        let piece = piece(bytes, at);
        let restart = piece.stop.filter(|stop| stop.restart().is_some());
        next = restart.map(|stop| stop.behind);
        Some((piece.end == at, restart))
    })
}

/// Where the markers after the data that begins at `at` begin, surplus restart markers passed over.
pub(super) fn end_of_scan(bytes: &[u8], at: usize) -> usize {
    let (mut here, mut stop) = end(bytes, at);
    while let Some(restart) = stop.filter(|stop| stop.restart().is_some()) {
        (here, stop) = end(bytes, restart.behind);
    }
    here
}

/// Replaces what is in `into` by the data without the zeros that are stuffed in behind each `FF`.
pub(super) fn unstuff(raw: &[u8], into: &mut Vec<u8>) {
    into.clear();
    let mut rest = raw;
    while let Some(place) = rest.iter().position(|byte| *byte == 0xFF) {
        let (data, behind) = rest.split_at_checked(place + 1).unwrap_or((rest, &[]));
        into.extend_from_slice(data);
        rest = behind.get(stuffing(behind)..).unwrap_or_default();
    }
    into.extend_from_slice(rest);
}

/// How many bytes with stuffing the first `count` bytes without it take.
pub(super) fn stuffed_length(raw: &[u8], count: usize) -> usize {
    let mut length = 0;
    for _ in 0..count {
        let Some(byte) = raw.get(length) else { break };
        length += 1;
        if *byte == 0xFF {
            length += stuffing(raw.get(length..).unwrap_or_default());
        }
    }
    length
}

/// How many bytes behind an `FF` mean nothing: a zero, and fill that should not be in front of it.
fn stuffing(behind: &[u8]) -> usize {
    match behind {
        [0, ..] => 1,
        [0xFF, ..] => behind.iter().take_while(|byte| **byte == 0xFF).count() + 1,
        _ => 0,
    }
}

/// Writes bits, stuffing as it goes.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    bits: u64,
    held: u32,
}

impl BitWriter {
    /// Appends the lowest `length` bits of `code`; at most 16.
    pub(super) fn put(&mut self, code: u16, length: u32) {
        self.bits = self.bits << length | u64::from(code);
        self.held += length;
        while self.held >= 8 {
            self.held -= 8;
            let [byte, ..] = (self.bits >> self.held).to_le_bytes();
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
        self.bits &= (1 << self.held) - 1;
    }

    /// Appends the first `bits` bits of `data`.
    pub(super) fn copy(&mut self, data: &[u8], mut bits: u64) {
        for byte in data {
            let Some(rest) = bits.checked_sub(8) else {
                let taken = u32::try_from(bits).unwrap_or(0);
                self.put(u16::from(*byte) >> (8 - taken), taken);
                return;
            };
            self.put(u16::from(*byte), 8);
            bits = rest;
        }
    }

    /// Fills the last byte with ones and hands over what was written.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.held > 0 {
            self.put(u16::MAX >> (8 + self.held), 8 - self.held);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_ends_at_a_marker_and_fill_belongs_to_it() {
        let stop = |marker, behind| Some(Stop { marker, behind });
        assert_eq!(end(b"ab\xFF\0c\xFF\xD9", 0), (5, stop(0xD9, 7)));
        assert_eq!(end(b"ab\xFF\xFF\xFF\xD0c", 0), (2, stop(0xD0, 6)));
        assert_eq!(end(b"abc", 1), (3, None));
        assert_eq!(end(b"abc\xFF", 1), (3, None));
        assert_eq!(end(b"abc", 9), (9, None));
        assert_eq!(end_of_scan(b"ab\xFF\xD3\xFF\xD4x\xFF\xD9", 0), 7);
    }

    #[test]
    fn a_piece_goes_up_to_the_next_marker_with_a_meaning() {
        let found = piece(b"ab\xFF\x3Ccd\xFF\x01e\xFF\xD1f\xFF\xD9", 0);
        assert_eq!((found.end, found.marker_at), (2, 9));
        assert_eq!(
            found.stop,
            Some(Stop {
                marker: 0xD1,
                behind: 11
            })
        );
        let found = piece(b"ab\xFF\x3Ccd", 0);
        assert_eq!((found.end, found.marker_at, found.stop), (2, 6, None));
        let all: Vec<_> = pieces(b"ab\xFF\xD0\xFF\xD1c\xFF\x20\xFF\xD2\xFF\xD9", 0)
            .map(|(empty, stop)| (empty, stop.and_then(Stop::restart)))
            .collect();
        assert_eq!(
            all,
            [(false, Some(0)), (true, Some(1)), (false, Some(2)), (true, None)]
        );
    }

    #[test]
    fn bits_survive_stuffing() {
        let raw = b"\x12\xFF\0\xFF\0\x34";
        let mut data = Vec::new();
        unstuff(raw, &mut data);
        assert_eq!(data, b"\x12\xFF\xFF\x34");
        assert_eq!(
            (0..6).map(|n| stuffed_length(raw, n)).collect::<Vec<_>>(),
            [0, 1, 3, 5, 6, 6]
        );
        let mut collapsed = Vec::new();
        unstuff(b"\x12\xFF\xFF\xFF\0\xFF\0\x34", &mut collapsed);
        assert_eq!(collapsed, data);
        assert_eq!(stuffed_length(b"\x12\xFF\xFF\xFF\0\xFF\0\x34", 3), 7);
        let mut writer = BitWriter::default();
        writer.copy(&data, 32);
        assert_eq!(writer.finish(), raw);
        let mut writer = BitWriter::default();
        writer.copy(&data, 27);
        assert_eq!(writer.finish(), b"\x12\xFF\0\xFF\0\x3F");
        let mut writer = BitWriter::default();
        writer.copy(&data, 0);
        assert_eq!(writer.finish(), b"");
    }
}
