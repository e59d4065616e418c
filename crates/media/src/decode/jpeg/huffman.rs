//! Huffman tables (T.81, annexes C and K.3).

use crate::num::index;

/// Codes up to this length are looked up; longer ones are rare.
const QUICK: u32 = 12;

/// What a table segment says: how many codes there are of each length, and the symbols in their order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Definition<'a> {
    lengths: [u8; 16],
    symbols: &'a [u8],
}

impl<'a> Definition<'a> {
    /// One code is all ones, which the standard forbids (T.81, C.2).
    pub(super) fn uses_all_ones(&self) -> bool {
        (1..)
            .zip(self.lengths)
            .fold((0_u32, false), |(code, found), (length, many)| {
                let next = code + u32::from(many);
                (next << 1, found || next >= 1_u32 << length)
            })
            .1
    }

    pub(super) const fn fixed(lengths: [u8; 16], symbols: &'a [u8]) -> Self {
        Self { lengths, symbols }
    }
}

/// The tables in force at a place of the file: four for DC, four for AC.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables<'a> {
    dc: [Option<Definition<'a>>; 4],
    ac: [Option<Definition<'a>>; 4],
}

impl<'a> Tables<'a> {
    /// Takes over a table segment, without its length. `None` when it isn't one.
    pub(super) fn define(&mut self, mut body: &'a [u8]) -> Option<()> {
        while let Some((kind, rest)) = body.split_first() {
            let (lengths, rest) = rest.split_first_chunk::<16>()?;
            let many = lengths.iter().map(|many| usize::from(*many)).sum();
            let (symbols, rest) = rest.split_at_checked(many)?;
            let places = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *places.get_mut(usize::from(kind & 15))? = Some(Definition {
                lengths: *lengths,
                symbols,
            });
            body = rest;
        }
        Some(())
    }

    pub(super) fn dc(&self, place: u8) -> Option<&Definition<'a>> {
        self.dc.get(usize::from(place))?.as_ref()
    }

    pub(super) fn ac(&self, place: u8) -> Option<&Definition<'a>> {
        self.ac.get(usize::from(place))?.as_ref()
    }

    /// Every definition that is in force.
    pub(super) fn all(&self) -> impl Iterator<Item = &Definition<'a>> {
        self.dc.iter().chain(&self.ac).flatten()
    }
}

/// A table that decodes.
#[derive(Debug, Clone)]
pub(super) struct Table {
    lengths: [u8; 16],
    symbols: Vec<u8>,
    /// Length and symbol for every beginning of [`QUICK`] bits; 0 where the code is longer or is none.
    quick: Vec<u16>,
    /// For each length: the code behind the last one, and the place of the first one's symbol less its code.
    ranges: [(u32, i32); 16],
}

impl Table {
    /// `None` when there are more codes of a length than fit.
    pub(super) fn new(definition: &Definition<'_>) -> Option<Self> {
        Self::build(definition.lengths, definition.symbols.to_vec())
    }

    fn build(lengths: [u8; 16], symbols: Vec<u8>) -> Option<Self> {
        let mut quick = vec![0; 1 << QUICK];
        let mut ranges = [(0, 0); 16];
        let (mut code, mut place) = (0_u32, 0_usize);
        for ((length, many), range) in (1_u32..).zip(lengths).zip(&mut ranges) {
            let first = i32::try_from(place).ok()? - i32::try_from(code).ok()?;
            for _ in 0..many {
                let symbol = *symbols.get(place)?;
                if code >= 1 << length {
                    return None;
                }
                if length <= QUICK {
                    let begin = index(code << (QUICK - length));
                    let entry = u16::try_from(length << 8).ok()? | u16::from(symbol);
                    quick.get_mut(begin..begin + (1 << (QUICK - length)))?.fill(entry);
                }
                code += 1;
                place += 1;
            }
            if many > 0 {
                *range = (code, first);
            }
            code <<= 1;
        }
        Some(Self {
            lengths,
            symbols,
            quick,
            ranges,
        })
    }

    /// The symbol whose code the window begins with, and the code's length.
    #[inline]
    pub(super) fn decode(&self, window: u64) -> Option<(u8, u32)> {
        let begin = usize::try_from(window >> (64 - QUICK)).ok()?;
        let [length, symbol] = self.quick.get(begin)?.to_be_bytes();
        if length > 0 {
            return Some((symbol, u32::from(length)));
        }
        self.decode_long(window)
    }

    #[cold]
    fn decode_long(&self, window: u64) -> Option<(u8, u32)> {
        let lengths = (1_u32..).zip(&self.ranges).skip(index(QUICK));
        for (length, (behind, first)) in lengths {
            let code = u32::try_from(window >> (64 - length)).ok()?;
            if code < *behind {
                let place = i32::try_from(code).ok()? + first;
                let symbol = self.symbols.get(usize::try_from(place).ok()?)?;
                return Some((*symbol, length));
            }
        }
        None
    }

    /// The code and its length of a symbol.
    pub(super) fn code(&self, wanted: u8) -> Option<(u16, u32)> {
        let place = self.symbols.iter().position(|symbol| *symbol == wanted)?;
        let place = i32::try_from(place).ok()?;
        (1_u32..).zip(&self.ranges).find_map(|(length, (behind, first))| {
            let code = u32::try_from(place - first).ok()?;
            let held = code < *behind && self.decode(u64::from(code) << (64 - length))? == (wanted, length);
            held.then(|| u16::try_from(code).ok().map(|code| (code, length)))?
        })
    }

    /// The same table, with a code for `symbol` behind all others if it had none. `None` when there is no room.
    pub(super) fn with(mut self, symbol: u8) -> Option<Self> {
        if self.symbols.contains(&symbol) {
            return Some(self);
        }
        let longest = self.lengths.iter().rposition(|many| *many > 0).unwrap_or(0);
        let mut code = 0_u32;
        let places = (1_u32..).zip(&mut self.lengths).enumerate();
        for (place, (length, many)) in places {
            code += u32::from(*many);
            // All ones stay free.
            if place >= longest && code + 1 < 1 << length && *many < u8::MAX {
                *many += 1;
                self.symbols.push(symbol);
                return Self::build(self.lengths, self.symbols);
            }
            code <<= 1;
        }
        None
    }

    /// As a table segment says it, without class and place.
    pub(super) fn written(&self) -> impl Iterator<Item = u8> {
        self.lengths.iter().chain(&self.symbols).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::standard;
    use super::*;

    #[test]
    fn codes_are_the_standards() {
        let table = Table::new(&standard::dc(0).unwrap()).unwrap();
        // T.81, table K.3.
        assert_eq!(table.code(0), Some((0b00, 2)));
        assert_eq!(table.code(5), Some((0b110, 3)));
        assert_eq!(table.code(11), Some((0b1_1111_1110, 9)));
        assert_eq!(table.code(12), None);
        let table = Table::new(&standard::ac(0).unwrap()).unwrap();
        // T.81, table K.5.
        assert_eq!(table.code(0x00), Some((0b1010, 4)));
        assert_eq!(table.code(0xF0), Some((0b111_1111_1001, 11)));
        assert_eq!(table.code(0xFA), Some((0xFFFE, 16)));
        assert_eq!(table.decode(0xFFFE << 48), Some((0xFA, 16)));
        assert_eq!(table.decode(u64::MAX), None);
    }

    #[test]
    fn every_standard_code_decodes_to_its_symbol() {
        for place in 0..2 {
            for definition in [standard::dc(place).unwrap(), standard::ac(place).unwrap()] {
                assert!(!definition.uses_all_ones());
                let table = Table::new(&definition).unwrap();
                for symbol in definition.symbols {
                    let (code, length) = table.code(*symbol).unwrap();
                    assert_eq!(
                        table.decode(u64::from(code) << (64 - length)),
                        Some((*symbol, length))
                    );
                }
            }
        }
    }

    #[test]
    fn too_many_codes_are_no_table() {
        let mut lengths = [0; 16];
        lengths[0] = 2;
        let full = Definition::fixed(lengths, &[1, 2]);
        assert!(full.uses_all_ones());
        assert!(Table::new(&full).is_some());
        assert!(Table::new(&full).unwrap().with(0).is_none());
        lengths[1] = 1;
        assert!(Table::new(&Definition::fixed(lengths, &[1, 2, 3])).is_none());
        lengths = [0; 16];
        lengths[15] = 200;
        assert!(Table::new(&Definition::fixed(lengths, &[7; 20])).is_none());
    }

    #[test]
    fn a_symbol_is_added_without_moving_the_others() {
        let mut lengths = [0; 16];
        lengths[0] = 1;
        lengths[2] = 3;
        let before = Table::new(&Definition::fixed(lengths, &[1, 2, 3, 4])).unwrap();
        let after = before.clone().with(0).unwrap();
        for symbol in 1..=4 {
            assert_eq!(before.code(symbol), after.code(symbol));
        }
        assert_eq!(after.code(0), Some((0b1110, 4)));
    }

    #[test]
    fn segments_hold_several_tables_or_none() {
        let mut segment = vec![0x10];
        segment.extend_from_slice(&[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
        segment.extend_from_slice(&segment.clone());
        segment[18] = 0x03;
        let mut tables = Tables::default();
        assert!(tables.define(&segment).is_some());
        assert!(tables.ac(0).is_some() && tables.dc(3).is_some() && tables.dc(0).is_none());
        assert!(tables.define(&segment[..segment.len() - 1]).is_none());
        assert!(tables.define(&[]).is_some());
        let other_class = [&[0x20], &segment[1..]].concat();
        assert!(Tables::default().define(&other_class).is_none());
    }
}
