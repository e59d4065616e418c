//! Going through a whole stream without decoding it: what is there, what is missing, where it ends. The same way again
//! writes it again.

use super::coded;
use super::huffman::Tables;
use super::intervals::{Intervals, Outcome, masks};
use super::layout::{Layout, Scan};
use super::rewrite::Rewriter;
use super::scan::Reader;
use super::tally::{Missing, Tally};
use crate::completeness::Completeness;
use crate::format::Format;
use crate::header::be16;
use crate::header::jpeg::{next_marker, refuse_coding};
use crate::refusal::{Refusal, Unsupported};

/// More scans than any encoder writes: three planes of 64 coefficients in five steps each.
const MOST_SCANS: usize = 1000;
/// How often every block of an image may be visited on average. A few bytes of data can visit each block once, so the
/// time that a file takes would otherwise have nothing to do with its length.
const MOST_VISITS: u64 = 100;

/// What a stream holds.
#[derive(Debug)]
pub(super) struct Survey {
    tally: Tally,
    /// Where what follows the image begins: behind the end marker or, without one, behind the last whole MCU.
    pub(super) end: usize,
    /// Written as the standard says, so that it needs no rewriting.
    pub(super) regular: bool,
}

impl Survey {
    /// Whether the image has all its data (I2).
    ///
    /// # Errors
    /// [`Refusal::Damaged`] when more than a hundredth is missing at the end, or more than half altogether.
    pub(super) fn completeness(&self) -> Result<Completeness, Refusal> {
        self.tally.verdict()
    }
}

/// Surveys a stream whose frame is `height` lines high.
pub(super) fn survey(bytes: &[u8], height: u16) -> Result<Survey, Refusal> {
    Walk::new(bytes, height, None).go().map(|(survey, _)| survey)
}

/// Writes a surveyed stream again: standard headers and restart markers, what is missing flat.
pub(super) fn rewrite(bytes: &[u8], height: u16) -> Result<Vec<u8>, Refusal> {
    let (_, out) = Walk::new(bytes, height, Some(Rewriter::new(bytes.len()))).go()?;
    out.map(Rewriter::finish).ok_or(Refusal::MALFORMED)
}

#[derive(Debug)]
struct Walk<'a> {
    bytes: &'a [u8],
    height: u16,
    layout: Option<(Layout, Tally)>,
    tables: Tables<'a>,
    restart: u16,
    /// For each plane of a progressive image the coefficients that are set, block by block.
    set: Vec<Vec<u64>>,
    scans: usize,
    visits: u64,
    regular: bool,
    end: usize,
    out: Option<Rewriter>,
}

/// What follows a segment.
enum Next {
    /// Another one, here.
    At(usize),
    /// Nothing that belongs to the image.
    End,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8], height: u16, out: Option<Rewriter>) -> Self {
        Self {
            bytes,
            height,
            layout: None,
            tables: Tables::default(),
            restart: 0,
            set: Vec::new(),
            scans: 0,
            visits: 0,
            regular: true,
            end: 2,
            out,
        }
    }

    fn go(mut self) -> Result<(Survey, Option<Rewriter>), Refusal> {
        let mut at = 2;
        while let Some((marker, body_at)) = next_marker(self.bytes, at) {
            match self.step(marker, body_at)? {
                Next::At(next) => at = next,
                Next::End => break,
            }
        }
        let (_, tally) = self.layout.ok_or(Refusal::MALFORMED)?;
        if self.scans == 0 {
            return Err(Refusal::TRUNCATED);
        }
        let survey = Survey {
            regular: self.regular && tally.ended,
            tally,
            end: self.end,
        };
        Ok((survey, self.out))
    }

    fn step(&mut self, marker: u8, body_at: usize) -> Result<Next, Refusal> {
        match marker {
            0xD9 if self.scans > 0 => {
                self.end = body_at;
                if let Some((_, tally)) = &mut self.layout {
                    tally.ended = true;
                }
                return Ok(Next::End);
            }
            // Another image begins, or nothing that belongs to this one.
            0xD8 | 0xD9 | 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC8..=0xCB | 0xCD..=0xCF if self.scans > 0 => {
                return Ok(Next::End);
            }
            0xD9 => return Err(Refusal::MALFORMED),
            0x01 | 0xD0..=0xD8 => {
                self.regular = false;
                return Ok(Next::At(body_at));
            }
            _ => {}
        }
        let length = be16(self.bytes, body_at).map(usize::from);
        let body = length.and_then(|length| self.bytes.get(body_at + 2..body_at + length));
        let (Some(length), Some(body)) = (length, body) else {
            return self.broken();
        };
        let behind = body_at + length;
        match marker {
            0xC0..=0xC2 => {
                if self.layout.is_some() {
                    return Err(Refusal::MALFORMED);
                }
                self.frame(marker, body)?;
            }
            0xC4 if self.tables.define(body).is_none() => return self.broken(),
            0xC4 => {}
            0xDD => match be16(body, 0) {
                Some(interval) => self.restart = interval,
                None => return self.broken(),
            },
            0xDA => return self.scan(body, behind),
            0xDB | 0xE0..=0xEF | 0xFE => {
                if let Some(out) = &mut self.out {
                    out.copy(marker, body);
                }
            }
            0xDC => self.regular = false,
            _ => {
                refuse_coding(marker)?;
                if self.scans > 0 {
                    return Ok(Next::End);
                }
                self.regular = false;
            }
        }
        Ok(Next::At(behind))
    }

    /// Not a valid segment: behind a scan it is where the data ends.
    fn broken(&self) -> Result<Next, Refusal> {
        if self.scans > 0 {
            Ok(Next::End)
        } else {
            Err(Refusal::MALFORMED)
        }
    }

    fn frame(&mut self, marker: u8, body: &[u8]) -> Result<(), Refusal> {
        self.regular &= be16(body, 1) == Some(self.height);
        let layout = Layout::read(marker, body, self.height)?;
        if layout.progressive {
            let plane = |blocks| vec![0; masks(blocks)];
            self.set = layout
                .components
                .iter()
                .map(|component| plane(component.blocks))
                .collect();
        }
        if let Some(out) = &mut self.out {
            out.frame(&layout);
        }
        let tally = Tally::new(&layout);
        self.layout = Some((layout, tally));
        Ok(())
    }

    fn scan(&mut self, header: &[u8], data_at: usize) -> Result<Next, Refusal> {
        let Some((layout, tally)) = &mut self.layout else {
            return Err(Refusal::MALFORMED);
        };
        let Some(scan) = Scan::read(header, layout) else {
            return self.broken();
        };
        let Some(reader) = Reader::new(&scan, layout, &self.tables, self.out.is_some()) else {
            return self.broken();
        };
        if !decodable(layout, &scan) {
            return Err(Refusal::Unsupported(Unsupported::Variation(Format::Jpeg)));
        }
        self.regular &= !scan.odd && !reader.used_standard_tables;
        self.scans += 1;
        let total = layout.mcus(&scan);
        let in_mcu: u32 = scan
            .parts
            .iter()
            .map(|part| layout.blocks_in_mcu(&scan, part))
            .sum();
        self.visits += total * u64::from(in_mcu);
        if self.scans > MOST_SCANS || self.visits / MOST_VISITS > layout.blocks() {
            return Err(Refusal::STOPPED);
        }
        if let Some(out) = &mut self.out {
            reader.write_tables(out);
            out.scan(layout, &scan, self.restart);
        }
        let plane = match scan.parts.as_slice() {
            [part] if layout.progressive && scan.needs_ac() => self.set.get_mut(part.component),
            _ => None,
        };
        let outcome = Intervals {
            bytes: self.bytes,
            reader: &reader,
            total,
            restart: self.restart,
            set: plane.map_or(&mut [], Vec::as_mut_slice),
            out: self.out.as_mut(),
            done: 0,
            count: 0,
            astray: 0,
            outcome: Outcome::default(),
        }
        .go_through(data_at);
        if outcome.unwritable {
            return Err(Refusal::MALFORMED);
        }
        let missing = Missing {
            mcus: outcome.missing,
            tail: outcome.tail,
            of: total,
        };
        tally.note(&scan, missing);
        tally.restart_fault |= outcome.restart_fault;
        self.regular &= outcome.missing == 0 && !outcome.restart_fault;
        self.end = outcome.used;
        if !layout.progressive && tally.has_every_plane() {
            return Ok(self.end_of_sequential(outcome.next));
        }
        Ok(Next::At(outcome.next))
    }

    /// Behind the last scan of a sequential image only its end marker is looked for, and the segment that may say how
    /// high it is: anything else belongs to what follows.
    fn end_of_sequential(&mut self, at: usize) -> Next {
        let (_, stop) = coded::end(self.bytes, at);
        match stop {
            Some(stop) if stop.marker == 0xD9 => Next::At(at),
            Some(stop) if stop.marker == 0xDC => {
                self.regular = false;
                let behind = stop.behind + 4;
                match coded::end(self.bytes, behind) {
                    (here, Some(stop)) if here == behind && stop.marker == 0xD9 => Next::At(behind),
                    _ => Next::End,
                }
            }
            _ => Next::End,
        }
    }
}

/// The decoder counts the blocks of a lone plane as the standard does.
fn decodable(layout: &Layout, scan: &Scan) -> bool {
    match scan.parts.as_slice() {
        [part] => layout
            .components
            .get(part.component)
            .is_some_and(|component| component.decodable_alone),
        _ => true,
    }
}
