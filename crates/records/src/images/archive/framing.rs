//! The frame of a ZIP file that is written from front to back (APPNOTE.TXT 6.3.10): stored, because images are compressed
//! already. Size and checksum of a file are known before its first byte, so there are no data descriptors, and every
//! unpacker can read it, also one that reads from the front. Beyond 4 GiB the directory at the end is in ZIP64.

use cutis_domain::Timestamp;
use cutis_domain::time::Zone;

/// How local header, central header, and the ends begin.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;

/// The version of the format that is needed to read a file: 2.0, or 4.5 where ZIP64 is.
const PLAIN: u16 = 20;
const WITH_64: u16 = 45;
/// Made on Unix, so that what follows are its rights: a file that its owner writes and others read.
const MADE_BY: u16 = 3 << 8 | WITH_64;
const RIGHTS: u32 = 0o100_644 << 16;
/// Stands where ZIP64 has the number.
const ELSEWHERE: u32 = u32::MAX;

/// A file in the archive.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Its name: ASCII, unique in the archive.
    pub(super) name: String,
    /// Its size in bytes. No photo is larger: the practice's limit is at most 256 MiB.
    pub(super) bytes: u32,
    /// The CRC-32 of its content.
    pub(super) crc: u32,
}

/// What was written so far.
#[derive(Debug)]
pub(super) struct Framing {
    /// Time and date of every file, as MS-DOS has them.
    at: (u16, u16),
    offset: u64,
    directory: Vec<u8>,
    count: u64,
}

impl Framing {
    /// An archive whose files all have this time.
    pub(super) fn new(at: Timestamp, zone: &Zone) -> Self {
        Self {
            at: dos(at, zone),
            offset: 0,
            directory: Vec::new(),
            count: 0,
        }
    }

    /// What comes before a file's content, which must follow whole.
    pub(super) fn begin(&mut self, file: &File) -> Vec<u8> {
        let name = file.name.as_bytes();
        let mut local = Vec::with_capacity(30_usize.saturating_add(name.len()));
        put32(&mut local, LOCAL);
        put16(&mut local, PLAIN);
        self.both(&mut local, file, 0);
        local.extend_from_slice(name);

        let near = u32::try_from(self.offset)
            .ok()
            .filter(|offset| *offset != ELSEWHERE);
        let mut directory = std::mem::take(&mut self.directory);
        put32(&mut directory, CENTRAL);
        put16(&mut directory, MADE_BY);
        put16(&mut directory, if near.is_some() { PLAIN } else { WITH_64 });
        self.both(&mut directory, file, if near.is_some() { 0 } else { 12 });
        // No comment, on the first disk, nothing to say of its kind.
        put16(&mut directory, 0);
        put16(&mut directory, 0);
        put16(&mut directory, 0);
        put32(&mut directory, RIGHTS);
        put32(&mut directory, near.unwrap_or(ELSEWHERE));
        directory.extend_from_slice(name);
        if near.is_none() {
            put16(&mut directory, 1);
            put16(&mut directory, 8);
            put64(&mut directory, self.offset);
        }
        self.directory = directory;
        self.offset = self
            .offset
            .saturating_add(length(local.len()))
            .saturating_add(file.bytes.into());
        self.count = self.count.saturating_add(1);
        local
    }

    /// What local and central header have in common, from the flags to the lengths.
    fn both(&self, out: &mut Vec<u8>, file: &File, extra: u16) {
        let (time, date) = self.at;
        put16(out, 0);
        put16(out, 0);
        put16(out, time);
        put16(out, date);
        put32(out, file.crc);
        put32(out, file.bytes);
        put32(out, file.bytes);
        put16(out, u16::try_from(file.name.len()).unwrap_or(u16::MAX));
        put16(out, extra);
    }

    /// What comes after the last file's content.
    pub(super) fn end(self) -> Vec<u8> {
        let size = length(self.directory.len());
        let mut end = self.directory;
        let small = |number: u64| u32::try_from(number).ok().filter(|number| *number != ELSEWHERE);
        let count = u16::try_from(self.count).ok().filter(|count| *count != u16::MAX);
        if count.is_none() || small(size).is_none() || small(self.offset).is_none() {
            put32(&mut end, END_64);
            put64(&mut end, 44);
            put16(&mut end, MADE_BY);
            put16(&mut end, WITH_64);
            put32(&mut end, 0);
            put32(&mut end, 0);
            put64(&mut end, self.count);
            put64(&mut end, self.count);
            put64(&mut end, size);
            put64(&mut end, self.offset);
            put32(&mut end, LOCATOR_64);
            put32(&mut end, 0);
            put64(&mut end, self.offset.saturating_add(size));
            put32(&mut end, 1);
        }
        put32(&mut end, END);
        put16(&mut end, 0);
        put16(&mut end, 0);
        put16(&mut end, count.unwrap_or(u16::MAX));
        put16(&mut end, count.unwrap_or(u16::MAX));
        put32(&mut end, small(size).unwrap_or(ELSEWHERE));
        put32(&mut end, small(self.offset).unwrap_or(ELSEWHERE));
        put16(&mut end, 0);
        end
    }

    /// How long the whole archive is if it ends here.
    pub(super) fn length(self) -> u64 {
        let offset = self.offset;
        offset.saturating_add(length(self.end().len()))
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Time and date as MS-DOS has them: of a clock on the wall, from 1980 to 2107, in steps of two seconds.
fn dos(at: Timestamp, zone: &Zone) -> (u16, u16) {
    let ((year, month, day), (hour, minute, second)) = at.on_the_wall(zone);
    let Some(years) = u16::try_from(year).ok().and_then(|year| year.checked_sub(1980)) else {
        return (0, 1 << 5 | 1);
    };
    (
        u16::from(hour) << 11 | u16::from(minute) << 5 | u16::from(second / 2),
        years.min(127) << 9 | u16::from(month) << 5 | u16::from(day),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    fn file(number: u32, bytes: u32) -> File {
        File {
            name: format!("{number:03}.jpg"),
            bytes,
            crc: number,
        }
    }

    #[test]
    fn times_are_those_of_the_clock_on_the_wall() {
        let zone = Zone::parse("America/Toronto").expect("a zone");
        let (time, date) = dos(at("2026-01-02T03:04:05Z"), &zone);
        assert_eq!((time >> 11, time >> 5 & 63, time & 31), (22, 4, 2));
        assert_eq!((date >> 9, date >> 5 & 15, date & 31), (46, 1, 1));
        assert_eq!(dos(at("1970-01-01T00:00:00Z"), &zone), (0, 33));
        assert_eq!(dos(at("2500-01-01T12:00:00Z"), &zone).1 >> 9, 127);
    }

    /// Beyond 4 GiB the directory says in 64 bits where a file begins, and the end in 64 bits where the directory does.
    #[test]
    fn i5_far_files_are_found_by_zip64() {
        let mut framing = Framing::new(Timestamp::EPOCH, &Zone::utc());
        let mut starts = Vec::new();
        for number in 0..6 {
            starts.push(framing.offset);
            framing.begin(&file(number, 1 << 30));
        }
        let offset = framing.offset;
        let end = framing.end();
        let plain = &end[end.len() - 22..];
        assert_eq!(plain[..4], END.to_le_bytes());
        assert_eq!(plain[16..20], ELSEWHERE.to_le_bytes());
        let whole = &end[end.len() - 22 - 20 - 56..];
        assert_eq!(whole[..4], END_64.to_le_bytes());
        assert_eq!(whole[48..56], offset.to_le_bytes());
        let far = |start: &u64| {
            let mut found = end.windows(12);
            found.any(|bytes| bytes[..4] == [1, 0, 8, 0] && bytes[4..] == start.to_le_bytes())
        };
        let far: Vec<bool> = starts.iter().map(far).collect();
        assert_eq!(far, [false, false, false, false, true, true]);
    }

    /// The length is known before anything is sent, also where ZIP64 makes the end longer.
    #[test]
    fn i5_the_length_is_that_of_what_is_written() {
        for bytes in [0, 7, 1 << 30] {
            let mut written = 0;
            let (mut one, mut other) = (
                Framing::new(Timestamp::EPOCH, &Zone::utc()),
                Framing::new(Timestamp::EPOCH, &Zone::utc()),
            );
            for number in 0..7 {
                written += length(one.begin(&file(number, bytes)).len()) + u64::from(bytes);
                other.begin(&file(number, bytes));
            }
            written += length(one.end().len());
            assert_eq!(other.length(), written);
        }
    }
}
