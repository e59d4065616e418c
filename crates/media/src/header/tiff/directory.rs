//! The directories of TIFF files and EXIF blocks: classic (32-bit offsets) and `BigTIFF` (64-bit).
//!
//! Nothing is copied and nothing is believed: an entry whose value lies outside the file has as much of it as the file has.

use super::tag;

/// A file or block with its byte order and the width of its offsets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File<'a> {
    bytes: &'a [u8],
    pub(crate) big_endian: bool,
    /// `BigTIFF`.
    big: bool,
}

impl<'a> File<'a> {
    /// `None` for anything that doesn't begin like a TIFF of either kind.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..2)? {
            b"II" => false,
            b"MM" => true,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            big_endian,
            big: false,
        };
        file.big = match file.short(2)? {
            42 => false,
            43 if file.short(4)? == 8 => true,
            _ => return None,
        };
        Some(file)
    }

    /// Where the first directory lies.
    pub(crate) fn first(&self) -> Option<u64> {
        if self.big {
            self.whole(8, 8)
        } else {
            self.whole(4, 4)
        }
    }

    /// The whole number of `width` bytes at `at`.
    fn whole(&self, at: u64, width: u64) -> Option<u64> {
        Some(number(self.bytes_at(at, width)?, self.big_endian))
    }

    fn short(&self, at: u64) -> Option<u16> {
        u16::try_from(self.whole(at, 2)?).ok()
    }

    /// Exactly these bytes.
    fn bytes_at(&self, at: u64, length: u64) -> Option<&'a [u8]> {
        let at = usize::try_from(at).ok()?;
        self.bytes.get(at..at.checked_add(usize::try_from(length).ok()?)?)
    }

    /// As many of these bytes as the file has, and whether those are all.
    pub(crate) fn available(&self, at: u64, length: u64) -> (&'a [u8], bool) {
        let rest = usize::try_from(at).ok().and_then(|at| self.bytes.get(at..));
        let rest = rest.unwrap_or_default();
        match usize::try_from(length).ok().and_then(|length| rest.get(..length)) {
            Some(all) => (all, true),
            None => (rest, false),
        }
    }

    /// The directory at an offset; one that the file cuts short has the entries that are there.
    pub(crate) fn directory(&self, at: u64) -> Option<Directory<'a>> {
        let (head, width, link) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.whole(at, head)?;
        let begin = at.checked_add(head)?;
        let length = count.checked_mul(width)?;
        let (entries, _) = self.available(begin, length);
        let end = begin.checked_add(length)?;
        Some(Directory {
            file: *self,
            entries,
            next: self.whole(end, link).filter(|next| *next != 0),
            end: end.saturating_add(link),
        })
    }
}

/// Reads a whole number of up to eight bytes.
fn number(bytes: &[u8], big_endian: bool) -> u64 {
    let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big_endian {
        bytes.iter().fold(0, join)
    } else {
        bytes.iter().rev().fold(0, join)
    }
}

/// A list of fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Directory<'a> {
    pub(crate) file: File<'a>,
    entries: &'a [u8],
    /// Where the next directory of the chain lies.
    pub(crate) next: Option<u64>,
    /// Behind its last byte.
    pub(crate) end: u64,
}

/// One field: its type, how many values it says it has, and their bytes as far as the file has them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    kind: u16,
    pub(crate) count: u64,
    pub(crate) value: &'a [u8],
    /// Behind its values' last byte where they lie elsewhere in the file; 0 where they stand in the entry.
    pub(crate) end: u64,
    big_endian: bool,
}

impl<'a> Directory<'a> {
    /// The field of a tag; of several the first, as browsers and most viewers have it.
    pub(crate) fn field(&self, tag: u16) -> Option<Field<'a>> {
        self.fields()
            .find(|(number, _)| *number == tag)
            .map(|(_, field)| field)
    }

    /// All fields in their order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (u16, Field<'a>)> {
        let directory = *self;
        let width = if self.file.big { 20 } else { 12 };
        self.entries
            .chunks_exact(width)
            .filter_map(move |entry| directory.parse(entry))
    }

    fn parse(&self, entry: &'a [u8]) -> Option<(u16, Field<'a>)> {
        let order = self.file.big_endian;
        let part = |from, to| entry.get(from..to).map(|bytes| number(bytes, order));
        let tag = u16::try_from(part(0, 2)?).ok()?;
        let kind = u16::try_from(part(2, 4)?).ok()?;
        let (count, place) = if self.file.big {
            (part(4, 12)?, entry.get(12..)?)
        } else {
            (part(4, 8)?, entry.get(8..)?)
        };
        let length = count.checked_mul(width_of(kind))?;
        // Values that fit stand in place of their offset.
        let inside = usize::try_from(length)
            .ok()
            .and_then(|length| place.get(..length));
        let (value, end) = if let Some(value) = inside {
            (value, 0)
        } else {
            let at = number(place, order);
            (self.file.available(at, length).0, at.saturating_add(length))
        };
        Some((
            tag,
            Field {
                kind,
                count,
                value,
                end,
                big_endian: order,
            },
        ))
    }

    /// The first whole number of a tag.
    pub(crate) fn number(&self, tag: u16) -> Option<u64> {
        self.field(tag)?.number(0)
    }

    /// Width and height in pixels.
    pub(crate) fn size(&self) -> Option<(u32, u32)> {
        let side = |tag| self.number(tag).and_then(|n| u32::try_from(n).ok());
        Some((side(tag::WIDTH)?, side(tag::HEIGHT)?))
    }

    /// A smaller version of another image of the file.
    pub(crate) fn is_reduced(&self) -> bool {
        self.number(tag::SUBFILE_TYPE).is_some_and(|kind| kind & 1 == 1)
            || self.number(tag::OLD_SUBFILE_TYPE) == Some(2)
    }

    /// No image, but which part of another one is seen.
    pub(crate) fn is_mask(&self) -> bool {
        self.number(tag::SUBFILE_TYPE).is_some_and(|kind| kind & 4 == 4)
            || self.number(tag::PHOTOMETRIC) == Some(4)
    }
}

/// Bytes of one value of a type; unknown types count as bytes.
fn width_of(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 1,
    }
}

impl Field<'_> {
    /// BYTE, SHORT, LONG, IFD, LONG8 or IFD8 at a place; `None` for other types and beyond the end.
    pub(crate) fn number(&self, at: u64) -> Option<u64> {
        if !matches!(self.kind, 1 | 3 | 4 | 13 | 16 | 18) || at >= self.count {
            return None;
        }
        let width = width_of(self.kind);
        let from = usize::try_from(at.checked_mul(width)?).ok()?;
        let bytes = self.value.get(from..from + usize::try_from(width).ok()?)?;
        Some(number(bytes, self.big_endian))
    }

    /// RATIONAL, or a whole number, at a place.
    pub(crate) fn real(&self, at: u64) -> Option<f64> {
        if self.kind != 5 {
            return self.number(at).and_then(|n| u32::try_from(n).ok()).map(f64::from);
        }
        let from = usize::try_from(at.checked_mul(8)?).ok()?;
        let part = |at: usize| {
            let bytes = self.value.get(at..at + 4)?;
            u32::try_from(number(bytes, self.big_endian)).ok().map(f64::from)
        };
        let (over, under) = (part(from)?, part(from + 4)?);
        (under != 0.0).then(|| over / under)
    }

    /// Exactly one value of type SHORT.
    pub(crate) fn one_short(&self) -> Option<u64> {
        if self.kind == 3 && self.count == 1 {
            self.number(0)
        } else {
            None
        }
    }

    /// A text up to its terminator.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        if self.kind == 2 {
            self.value.split(|byte| *byte == 0).next()
        } else {
            None
        }
    }
}
