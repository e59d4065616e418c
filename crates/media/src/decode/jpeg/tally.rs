//! What was sent of an image, and what follows from it.

use super::layout::{Layout, Scan};
use crate::completeness::Completeness;
use crate::refusal::{Damage, Refusal};

/// What is known of one coefficient of one plane.
#[derive(Debug, Clone, Copy)]
struct Sent {
    /// MCUs of the scan that first sent it, and how many of them were missing.
    first: Option<(u64, u64)>,
    /// Lowest bits that no scan has sent.
    low: u8,
}

/// Counts what the scans of an image brought.
#[derive(Debug)]
pub(super) struct Tally {
    progressive: bool,
    /// For each plane its size in blocks and its coefficients.
    planes: Vec<(u64, [Sent; 64])>,
    /// MCUs that the last scan lacked.
    last_missing: u64,
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
            last_missing: 0,
            restart_fault: false,
            ended: false,
        }
    }

    /// Takes note of a scan of `total` MCUs, `missing` of which were not there.
    pub(super) fn note(&mut self, scan: &Scan, total: u64, missing: u64) {
        self.last_missing = missing;
        for part in &scan.parts {
            let Some((_, coefficients)) = self.planes.get_mut(part.component) else {
                continue;
            };
            let band = usize::from(scan.first)..=usize::from(scan.last);
            for sent in coefficients.get_mut(band).into_iter().flatten() {
                if scan.high > 0 {
                    // A refinement that breaks off leaves the rest as coarse as it was.
                    if missing == 0 {
                        sent.low = scan.low;
                    }
                } else if sent
                    .first
                    .is_none_or(|(before, of)| missing * of <= before * total)
                {
                    sent.first = Some((missing, total));
                    sent.low = scan.low;
                }
            }
        }
    }

    /// Every plane has had its scan.
    pub(super) fn has_every_plane(&self) -> bool {
        self.planes.iter().all(|(_, [dc, ..])| dc.first.is_some())
    }

    /// I2: whole with everything there; incomplete with at most a hundredth missing, unrefined or wrongly restarted;
    /// with more it is damaged. What a progressive file never sent counts as missing when its data broke off.
    pub(super) fn verdict(&self) -> Result<Completeness, Refusal> {
        let broke_off = !self.ended || self.last_missing > 0;
        let (mut damaged, mut whole) = (false, !self.restart_fault);
        let (mut lost, mut all) = (0_u64, 0_u64);
        for (blocks, coefficients) in &self.planes {
            for (place, sent) in coefficients.iter().enumerate() {
                let must = place == 0 || broke_off || !self.progressive;
                let (missing, total) = match sent.first {
                    Some(first) => first,
                    None if must => (1, 1),
                    None => {
                        whole = false;
                        continue;
                    }
                };
                damaged |= missing * 100 > total;
                whole &= missing == 0 && sent.low == 0;
                lost += blocks * missing / total.max(1);
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
