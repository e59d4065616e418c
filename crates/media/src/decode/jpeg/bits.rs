//! Reading bits of entropy-coded data whose stuffing is gone.

use super::huffman::Table;
use crate::num::{count, index};

/// Reads bits, most significant first. Behind the end come zeros; [`Bits::used`] tells whether any were read.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    window: u64,
    held: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            window: 0,
            held: 0,
        }
    }

    /// Bits that were read, those behind the end included.
    pub(super) fn used(&self) -> u64 {
        count(self.at) * 8 - u64::from(self.held)
    }

    /// The next Huffman code's symbol, if the bits are one of the table's codes. At least 16 bits more can then be
    /// skipped or taken.
    #[inline]
    pub(super) fn symbol(&mut self, table: &Table) -> Option<u8> {
        self.hold_enough();
        let (symbol, length) = table.decode(self.window)?;
        self.drop_held(length);
        Some(symbol)
    }

    /// Passes over `length` bits: what follows a symbol, at most 16.
    #[inline]
    pub(super) fn skip_behind_symbol(&mut self, length: u32) {
        self.drop_held(length);
    }

    /// The value of the next `length` bits; at most 16.
    pub(super) fn take(&mut self, length: u32) -> u32 {
        self.hold_enough();
        let value = if length == 0 {
            0
        } else {
            self.window >> (64 - length)
        };
        self.drop_held(length);
        u32::try_from(value).unwrap_or(0)
    }

    /// Passes over any number of bits.
    pub(super) fn skip(&mut self, mut length: u32) {
        while length > 0 {
            self.hold_enough();
            let now = length.min(32);
            self.drop_held(now);
            length -= now;
        }
    }

    #[inline]
    fn drop_held(&mut self, length: u32) {
        self.window <<= length;
        self.held -= length;
    }

    #[inline]
    fn hold_enough(&mut self) {
        if self.held < 32 {
            self.refill();
        }
    }

    /// Holds 56 bits or more.
    #[inline]
    fn refill(&mut self) {
        let next = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        if let Some(chunk) = next {
            // Bits of a byte that is only half held are put there two times, which changes nothing.
            self.window |= u64::from_be_bytes(*chunk) >> self.held;
            let bytes = (63 - self.held) >> 3;
            self.at += index(bytes);
            self.held += bytes * 8;
        } else {
            self.refill_at_the_end();
        }
    }

    #[cold]
    fn refill_at_the_end(&mut self) {
        while self.held <= 55 {
            let byte = self.data.get(self.at).copied().unwrap_or(0);
            self.window |= u64::from(byte) << (56 - self.held);
            self.at += 1;
            self.held += 8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_in_order_and_zeros_behind_the_end() {
        let data: Vec<u8> = (0..40_u8).map(|n| n.wrapping_mul(37).wrapping_add(11)).collect();
        let bit = |n: usize| {
            data.get(n / 8)
                .map_or(0, |byte| u32::from(byte >> (7 - n % 8) & 1))
        };
        for step in 1..=16 {
            let mut bits = Bits::new(&data);
            let mut at = 0;
            while at < 400 {
                let expected = (0..step).fold(0, |value, n| value << 1 | bit(at + n));
                assert_eq!(bits.take(u32::try_from(step).unwrap()), expected);
                at += step;
                assert_eq!(bits.used(), u64::try_from(at).unwrap());
            }
        }
        let mut bits = Bits::new(&data);
        bits.skip(301);
        assert_eq!(bits.used(), 301);
        assert_eq!(bits.take(0), 0);
        assert_eq!(bits.take(3), bit(301) << 2 | bit(302) << 1 | bit(303));
    }
}
