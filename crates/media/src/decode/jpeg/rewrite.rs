//! Writing a stream that says the same as a faulty one, in the standard's words.

use super::huffman::Table;
use super::layout::{Layout, Scan};

/// A JPEG stream that comes into being.
#[derive(Debug)]
pub(super) struct Rewriter {
    stream: Vec<u8>,
}

impl Rewriter {
    /// Begins a stream that will hardly be longer than `bytes`.
    pub(super) fn new(bytes: usize) -> Self {
        let mut stream = Vec::with_capacity(bytes + 1024);
        stream.extend_from_slice(&[0xFF, 0xD8]);
        Self { stream }
    }

    /// Writes a segment; longer bodies than a segment can have are left out.
    fn segment(&mut self, marker: u8, body: impl Iterator<Item = u8>) {
        let at = self.stream.len();
        self.stream.extend_from_slice(&[0xFF, marker, 0, 0]);
        self.stream.extend(body);
        let length = u16::try_from(self.stream.len() - at - 2).ok();
        let place = self.stream.get_mut(at + 2..at + 4);
        if let (Some(length), Some(place)) = (length, place) {
            place.copy_from_slice(&length.to_be_bytes());
        } else {
            self.stream.truncate(at);
        }
    }

    /// Copies a segment in front of a scan if it bears on how the image looks: quantization, the profile, what JFIF and
    /// Adobe say of the colours.
    pub(super) fn copy(&mut self, marker: u8, body: &[u8]) {
        let wanted = match marker {
            0xDB => true,
            0xE0 => body.starts_with(b"JFIF\0"),
            0xE2 => body.starts_with(b"ICC_PROFILE\0"),
            0xEE => matches!(body, [b'A', b'd', b'o', b'b', b'e', 0, _, _, _, _, _, 0..=2, ..]),
            _ => false,
        };
        if wanted {
            self.segment(marker, body.iter().copied());
        }
    }

    /// Writes the frame header. Sequential frames become extended ones, which may use four tables.
    pub(super) fn frame(&mut self, layout: &Layout) {
        let marker = if layout.progressive { 0xC2 } else { 0xC1 };
        let many = u8::try_from(layout.components.len()).unwrap_or(0);
        let [[high, low], [wide_high, wide_low]] = [layout.height.to_be_bytes(), layout.width.to_be_bytes()];
        let components = layout.components.iter().flat_map(|component| {
            [
                component.id,
                component.across << 4 | component.down,
                component.quantization,
            ]
        });
        self.segment(
            marker,
            [8, high, low, wide_high, wide_low, many]
                .into_iter()
                .chain(components),
        );
    }

    /// Writes a table: class 0 for DC, 1 for AC.
    pub(super) fn table(&mut self, class: u8, place: u8, table: &Table) {
        self.segment(0xC4, std::iter::once(class << 4 | place).chain(table.written()));
    }

    /// Writes the restart interval and the scan header.
    pub(super) fn scan(&mut self, layout: &Layout, scan: &Scan, restart: u16) {
        self.segment(0xDD, restart.to_be_bytes().into_iter());
        let many = u8::try_from(scan.parts.len()).unwrap_or(0);
        let parts = scan.parts.iter().flat_map(|part| {
            let id = layout
                .components
                .get(part.component)
                .map_or(0, |component| component.id);
            [id, part.dc << 4 | part.ac]
        });
        let band = [scan.first, scan.last, scan.high << 4 | scan.low];
        self.segment(0xDA, std::iter::once(many).chain(parts).chain(band));
    }

    /// Writes an interval's data, with its stuffing.
    pub(super) fn data(&mut self, data: &[u8]) {
        self.stream.extend_from_slice(data);
    }

    /// Writes the restart marker behind the interval with this number, counted from zero.
    pub(super) fn restart(&mut self, interval: u64) {
        let [number, ..] = (interval & 7).to_le_bytes();
        self.stream.extend_from_slice(&[0xFF, 0xD0 | number]);
    }

    /// Closes the stream.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.stream.extend_from_slice(&[0xFF, 0xD9]);
        self.stream
    }
}
