//! Counting the MCUs of a progressive scan (T.81, G.1.2 and G.2).
//!
//! How long a refinement is depends on which coefficients the scans before it set, so these are remembered: one bit each.

use super::bits::Bits;
use super::coded::BitWriter;
use super::huffman::Table;
use crate::num::{count, index};

/// How far the data of an interval reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// MCUs that end within the data.
    pub(super) got: u64,
    /// Bits up to the end of the last of them.
    pub(super) bits: u64,
    /// Blocks behind it that its last code says are at their end already.
    pub(super) run: u32,
}

/// The band of a scan with AC coefficients: first and last place in zigzag order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) first: u8,
    pub(super) last: u8,
}

/// Differences of DC: `blocks` in each MCU, in the order of `tables`.
pub(super) fn count_dc(data: &[u8], tables: &[&Table], want: u64) -> Progress {
    let mut progress = Progress::default();
    let mut bits = Bits::new(data);
    let length = count(data.len()) * 8;
    while progress.got < want {
        for table in tables {
            match bits.symbol(table) {
                Some(size @ 0..=11) => bits.skip_behind_symbol(u32::from(size)),
                _ => return progress,
            }
        }
        if bits.used() > length {
            return progress;
        }
        progress.got += 1;
        progress.bits = bits.used();
    }
    progress
}

/// One bit more for each DC: no codes at all.
pub(super) fn count_dc_bits(data: &[u8], in_mcu: u32, want: u64) -> Progress {
    let in_mcu = u64::from(in_mcu.max(1));
    let got = want.min(count(data.len()) * 8 / in_mcu);
    Progress {
        got,
        bits: got * in_mcu,
        run: 0,
    }
}

/// The first scan of a band. `set` has a bit mask for each block, one bit for each coefficient that is not zero.
pub(super) fn count_first(data: &[u8], table: &Table, band: Band, set: &mut [u64]) -> Progress {
    let mut progress = Progress::default();
    let mut bits = Bits::new(data);
    let length = count(data.len()) * 8;
    let mut blocks = set.iter_mut();
    while let Some(mask) = blocks.next() {
        let Some((found, run)) = first_block(&mut bits, table, band) else {
            return progress;
        };
        if bits.used() > length {
            return progress;
        }
        *mask |= found;
        let behind = index(run).min(blocks.len());
        progress.got += 1 + count(behind);
        progress.bits = bits.used();
        progress.run = run - u32::try_from(behind).unwrap_or(run);
        if behind > 0 {
            blocks.nth(behind - 1);
        }
    }
    progress
}

/// The coefficients that a block sets, and how many blocks behind it are at their end already.
#[inline]
fn first_block(bits: &mut Bits<'_>, table: &Table, band: Band) -> Option<(u64, u32)> {
    let (mut place, last) = (u32::from(band.first), u32::from(band.last));
    let mut found = 0;
    while place <= last {
        let symbol = bits.symbol(table)?;
        let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size > 0 {
            bits.skip_behind_symbol(size);
            place += zeros;
            if place > last {
                return None;
            }
            found |= 1 << place;
        } else if zeros < 15 {
            return Some((found, (1 << zeros) - 1 + bits.take(zeros)));
        } else {
            place += zeros;
        }
        place += 1;
    }
    Some((found, 0))
}

/// A later scan of a band: one bit more for its coefficients.
pub(super) fn count_refinement(data: &[u8], table: &Table, band: Band, set: &mut [u64]) -> Progress {
    let mut progress = Progress::default();
    let mut bits = Bits::new(data);
    let length = count(data.len()) * 8;
    let mut run = 0;
    for mask in set {
        let before = *mask;
        if refine_block(&mut bits, table, band, mask, &mut run).is_none() || bits.used() > length {
            *mask = before;
            return progress;
        }
        progress.got += 1;
        progress.bits = bits.used();
        progress.run = run;
    }
    progress
}

/// `run` counts the blocks that have no new coefficients any more, this one included.
#[inline]
fn refine_block(bits: &mut Bits<'_>, table: &Table, band: Band, mask: &mut u64, run: &mut u32) -> Option<()> {
    let (mut place, last) = (u32::from(band.first), u32::from(band.last));
    while *run == 0 && place <= last {
        let symbol = bits.symbol(table)?;
        let (zeros, size) = (u32::from(symbol >> 4), symbol & 15);
        match size {
            0 if zeros < 15 => {
                *run = (1 << zeros) + bits.take(zeros);
                break;
            }
            0 => {}
            1 => bits.skip_behind_symbol(1),
            _ => return None,
        }
        // On to the place behind so many zeros; a coefficient that is set already has a bit of its own.
        let (next, refined) = behind_zeros(*mask, place, last, zeros);
        bits.skip(refined);
        if size == 1 {
            if next > last {
                return None;
            }
            *mask |= 1 << next;
        }
        place = next + 1;
    }
    if *run > 0 {
        bits.skip(set_between(*mask, place, last));
        *run -= 1;
    }
    Some(())
}

/// The place of the zero behind `zeros` others (`last + 1` if there is none), and how many set places lie before it.
#[inline]
fn behind_zeros(mask: u64, mut place: u32, last: u32, mut zeros: u32) -> (u32, u32) {
    let mut refined = 0;
    while place <= last {
        if mask >> place & 1 == 1 {
            refined += 1;
        } else if zeros == 0 {
            break;
        } else {
            zeros -= 1;
        }
        place += 1;
    }
    (place, refined)
}

fn set_between(mask: u64, first: u32, last: u32) -> u32 {
    if first > last {
        return 0;
    }
    (mask >> first << first << (63 - last)).count_ones()
}

/// Writes blocks without new coefficients for an interval that broke off, `run` blocks being covered already.
/// `None` when the table has no code for that.
pub(super) fn write_flat_band(
    table: &Table,
    band: Option<Band>,
    set: &[u64],
    mut run: u32,
    into: &mut BitWriter,
) -> Option<()> {
    let (code, length) = table.code(0)?;
    for mask in set {
        if run == 0 {
            into.put(code, length);
        } else {
            run -= 1;
        }
        // In a refinement every coefficient that is set gets the bit 0.
        let refined = band.map_or(0, |band| {
            set_between(*mask, u32::from(band.first), u32::from(band.last))
        });
        for _ in 0..refined {
            into.put(0, 1);
        }
    }
    Some(())
}
