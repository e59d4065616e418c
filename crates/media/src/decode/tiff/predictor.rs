//! Undoing what was done to rows so that they pack better.

use super::page::{Page, Predictor};

/// The order of bytes in the samples of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Big,
    Little,
}

/// Turns differences back into samples; tells in which order the samples' bytes are afterwards.
pub(super) fn undo(page: &Page<'_>, rows: &mut [u8], row_bytes: usize) -> Order {
    let order = if page.directory.file.big_endian {
        Order::Big
    } else {
        Order::Little
    };
    let samples = if page.planar { 1 } else { usize::from(page.samples) };
    let width = usize::from(page.bits / 8);
    match page.predictor {
        Predictor::None => order,
        Predictor::Horizontal => {
            for row in rows.chunks_exact_mut(row_bytes) {
                match page.bits {
                    8 => add_bytes(row, samples),
                    16 => add::<2>(row, samples, order),
                    32 => add::<4>(row, samples, order),
                    _ => add::<8>(row, samples, order),
                }
            }
            order
        }
        Predictor::Float => {
            let mut joined = vec![0; row_bytes];
            for row in rows.chunks_exact_mut(row_bytes) {
                add_bytes(row, samples);
                join(row, width, &mut joined);
                row.swap_with_slice(&mut joined);
            }
            Order::Big
        }
    }
}

/// Adds to each byte the one that lies a pixel before it.
fn add_bytes(row: &mut [u8], samples: usize) {
    for at in samples..row.len() {
        let before = row.get(at - samples).copied().unwrap_or_default();
        if let Some(byte) = row.get_mut(at) {
            *byte = byte.wrapping_add(before);
        }
    }
}

/// The same with samples of several bytes.
fn add<const WIDE: usize>(row: &mut [u8], samples: usize, order: Order) {
    let (cells, _) = row.as_chunks_mut::<WIDE>();
    for at in samples..cells.len() {
        let before = cells.get(at - samples).copied().unwrap_or([0; WIDE]);
        let Some(cell) = cells.get_mut(at) else { break };
        let mut carry = 0_u16;
        let mut one = |place: usize| {
            if let (Some(byte), Some(other)) = (cell.get_mut(place), before.get(place)) {
                let [high, low] = (u16::from(*byte) + u16::from(*other) + carry).to_be_bytes();
                *byte = low;
                carry = u16::from(high);
            }
        };
        match order {
            Order::Little => (0..WIDE).for_each(&mut one),
            Order::Big => (0..WIDE).rev().for_each(&mut one),
        }
    }
}

/// The first bytes of all samples lie before all second ones, and so on, the most significant first.
fn join(row: &[u8], width: usize, joined: &mut [u8]) {
    let samples = row.len() / width.max(1);
    for (sample, cell) in joined.chunks_exact_mut(width.max(1)).enumerate() {
        for (byte, place) in cell.iter_mut().enumerate() {
            *place = row.get(byte * samples + sample).copied().unwrap_or_default();
        }
    }
}
