//! What was sent of an image, and what follows from it.

use super::layout::{Layout, Scan};
use crate::completeness::Completeness;
use crate::refusal::{Damage, Refusal};

/// What a scan lacked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missing {
    /// MCUs that were not there.
    pub(super) mcus: u64,
    /// Those of them behind the last one that was there.
    pub(super) tail: u64,
    /// MCUs of the scan.
    pub(super) of: u64,
}

/// What a scan lacks that is not there.
const ALL: Missing = Missing {
    mcus: 1,
    tail: 1,
    of: 1,
};

impl Missing {
    /// More than decoders go on behind: a hundredth at the end, where nothing follows, or half of it altogether.
    fn is_damage(self) -> bool {
        self.tail * 100 > self.of || self.mcus * 2 > self.of
    }
}

/// What is known of one coefficient of one plane.
#[derive(Debug, Clone, Copy)]
struct Sent {
    /// What was missing of the scan that first sent it.
    first: Option<Missing>,
    /// Lowest bits that no scan has sent.
    low: u8,
}

/// Counts what the scans of an image brought.
#[derive(Debug)]
pub(super) struct Tally {
    progressive: bool,
    /// For each plane its size in blocks and its coefficients.
    planes: Vec<(u64, [Sent; 64])>,
    /// MCUs that the last scan lacked at its end: its data broke off.
    last_tail: u64,
    /// A restart marker was missing, surplus or out of turn.
    pub(super) restart_fault: bool,
    /// An end marker closed the image.
    pub(super) ended: bool,
}

impl Tally {
    pub(super) fn new(layout: &Layout) -> Self {
        let nothing = [Sent { first: None, low: 0 }; 64];
        Self {
            progressive: layout.progressive,
            planes: layout
                .components
                .iter()
                .map(|component| (component.blocks, nothing))
                .collect(),
            last_tail: 0,
            restart_fault: false,
            ended: false,
        }
    }

    /// Takes note of what a scan lacks.
    pub(super) fn note(&mut self, scan: &Scan, missing: Missing) {
        self.last_tail = missing.tail;
        for part in &scan.parts {
            let Some((_, coefficients)) = self.planes.get_mut(part.component) else {
                continue;
            };
            let band = usize::from(scan.first)..=usize::from(scan.last);
            for sent in coefficients.get_mut(band).into_iter().flatten() {
                if scan.high > 0 {
                    // A refinement that breaks off leaves the rest as coarse as it was.
                    if missing.mcus == 0 {
                        sent.low = scan.low;
                    }
                } else if sent
                    .first
                    .is_none_or(|before| missing.mcus * before.of <= before.mcus * missing.of)
                {
                    sent.first = Some(missing);
                    sent.low = scan.low;
                }
            }
        }
    }

    /// Every plane has had its scan.
    pub(super) fn has_every_plane(&self) -> bool {
        self.planes.iter().all(|(_, [dc, ..])| dc.first.is_some())
    }

    /// I2: whole with everything there; incomplete with at most a hundredth missing at the end, up to half lost to faults
    /// behind which the data goes on, unrefined or wrongly restarted; with more missing it is damaged. What a progressive file never sent counts as missing when its data broke off.
    pub(super) fn verdict(&self) -> Result<Completeness, Refusal> {
        let broke_off = !self.ended || self.last_tail > 0;
        let (mut damaged, mut whole) = (false, !self.restart_fault);
        let (mut lost, mut all) = (0_u64, 0_u64);
        for (blocks, coefficients) in &self.planes {
            for (place, sent) in coefficients.iter().enumerate() {
                let must = place == 0 || broke_off || !self.progressive;
                let missing = match sent.first {
                    Some(first) => first,
                    None if must => ALL,
                    None => {
                        whole = false;
                        continue;
                    }
                };
                damaged |= missing.is_damage();
                whole &= missing.mcus == 0 && sent.low == 0;
                lost += blocks * missing.mcus / missing.of.max(1);
                all += blocks;
            }
        }
        if damaged {
            return Err(Refusal::Damaged(Damage::missing(lost, all)));
        }
        Ok(if whole {
            Completeness::Whole
        } else {
            Completeness::Incomplete
        })
    }
}
