//! Finding out while decoding that data is missing, for ordinary files: one baseline scan, nothing odd.
//!
//! A decoder that runs out of data reads zeros and tells nobody. In a copy of the stream, 48 ones stand in front of every
//! marker that ends data. All ones are never a code, and what a code can reach is at most 31 bits, so that a decoder which
//! gets there fails, while one that has read its last MCU never looks.

use super::coded;
use super::huffman::Tables;
use super::layout::{Layout, Scan};
use crate::header::be16;
use crate::header::jpeg::next_marker;

/// More would hide the marker from the decoder, which looks eight bytes ahead.
const ONES: [u8; 12] = [0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0];

/// A stream with its tripwires.
#[derive(Debug)]
pub(super) struct Armed {
    pub(super) stream: Vec<u8>,
    /// Behind the end marker of the original.
    pub(super) end: usize,
}

/// `None` for everything that is not ordinary.
pub(super) fn arm(bytes: &[u8]) -> Option<Armed> {
    let (scan_at, intervals) = ordinary_header(bytes)?;
    let mut stream = Vec::with_capacity(bytes.len() + 64);
    let (mut at, mut copied) = (scan_at, 0);
    let mut number = 0;
    loop {
        let (end, stop) = coded::end(bytes, at);
        let stop = stop?;
        stream.extend_from_slice(bytes.get(copied..end)?);
        stream.extend_from_slice(&ONES);
        stream.extend_from_slice(&[0xFF, stop.marker]);
        (at, copied) = (stop.behind, stop.behind);
        number += 1;
        if number == intervals {
            let end = (stop.marker == 0xD9).then_some(stop.behind)?;
            return Some(Armed { stream, end });
        }
        if stop.restart().map(u64::from) != Some((number - 1) & 7) {
            return None;
        }
    }
}

/// Where the data begins, and how many intervals it should have.
fn ordinary_header(bytes: &[u8]) -> Option<(usize, u64)> {
    let mut tables = Tables::default();
    let mut layout: Option<Layout> = None;
    let mut restart = 0;
    let mut at = 2;
    loop {
        let (marker, body_at) = next_marker(bytes, at)?;
        let behind = body_at + usize::from(be16(bytes, body_at)?);
        let body = bytes.get(body_at + 2..behind)?;
        at = behind;
        match marker {
            0xC0 | 0xC1 if layout.is_none() => {
                layout = Some(Layout::read(marker, body, be16(body, 1)?).ok()?);
            }
            0xC4 => tables.define(body)?,
            0xDD => restart = u64::from(be16(body, 0)?),
            0xDB | 0xE0..=0xEF | 0xFE => {}
            0xDA => {
                let layout = layout?;
                let scan = Scan::read(body, &layout)?;
                let there = scan
                    .parts
                    .iter()
                    .all(|part| tables.dc(part.dc).is_some() && tables.ac(part.ac).is_some());
                let ordinary = !scan.odd
                    && scan.parts.len() == layout.components.len()
                    && there
                    && tables.all().all(|table| !table.uses_all_ones());
                let total = layout.mcus(&scan);
                let intervals = if restart == 0 { 1 } else { total.div_ceil(restart) };
                return ordinary.then_some((behind, intervals));
            }
            _ => return None,
        }
    }
}
