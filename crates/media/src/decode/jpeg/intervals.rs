//! The intervals of a scan and the restart markers between them (T.81, B.2.1 and E.2.4).
//!
//! A scan without faults has a marker behind every interval but the last, numbered from 0 to 7 and round again. Of others
//! as much is used as mainstream decoders use, and more where the markers that follow tell where the data belongs; what is
//! left out is missing.

use super::coded::{self, Piece, Stop};
use super::progressive::Progress;
use super::rewrite::Rewriter;
use super::scan::Reader;
use crate::num::index;

/// What happened to a scan's data.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// MCUs that were not there.
    pub(super) missing: u64,
    /// Those of them behind the last one that was there: no later marker led back to the data.
    pub(super) tail: u64,
    /// A restart marker was missing, surplus or out of turn.
    pub(super) restart_fault: bool,
    /// Where the marker behind the scan begins, or the end of the file.
    pub(super) next: usize,
    /// Behind the last byte of the last MCU that is wholly there.
    pub(super) used: usize,
    /// A table had no code for what was to be written in place of missing data.
    pub(super) unwritable: bool,
}

/// What a marker out of turn says of the intervals in front of it.
enum Gap {
    /// So many of them are not there.
    Lost(u64),
    /// What follows the marker was there before.
    Again,
    None,
}

/// Goes through a scan's intervals.
#[derive(Debug)]
pub(super) struct Intervals<'w> {
    pub(super) bytes: &'w [u8],
    pub(super) reader: &'w Reader<'w>,
    /// MCUs of the scan.
    pub(super) total: u64,
    /// MCUs of an interval; 0 without restart markers.
    pub(super) restart: u16,
    /// For each MCU the coefficients that are set; empty where nothing needs them.
    pub(super) set: &'w mut [u64],
    pub(super) out: Option<&'w mut Rewriter>,
    /// MCUs of the intervals that are done.
    pub(super) done: u64,
    /// Intervals that are done.
    pub(super) count: u64,
    /// Behind the first marker that is known to be out of step with those in front of it.
    pub(super) astray: usize,
    pub(super) outcome: Outcome,
}

impl Intervals<'_> {
    /// Counts, and writes if there is somewhere to write to.
    pub(super) fn go_through(mut self, mut at: usize) -> Outcome {
        let mut data = Vec::new();
        let mut skip = false;
        self.outcome.used = at;
        loop {
            let piece = self.piece(at);
            let restart = piece.stop.and_then(Stop::restart);
            let raw = self.bytes.get(at..piece.end).unwrap_or_default();
            self.outcome.restart_fault |= piece.marker_at > piece.end && self.done < self.total;
            // A marker that comes twice with nothing in between begins nothing.
            let twice = raw.is_empty() && self.count > 0 && restart.is_some_and(|n| self.is_behind(n));
            if twice {
                self.outcome.restart_fault = true;
            } else if !std::mem::take(&mut skip) {
                coded::unstuff(raw, &mut data);
                self.go_through_piece(raw, at, &data, restart);
            }
            self.outcome.next = piece.marker_at;
            let (Some(stop), Some(number)) = (piece.stop, restart) else {
                break;
            };
            if self.done >= self.total {
                self.outcome.next = coded::end_of_scan(self.bytes, stop.behind);
                break;
            }
            if !twice {
                skip = self.pass_marker(number, stop.behind);
            }
            at = stop.behind;
        }
        self.lose_the_rest();
        self.outcome
    }

    /// The data up to the next marker: without restart markers nothing leads back from one that means nothing.
    fn piece(&self, at: usize) -> Piece {
        if self.restart > 0 {
            return coded::piece(self.bytes, at);
        }
        let (end, stop) = coded::end(self.bytes, at);
        Piece {
            end,
            marker_at: end,
            stop,
        }
    }

    /// Reads the data between two markers: one interval, or several when markers between them are missing.
    fn go_through_piece(&mut self, raw: &[u8], at: usize, data: &[u8], restart: Option<u8>) {
        let mut rest = data;
        loop {
            let want = self.want();
            let progress = self.count(rest, want);
            let used = usize::try_from(progress.bits.div_ceil(8)).unwrap_or(usize::MAX);
            self.write(rest, progress, want);
            self.pass(progress.got, want);
            rest = rest.get(used..).unwrap_or_default();
            if progress.got > 0 {
                let consumed = data.len() - rest.len();
                self.outcome.used = at + coded::stuffed_length(raw, consumed);
            }
            // One byte may be padding; more of them are data that no interval claimed.
            let over = self.restart > 0 && progress.got == want && self.done < self.total && rest.len() > 1;
            self.outcome.restart_fault |= over;
            if !over || restart == Some(self.expected()) {
                return;
            }
        }
    }

    /// Follows the marker behind an interval, whose data begins at `behind`. True when that data was there before.
    fn pass_marker(&mut self, number: u8, behind: usize) -> bool {
        let ahead = number.wrapping_sub(self.expected()) & 7;
        if ahead == 0 {
            return false;
        }
        self.outcome.restart_fault = true;
        if self.is_misnumbered(ahead, behind) {
            return false;
        }
        match self.gap(ahead, behind) {
            Gap::Lost(intervals) => {
                for _ in 0..intervals {
                    self.lose_interval();
                }
                false
            }
            Gap::Again => true,
            Gap::None => false,
        }
    }

    /// Whether a marker that is `ahead` of its turn has a wrong number, and its data is in its place: then the markers
    /// behind it go on as if it had the right one or, at the end, there are as many pieces as intervals.
    fn is_misnumbered(&self, ahead: u8, behind: usize) -> bool {
        const ENOUGH: u8 = 3;
        let mut left = 0;
        for (place, (empty, number)) in (1..=ENOUGH).zip(coded::pieces(self.bytes, behind)) {
            left += u64::from(!empty || number.is_some());
            let Some(number) = number.and_then(Stop::restart) else {
                return left == self.left();
            };
            match number.wrapping_sub(self.expected()).wrapping_sub(place) & 7 {
                0 => return true,
                step if step == ahead => return false,
                _ => {}
            }
        }
        false
    }

    /// What lies between an interval and the data of a marker that is `ahead` of its turn.
    ///
    /// When all that follows is in step with the marker, the number of pieces tells how many intervals there are too few
    /// or too many. Otherwise it is as libjpeg resynchronises: up to two ahead means that intervals were lost, up to two
    /// behind that they come again, and anything else nothing.
    fn gap(&mut self, ahead: u8, behind: usize) -> Gap {
        if let Some(pieces) = self.pieces_in_step(ahead, behind) {
            let lost = self.left().saturating_sub(pieces);
            let again = pieces.saturating_sub(self.left());
            if lost & 7 == u64::from(ahead) {
                return Gap::Lost(lost);
            }
            if again + u64::from(ahead) == 8 {
                return Gap::Again;
            }
        }
        match ahead {
            1..=2 => Gap::Lost(u64::from(ahead)),
            6..=7 => Gap::Again,
            _ => Gap::None,
        }
    }

    /// How many pieces follow up to the end of the scan, if all their markers are `ahead` by as much. The first that is not is
    /// remembered, so that all questions together go through the data once.
    fn pieces_in_step(&mut self, ahead: u8, behind: usize) -> Option<u64> {
        if behind < self.astray {
            return None;
        }
        let mut turn = self.expected();
        let mut many = 0;
        for (empty, stop) in coded::pieces(self.bytes, behind) {
            turn = turn.wrapping_add(1);
            let Some(stop) = stop else {
                return Some(many + u64::from(!empty));
            };
            if stop
                .restart()
                .is_some_and(|number| number.wrapping_sub(turn) & 7 != ahead)
            {
                self.astray = stop.behind;
                return None;
            }
            many += 1;
        }
        Some(many)
    }

    /// Intervals that are still to come.
    fn left(&self) -> u64 {
        self.total
            .saturating_sub(self.done)
            .div_ceil(u64::from(self.restart).max(1))
    }

    fn is_behind(&self, number: u8) -> bool {
        number.wrapping_sub(self.expected()) & 7 >= 6
    }

    /// The number of the marker behind the interval that was done last.
    fn expected(&self) -> u8 {
        let [number, ..] = self.count.wrapping_sub(1).to_le_bytes();
        number & 7
    }

    /// MCUs of the next interval.
    fn want(&self) -> u64 {
        let left = self.total.saturating_sub(self.done);
        if self.restart == 0 {
            left
        } else {
            left.min(u64::from(self.restart))
        }
    }

    fn masks(&mut self, from: u64, many: u64) -> &mut [u64] {
        let place = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let end = place(from.saturating_add(many)).min(self.set.len());
        self.set.get_mut(place(from).min(end)..end).unwrap_or_default()
    }

    fn count(&mut self, data: &[u8], want: u64) -> Progress {
        let reader = self.reader;
        let masks = self.masks(self.done, want);
        reader.count(data, want, masks)
    }

    fn write(&mut self, data: &[u8], progress: Progress, want: u64) {
        if self.out.is_none() {
            return;
        }
        let missing = want - progress.got;
        let reader = self.reader;
        let masks = self.masks(self.done + progress.got, missing);
        let written = reader.completed(data, progress, missing, masks);
        self.outcome.unwritable |= written.is_none();
        let last = self.done + want >= self.total;
        let count = self.count;
        if let (Some(out), Some(written)) = (self.out.as_mut(), written) {
            out.data(&written);
            if !last {
                out.restart(count);
            }
        }
    }

    fn pass(&mut self, got: u64, want: u64) {
        self.outcome.missing += want - got;
        if got > 0 {
            self.outcome.tail = 0;
        }
        self.outcome.tail += want - got;
        self.done += want;
        self.count += 1;
    }

    fn lose_interval(&mut self) {
        let want = self.want();
        if want > 0 {
            self.write(&[], Progress::default(), want);
            self.pass(0, want);
        }
    }

    fn lose_the_rest(&mut self) {
        if self.out.is_none() {
            let rest = self.total.saturating_sub(self.done);
            self.outcome.missing += rest;
            self.outcome.tail += rest;
            return;
        }
        while self.done < self.total {
            self.lose_interval();
        }
    }
}

/// How many masks a plane of so many blocks needs.
pub(super) fn masks(blocks: u64) -> usize {
    u32::try_from(blocks).map_or(0, index)
}
