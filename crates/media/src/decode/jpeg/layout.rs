//! What a frame and its scans say of the image's blocks (T.81, A.2 and B.2).

use crate::refusal::Refusal;

/// One colour's plane.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks side by side in an MCU of several components.
    pub(super) across: u8,
    /// Blocks on top of each other in an MCU of several components.
    pub(super) down: u8,
    pub(super) quantization: u8,
    /// Blocks that hold pixels of the image.
    pub(super) blocks: u64,
    /// The decoder counts those blocks rightly in a scan that has this component only.
    pub(super) decodable_alone: bool,
}

/// A frame: the image's size and its planes.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) progressive: bool,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) components: Vec<Component>,
    /// MCUs of a scan with several components.
    mcus: u64,
}

impl Layout {
    /// Reads a frame header. `height` is what it says itself or, where it leaves that open, what a segment behind the
    /// first scan says (T.81, B.2.5).
    pub(super) fn read(marker: u8, body: &[u8], height: u16) -> Result<Self, Refusal> {
        let [8, _, _, wide_high, wide_low, many, entries @ ..] = body else {
            return Err(Refusal::MALFORMED);
        };
        let width = u16::from_be_bytes([*wide_high, *wide_low]);
        let (entries, []) = entries.as_chunks::<3>() else {
            return Err(Refusal::MALFORMED);
        };
        if entries.len() != usize::from(*many) || !matches!(many, 1 | 3 | 4) || width == 0 || height == 0 {
            return Err(Refusal::MALFORMED);
        }
        let factor = |n: u8| (1..=4).contains(&n).then_some(n).ok_or(Refusal::MALFORMED);
        let mut components = Vec::with_capacity(entries.len());
        for [id, factors, quantization] in entries {
            components.push(Component {
                id: *id,
                across: factor(factors >> 4)?,
                down: factor(factors & 15)?,
                quantization: *quantization,
                blocks: 0,
                decodable_alone: false,
            });
        }
        let widest = components.iter().map(|c| c.across).max().unwrap_or(1);
        let tallest = components.iter().map(|c| c.down).max().unwrap_or(1);
        let mcus_wide = u64::from(width).div_ceil(8 * u64::from(widest));
        let mcus_high = u64::from(height).div_ceil(8 * u64::from(tallest));
        for component in &mut components {
            let (wide, wide_fits) = blocks(width, component.across, widest, mcus_wide);
            let (high, high_fits) = blocks(height, component.down, tallest, mcus_high);
            component.blocks = wide * high;
            component.decodable_alone = wide_fits && high_fits;
        }
        Ok(Self {
            progressive: marker == 0xC2,
            width,
            height,
            components,
            mcus: mcus_wide * mcus_high,
        })
    }

    /// MCUs of a scan: single blocks when it has one component only (T.81, A.2.2).
    pub(super) fn mcus(&self, scan: &Scan) -> u64 {
        match scan.parts.as_slice() {
            [part] => self
                .components
                .get(part.component)
                .map_or(0, |component| component.blocks),
            _ => self.mcus,
        }
    }

    /// Blocks that an MCU of this scan has of this part's component.
    pub(super) fn blocks_in_mcu(&self, scan: &Scan, part: &Part) -> u32 {
        match self.components.get(part.component) {
            Some(component) if scan.parts.len() > 1 => {
                u32::from(component.across) * u32::from(component.down)
            }
            _ => 1,
        }
    }

    /// Blocks of all planes together.
    pub(super) fn blocks(&self) -> u64 {
        self.components.iter().map(|component| component.blocks).sum()
    }
}

/// Blocks along one side of a plane, and whether the decoder counts as many where they are in a scan of their own: it
/// does not for sides that are halves of a quartered image.
fn blocks(side: u16, factor: u8, largest: u8, mcus: u64) -> (u64, bool) {
    let samples = (u64::from(side) * u64::from(factor)).div_ceil(u64::from(largest));
    let exact = samples.div_ceil(8);
    let counted = (mcus * u64::from(factor)).min(u64::from(side).div_ceil(8));
    (exact, exact == counted)
}

/// One component of a scan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Place among the frame's components.
    pub(super) component: usize,
    pub(super) dc: u8,
    pub(super) ac: u8,
}

/// A scan header.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    /// First coefficient, in zigzag order.
    pub(super) first: u8,
    /// Last coefficient.
    pub(super) last: u8,
    /// How many of the lowest bits were still missing before this scan; 0 for a band's first scan.
    pub(super) high: u8,
    /// How many of the lowest bits are still missing after it.
    pub(super) low: u8,
    /// A sequential scan's header said something else than "all coefficients, all bits", which is all that it can mean.
    pub(super) odd: bool,
}

impl Scan {
    /// Reads a scan header, without its length. `None` when it cannot belong to the frame.
    pub(super) fn read(body: &[u8], layout: &Layout) -> Option<Self> {
        let (many, rest) = body.split_first()?;
        let (entries, rest) = rest.split_at_checked(2 * usize::from(*many))?;
        let [first, last, bits] = *rest else { return None };
        let mut parts: Vec<Part> = Vec::with_capacity(entries.len() / 2);
        for entry in entries.chunks_exact(2) {
            let [id, tables] = *entry else { return None };
            let component = layout
                .components
                .iter()
                .position(|component| component.id == id)?;
            if parts.last().is_some_and(|before| before.component >= component) {
                return None;
            }
            let (dc, ac) = (tables >> 4, tables & 15);
            if dc > 3 || ac > 3 {
                return None;
            }
            parts.push(Part { component, dc, ac });
        }
        let mut scan = Self {
            parts,
            first,
            last,
            high: bits >> 4,
            low: bits & 15,
            odd: false,
        };
        let in_mcu: u32 = scan
            .parts
            .iter()
            .map(|part| layout.blocks_in_mcu(&scan, part))
            .sum();
        if in_mcu == 0 || in_mcu > 10 {
            return None;
        }
        if !layout.progressive {
            scan.odd = (first, last, bits) != (0, 63, 0);
            (scan.first, scan.last, scan.high, scan.low) = (0, 63, 0, 0);
            return Some(scan);
        }
        scan.is_progressive().then_some(scan)
    }

    /// T.81, G.1.1.1.
    fn is_progressive(&self) -> bool {
        let band = if self.first == 0 {
            self.last == 0
        } else {
            self.first <= self.last && self.last <= 63 && self.parts.len() == 1
        };
        band && self.low <= 13 && (self.high == 0 || self.high == self.low + 1)
    }

    /// The table for DC is read.
    pub(super) fn needs_dc(&self) -> bool {
        self.first == 0 && self.high == 0
    }

    /// The table for AC is read.
    pub(super) fn needs_ac(&self) -> bool {
        self.last > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(marker: u8, size: (u16, u16), factors: &[u8]) -> Result<Layout, Refusal> {
        let mut body = vec![8, 0, 0];
        body.extend_from_slice(&size.0.to_be_bytes());
        body.push(u8::try_from(factors.len()).unwrap());
        for (id, factor) in (1..).zip(factors) {
            body.extend_from_slice(&[id, *factor, 0]);
        }
        Layout::read(marker, &body, size.1)
    }

    /// T.81, A.2: MCUs of several components reach over the edge, blocks of one component do not.
    #[test]
    fn blocks_and_mcus_are_counted_as_the_standard_says() {
        let layout = frame(0xC0, (33, 17), &[0x22, 0x11, 0x11]).unwrap();
        let all = Scan::read(&[3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0], &layout).unwrap();
        assert_eq!(layout.mcus(&all), 3 * 2);
        let lightness = Scan::read(&[1, 1, 0, 0, 63, 0], &layout).unwrap();
        assert_eq!(layout.mcus(&lightness), 5 * 3);
        let colour = Scan::read(&[1, 2, 0, 0, 63, 0], &layout).unwrap();
        assert_eq!(layout.mcus(&colour), 3 * 2);
        assert_eq!(layout.blocks_in_mcu(&all, &all.parts[0]), 4);
        assert_eq!(layout.blocks_in_mcu(&lightness, &lightness.parts[0]), 1);
        assert_eq!(layout.blocks(), 15 + 6 + 6);
    }

    #[test]
    fn a_baseline_scan_means_everything_whatever_it_says() {
        let layout = frame(0xC0, (8, 8), &[0x11]).unwrap();
        for said in [[0, 63, 0xFF], [0, 62, 0], [0, 0, 0], [63, 0, 1]] {
            let scan = Scan::read(&[&[1, 1, 0][..], &said].concat(), &layout).unwrap();
            assert!(scan.odd);
            assert_eq!((scan.first, scan.last, scan.high, scan.low), (0, 63, 0, 0));
        }
        assert!(!Scan::read(&[1, 1, 0, 0, 63, 0], &layout).unwrap().odd);
    }

    #[test]
    fn scans_that_cannot_be_are_refused() {
        let layout = frame(0xC2, (8, 8), &[0x11, 0x11, 0x11]).unwrap();
        assert!(Scan::read(&[3, 1, 0, 2, 0, 3, 0, 0, 0, 0], &layout).is_some());
        for bad in [
            &[3, 1, 0, 3, 0, 2, 0, 0, 0, 0][..],
            &[2, 1, 0, 1, 0, 0, 0, 0],
            &[1, 9, 0, 0, 0, 0],
            &[0, 0, 0, 0],
            &[1, 1, 0x40, 0, 0, 0],
            &[1, 1, 0, 0, 63, 0],
            &[1, 1, 0, 1, 64, 0],
            &[1, 1, 0, 5, 4, 0],
            &[3, 1, 0, 2, 0, 3, 0, 1, 5, 0],
            &[1, 1, 0, 1, 5, 0x20],
            &[1, 1, 0, 1, 5],
            &[],
        ] {
            assert!(Scan::read(bad, &layout).is_none(), "{bad:?}");
        }
        let crowded = frame(0xC0, (8, 8), &[0x33, 0x11, 0x11]).unwrap();
        assert!(Scan::read(&[3, 1, 0, 2, 0, 3, 0, 0, 63, 0], &crowded).is_none());
    }

    #[test]
    fn frames_that_cannot_be_are_refused() {
        assert!(frame(0xC0, (0, 8), &[0x11]).is_err());
        assert!(frame(0xC0, (8, 0), &[0x11]).is_err());
        assert!(frame(0xC0, (8, 8), &[0x11, 0x11]).is_err());
        assert!(frame(0xC0, (8, 8), &[0x01]).is_err());
        assert!(frame(0xC0, (8, 8), &[0x15]).is_err());
        let halves = frame(0xC0, (33, 8), &[0x41, 0x21, 0x11]).unwrap();
        assert!(!halves.components[1].decodable_alone && halves.components[2].decodable_alone);
    }
}
