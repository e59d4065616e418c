//! Counting the MCUs of a sequential scan (T.81, F.2.2).

use super::bits::Bits;
use super::coded::BitWriter;
use super::huffman::Table;
use super::progressive::Progress;
use crate::num::count;

/// One block of an MCU: its tables for DC and AC.
pub(super) type Block<'t> = (&'t Table, &'t Table);

/// Categories above this cannot come from eight-bit samples.
const LARGEST_DC: u8 = 11;

/// Reads at most `want` MCUs and counts those that end within the data.
pub(super) fn count_mcus(data: &[u8], mcu: &[Block<'_>], want: u64) -> Progress {
    let mut progress = Progress::default();
    let mut bits = Bits::new(data);
    let length = count(data.len()) * 8;
    while progress.got < want {
        for block in mcu {
            if !pass_block(&mut bits, *block) {
                return progress;
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

/// False when the bits are no block.
#[inline]
fn pass_block(bits: &mut Bits<'_>, (dc, ac): Block<'_>) -> bool {
    match bits.symbol(dc) {
        Some(size @ 0..=LARGEST_DC) => bits.skip_behind_symbol(u32::from(size)),
        _ => return false,
    }
    let mut place = 1_u32;
    while place < 64 {
        let Some(symbol) = bits.symbol(ac) else {
            return false;
        };
        let (zeros, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size > 0 {
            bits.skip_behind_symbol(size);
        } else if zeros < 15 {
            return true;
        }
        place += zeros + 1;
    }
    place == 64
}

/// Writes MCUs that continue the last colour. `None` when a table has no code for that.
pub(super) fn write_flat(mcu: &[Block<'_>], many: u64, into: &mut BitWriter) -> Option<()> {
    let codes: Vec<(u16, u32)> = mcu
        .iter()
        .flat_map(|(dc, ac)| [dc.code(0), ac.code(0)])
        .collect::<Option<_>>()?;
    for _ in 0..many {
        for (code, length) in &codes {
            into.put(*code, *length);
        }
    }
    Some(())
}
