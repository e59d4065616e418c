//! A JPEG reader that is as slow and plain as can be: it says what a whole or cut file holds, for comparison.

use std::collections::HashMap;

use crate::completeness::Completeness;

/// Symbols by length and code.
type Codes = HashMap<(u32, u32), u8>;

/// The bits of an interval, and how many were read.
struct Bits {
    bits: Vec<bool>,
    at: usize,
}

impl Bits {
    fn new(raw: &[u8]) -> Self {
        let mut bits = Vec::new();
        let mut before = 0;
        for byte in raw {
            if !(before == 0xFF && *byte == 0) {
                bits.extend((0..8).rev().map(|n| byte >> n & 1 == 1));
            }
            before = *byte;
        }
        Self { bits, at: 0 }
    }

    fn bit(&mut self) -> Option<u32> {
        let bit = *self.bits.get(self.at)?;
        self.at += 1;
        Some(u32::from(bit))
    }

    fn number(&mut self, length: u32) -> Option<u32> {
        (0..length).try_fold(0, |value, _| Some(value << 1 | self.bit()?))
    }

    fn symbol(&mut self, codes: &Codes) -> Option<u8> {
        let mut code = 0;
        for length in 1..=16 {
            code = code << 1 | self.bit()?;
            if let Some(symbol) = codes.get(&(length, code)) {
                return Some(*symbol);
            }
        }
        None
    }
}

#[derive(Default)]
struct Plane {
    id: u8,
    across: usize,
    down: usize,
    wide: usize,
    high: usize,
    coefficients: HashMap<(usize, usize), [i32; 64]>,
}

/// What a scan brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) planes: Vec<usize>,
    pub(super) band: (usize, usize),
    pub(super) steps: (u8, u8),
    pub(super) total: usize,
    pub(super) got: usize,
}

#[derive(Default)]
pub(super) struct Slow {
    pub(super) scans: Vec<Scan>,
    pub(super) ended: bool,
    pub(super) progressive: bool,
    planes: Vec<Plane>,
    size: (usize, usize),
    tables: HashMap<u8, Codes>,
    restart: usize,
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at + 1)?))
}

/// Reads a file that has no faults but may end anywhere.
pub(super) fn read(bytes: &[u8]) -> Slow {
    let mut slow = Slow::default();
    slow.go(bytes);
    slow
}

impl Slow {
    fn go(&mut self, bytes: &[u8]) -> Option<()> {
        let mut at = 2;
        loop {
            assert_eq!(*bytes.get(at)?, 0xFF);
            let marker = *bytes.get(at + 1)?;
            if marker == 0xD9 {
                self.ended = true;
                return Some(());
            }
            let length = number(bytes, at + 2)?;
            let body = bytes.get(at + 4..at + 2 + length)?;
            at += 2 + length;
            match marker {
                0xC0..=0xC2 => self.frame(marker, body),
                0xC4 => self.tables(body),
                0xDD => self.restart = number(body, 0)?,
                0xDA => {
                    let mut intervals = vec![Vec::new()];
                    while at < bytes.len() {
                        match (bytes[at], bytes.get(at + 1)) {
                            (0xFF, Some(0xD0..=0xD7)) => {
                                intervals.push(Vec::new());
                                at += 2;
                            }
                            (0xFF, None) => at += 1,
                            (0xFF, Some(next)) if *next != 0 => break,
                            (byte, _) => {
                                intervals.last_mut().unwrap().push(byte);
                                at += 1;
                            }
                        }
                    }
                    self.scan(body, &intervals);
                }
                _ => {}
            }
        }
    }

    fn frame(&mut self, marker: u8, body: &[u8]) {
        self.progressive = marker == 0xC2;
        self.size = (number(body, 3).unwrap(), number(body, 1).unwrap());
        for entry in body[6..].chunks(3) {
            self.planes.push(Plane {
                id: entry[0],
                across: usize::from(entry[1] >> 4),
                down: usize::from(entry[1] & 15),
                ..Plane::default()
            });
        }
        let (widest, tallest) = self.largest();
        let (width, height) = self.size;
        for plane in &mut self.planes {
            plane.wide = (width * plane.across).div_ceil(widest).div_ceil(8);
            plane.high = (height * plane.down).div_ceil(tallest).div_ceil(8);
        }
    }

    fn largest(&self) -> (usize, usize) {
        (
            self.planes.iter().map(|plane| plane.across).max().unwrap(),
            self.planes.iter().map(|plane| plane.down).max().unwrap(),
        )
    }

    fn tables(&mut self, mut body: &[u8]) {
        while body.len() > 17 {
            let (mut codes, mut code, mut place) = (Codes::new(), 0, 17);
            for length in 1..=16 {
                for _ in 0..body[usize::try_from(length).unwrap()] {
                    codes.insert((length, code), body[place]);
                    code += 1;
                    place += 1;
                }
                code <<= 1;
            }
            self.tables.insert(body[0], codes);
            body = &body[place..];
        }
    }

    fn scan(&mut self, body: &[u8], intervals: &[Vec<u8>]) {
        let many = usize::from(body[0]);
        let parts: Vec<(usize, u8)> = body[1..=2 * many]
            .chunks(2)
            .map(|pair| {
                (
                    self.planes.iter().position(|plane| plane.id == pair[0]).unwrap(),
                    pair[1],
                )
            })
            .collect();
        let end = &body[1 + 2 * many..];
        let band = (usize::from(end[0]), usize::from(end[1]));
        let steps = (end[2] >> 4, end[2] & 15);
        let (widest, tallest) = self.largest();
        let (wide, high) = if let [(plane, _)] = parts[..] {
            (self.planes[plane].wide, self.planes[plane].high)
        } else {
            (
                self.size.0.div_ceil(8 * widest),
                self.size.1.div_ceil(8 * tallest),
            )
        };
        let total = wide * high;
        let every = if self.restart == 0 { total } else { self.restart };
        let (mut got, mut first) = (0, 0);
        for raw in intervals {
            let mut bits = Bits::new(raw);
            let mut run = 0;
            for mcu in first..total.min(first + every) {
                let whole = parts.iter().all(|(plane, tables)| {
                    let alone = parts.len() == 1;
                    let (across, down) = if alone {
                        (1, 1)
                    } else {
                        (self.planes[*plane].across, self.planes[*plane].down)
                    };
                    (0..across * down).all(|n| {
                        let place = (mcu % wide * across + n % across, mcu / wide * down + n / across);
                        self.block(*plane, place, *tables, band, steps, &mut bits, &mut run)
                            .is_some()
                    })
                });
                if !whole {
                    break;
                }
                got += 1;
            }
            first += every;
        }
        self.scans.push(Scan {
            planes: parts.iter().map(|(plane, _)| *plane).collect(),
            band,
            steps,
            total,
            got,
        });
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a plain transcription of the standard's procedures"
    )]
    fn block(
        &mut self,
        plane: usize,
        at: (usize, usize),
        tables: u8,
        (first, last): (usize, usize),
        (high, low): (u8, u8),
        bits: &mut Bits,
        run: &mut u32,
    ) -> Option<()> {
        let block = self.planes[plane].coefficients.entry(at).or_insert([0; 64]);
        if first == 0 {
            if high > 0 {
                block[0] |= i32::try_from(bits.bit()?).unwrap() << low;
            } else {
                let size = bits.symbol(&self.tables[&(tables >> 4)])?;
                bits.number(u32::from(size))?;
            }
        }
        let codes = self.tables.get(&(0x10 | tables & 15));
        let (mut k, one) = (first.max(1), 1 << low);
        if high == 0 {
            if *run > 0 {
                *run -= 1;
                return Some(());
            }
            while k <= last {
                let symbol = bits.symbol(codes?)?;
                let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                if size == 0 && zeros < 15 {
                    let zeros = u32::try_from(zeros).unwrap();
                    *run = (1 << zeros) - 1 + bits.number(zeros)?;
                    break;
                }
                k += zeros;
                if size > 0 {
                    let value = bits.number(size)?;
                    block[k] = if value >> (size - 1) == 1 { one } else { -one };
                }
                k += 1;
            }
            return Some(());
        }
        if *run == 0 {
            while k <= last {
                let symbol = bits.symbol(codes?)?;
                let (mut zeros, size) = (symbol >> 4, symbol & 15);
                if size == 0 && zeros < 15 {
                    *run = (1 << zeros) + bits.number(u32::from(zeros))?;
                    break;
                }
                let new = if size == 1 {
                    [-one, one][usize::try_from(bits.bit()?).unwrap()]
                } else {
                    0
                };
                while k <= last {
                    if block[k] != 0 {
                        bits.bit()?;
                    } else if zeros == 0 {
                        block[k] = new;
                        break;
                    } else {
                        zeros -= 1;
                    }
                    k += 1;
                }
                k += 1;
            }
        }
        if *run > 0 {
            for value in block.iter().take(last + 1).skip(k) {
                if *value != 0 {
                    bits.bit()?;
                }
            }
            *run -= 1;
        }
        Some(())
    }

    /// I2, from what was read: `None` is damage.
    pub(super) fn verdict(&self) -> Option<Completeness> {
        let broke_off = !self.ended || self.scans.last().is_none_or(|scan| scan.got < scan.total);
        let mut whole = true;
        for plane in 0..self.planes.len() {
            for k in 0..64 {
                let concerns =
                    |scan: &&Scan| scan.planes.contains(&plane) && (scan.band.0..=scan.band.1).contains(&k);
                let Some(first) = self.scans.iter().find(concerns) else {
                    if k == 0 || broke_off || !self.progressive {
                        return None;
                    }
                    whole = false;
                    continue;
                };
                if (first.total - first.got) * 100 > first.total {
                    return None;
                }
                let refined = self
                    .scans
                    .iter()
                    .filter(concerns)
                    .filter(|scan| scan.got == scan.total)
                    .any(|scan| scan.steps.1 == 0);
                whole &= refined;
            }
        }
        Some(if whole {
            Completeness::Whole
        } else {
            Completeness::Incomplete
        })
    }
}
