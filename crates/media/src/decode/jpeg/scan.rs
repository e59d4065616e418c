//! One scan: its tables, and the data of an interval counted or written.

use super::coded::BitWriter;
use super::huffman::{Definition, Table, Tables};
use super::layout::{Layout, Scan};
use super::progressive::{self, Band, Progress};
use super::rewrite::Rewriter;
use super::{sequential, standard};
use crate::num::index;

/// A scan with its tables built.
#[derive(Debug)]
pub(super) struct Reader<'s> {
    scan: &'s Scan,
    progressive: bool,
    /// One for each part, in the scan's order: table for DC, table for AC, blocks in an MCU.
    parts: Vec<(Option<Table>, Option<Table>, u32)>,
    /// Some table was not in the file.
    pub(super) used_standard_tables: bool,
}

impl<'s> Reader<'s> {
    /// Builds the tables. `None` when one is no table or is neither in the file nor one of the standard's.
    ///
    /// With `complete`, each of them gets a code for what is written in place of missing data.
    pub(super) fn new(scan: &'s Scan, layout: &Layout, tables: &Tables<'_>, complete: bool) -> Option<Self> {
        let mut used_standard_tables = false;
        let mut build = |here: Option<&Definition<'_>>, standard: Option<Definition<'static>>| {
            used_standard_tables |= here.is_none();
            let table = Table::new(here.copied().or(standard).as_ref()?)?;
            if complete {
                Some(table.clone().with(0).unwrap_or(table))
            } else {
                Some(table)
            }
        };
        let mut parts = Vec::with_capacity(scan.parts.len());
        for part in &scan.parts {
            let dc = if scan.needs_dc() {
                Some(build(tables.dc(part.dc), standard::dc(part.dc))?)
            } else {
                None
            };
            let ac = if scan.needs_ac() {
                Some(build(tables.ac(part.ac), standard::ac(part.ac))?)
            } else {
                None
            };
            parts.push((dc, ac, layout.blocks_in_mcu(scan, part)));
        }
        Some(Self {
            scan,
            progressive: layout.progressive,
            parts,
            used_standard_tables,
        })
    }

    /// Counts the MCUs of an interval. `set` are the masks of its blocks, which only progressive AC scans need.
    pub(super) fn count(&self, data: &[u8], want: u64, set: &mut [u64]) -> Progress {
        if !self.progressive {
            return sequential::count_mcus(data, &self.blocks(), want);
        }
        if self.scan.needs_ac() {
            let Some(table) = self.band_table() else {
                return Progress::default();
            };
            return if self.scan.high == 0 {
                progressive::count_first(data, table, self.band(), set)
            } else {
                progressive::count_refinement(data, table, self.band(), set)
            };
        }
        if self.scan.high == 0 {
            progressive::count_dc(data, &self.dc_tables(), want)
        } else {
            progressive::count_dc_bits(data, self.blocks_in_mcu(), want)
        }
    }

    /// The data of an interval as it should be: what there was, the rest flat. `set` are the masks of the missing blocks.
    pub(super) fn completed(
        &self,
        data: &[u8],
        progress: Progress,
        missing: u64,
        set: &[u64],
    ) -> Option<Vec<u8>> {
        let mut writer = BitWriter::default();
        writer.copy(data, progress.bits);
        if missing == 0 {
            return Some(writer.finish());
        }
        if !self.progressive {
            sequential::write_flat(&self.blocks(), missing, &mut writer)?;
        } else if self.scan.needs_ac() {
            let band = (self.scan.high > 0).then(|| self.band());
            progressive::write_flat_band(self.band_table()?, band, set, progress.run, &mut writer)?;
        } else if self.scan.high == 0 {
            let codes: Vec<(u16, u32)> = self
                .dc_tables()
                .iter()
                .map(|table| table.code(0))
                .collect::<Option<_>>()?;
            for _ in 0..missing {
                for (code, length) in &codes {
                    writer.put(*code, *length);
                }
            }
        } else {
            for _ in 0..missing * u64::from(self.blocks_in_mcu()) {
                writer.put(0, 1);
            }
        }
        Some(writer.finish())
    }

    /// Writes the tables that the scan reads.
    pub(super) fn write_tables(&self, into: &mut Rewriter) {
        for (part, (dc, ac, _)) in self.scan.parts.iter().zip(&self.parts) {
            if let Some(table) = dc {
                into.table(0, part.dc, table);
            }
            if let Some(table) = ac {
                into.table(1, part.ac, table);
            }
        }
    }

    fn blocks(&self) -> Vec<sequential::Block<'_>> {
        self.parts
            .iter()
            .filter_map(|(dc, ac, many)| {
                Some(std::iter::repeat_n((dc.as_ref()?, ac.as_ref()?), index(*many)))
            })
            .flatten()
            .collect()
    }

    fn dc_tables(&self) -> Vec<&Table> {
        self.parts
            .iter()
            .filter_map(|(dc, _, many)| Some(std::iter::repeat_n(dc.as_ref()?, index(*many))))
            .flatten()
            .collect()
    }

    fn band_table(&self) -> Option<&Table> {
        self.parts.first().and_then(|(_, ac, _)| ac.as_ref())
    }

    fn blocks_in_mcu(&self) -> u32 {
        self.parts.iter().map(|(_, _, many)| many).sum()
    }

    fn band(&self) -> Band {
        Band {
            first: self.scan.first,
            last: self.scan.last,
        }
    }
}
