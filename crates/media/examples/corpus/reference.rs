//! The other reader, in a process of its own, and images as few enough numbers to be compared.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use image::RgbImage;

/// Cells across and down at most: means over them make two readers' ways of scaling and rounding alike.
const MOST_CELLS: u32 = 96;

/// A image's size, and the means of its cells.
#[derive(Debug, Clone)]
pub(crate) struct Cells {
    size: (u32, u32),
    means: Vec<u8>,
}

impl Cells {
    /// Of a image of this size, shown in this one or smaller.
    pub(crate) fn of(size: (u32, u32), shown: &RgbImage) -> Self {
        let grid = (size.0.min(MOST_CELLS), size.1.min(MOST_CELLS));
        let cells = if shown.dimensions() == grid {
            shown.clone()
        } else {
            image::imageops::resize(shown, grid.0, grid.1, image::imageops::FilterType::Triangle)
        };
        Self {
            size,
            means: cells.into_raw(),
        }
    }

    /// Mean difference a channel; `None` for images of different sizes.
    pub(crate) fn difference(&self, other: &Self) -> Option<f64> {
        if self.size != other.size || self.means.len() != other.means.len() {
            return None;
        }
        let pairs = self.means.iter().zip(&other.means);
        let sum: u32 = pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        let count = u32::try_from(self.means.len().max(1)).ok()?;
        Some(f64::from(sum) / f64::from(count))
    }
}

/// A process that answers for one file after another.
pub(crate) struct Reader {
    /// What it calls itself.
    pub(crate) name: String,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Reader {
    pub(crate) fn start(python: &OsStr) -> Result<Self> {
        let mut child = Command::new(python)
            .arg("-c")
            .arg(include_str!("reference.py"))
            .arg(MOST_CELLS.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let gone = || Error::new(ErrorKind::BrokenPipe, "the reference gave no pipes");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().ok_or_else(gone)?);
        let mut name = String::new();
        output.read_line(&mut name)?;
        if name.is_empty() {
            return Err(Error::new(
                ErrorKind::NotFound,
                "this Python has no Pillow; `just corpus` installs it",
            ));
        }
        Ok(Self {
            name: name.trim().to_owned(),
            child,
            input,
            output,
        })
    }

    /// What it makes of a file, or why it makes nothing of it.
    pub(crate) fn look(&mut self, path: &Path) -> Result<std::result::Result<Cells, String>> {
        let gone = || Error::new(ErrorKind::BrokenPipe, "the reference is gone");
        let input = self.input.as_mut().ok_or_else(gone)?;
        writeln!(input, "{}", path.display())?;
        input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        if line.is_empty() {
            return Err(gone());
        }
        if let Some(reason) = line.strip_prefix("- ") {
            return Ok(Err(reason.trim().to_owned()));
        }
        let numbers: Vec<u32> = line
            .split_whitespace()
            .filter_map(|number| number.parse().ok())
            .collect();
        let &[width, height, wide, high] = numbers.as_slice() else {
            return Err(gone());
        };
        let length = usize::try_from(u64::from(wide) * u64::from(high) * 3).map_err(Error::other)?;
        let mut means = vec![0; length];
        self.output.read_exact(&mut means)?;
        Ok(Ok(Cells {
            size: (width, height),
            means,
        }))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends when its input does.
        self.input = None;
        drop(self.child.wait());
    }
}
