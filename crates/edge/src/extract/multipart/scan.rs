//! Finds the line that ends a part, once through every byte.

use memchr::memmem::Finder;

/// Looks for one boundary.
#[derive(Debug)]
pub(super) struct Scan {
    /// Line break, two hyphens, boundary.
    finder: Finder<'static>,
}

/// What there is in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Contents, then a boundary.
    Boundary {
        /// Bytes of contents.
        before: usize,
        /// Bytes of the boundary.
        behind: usize,
    },
    /// Contents; what follows them may be the beginning of a boundary.
    Nothing {
        /// Bytes that are contents in any case.
        before: usize,
    },
}

impl Scan {
    pub(super) fn new(boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}");
        Self {
            finder: Finder::new(delimiter.as_bytes()).into_owned(),
        }
    }

    /// Looks through a buffer. At the body's end nothing more may come, so a beginning is none.
    pub(super) fn look(&self, buffer: &[u8], ended: bool) -> Found {
        let delimiter = self.finder.needle();
        if let Some(before) = self.finder.find(buffer) {
            return Found::Boundary {
                before,
                behind: delimiter.len(),
            };
        }
        if ended {
            return Found::Nothing { before: buffer.len() };
        }
        // A boundary that has begun begins with its line break; of that there is one at most that counts.
        let tail = buffer.len().saturating_sub(delimiter.len().saturating_sub(1));
        let last = buffer.get(tail..).unwrap_or_default();
        let begun = memchr::memchr_iter(b'\r', last)
            .find(|at| last.get(*at..).is_some_and(|rest| delimiter.starts_with(rest)));
        Found::Nothing {
            before: begun.map_or(buffer.len(), |at| tail.saturating_add(at)),
        }
    }
}
