//! How an account looks at an entry (E2, E4).

use crate::{Invalid, Read};

/// Which sections are open (E2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sections {
    /// The workspace.
    pub workspace: bool,
    /// The comparisons.
    pub comparisons: bool,
    /// Tags and notes.
    pub notes: bool,
}

/// Which day comes first (E4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The oldest.
    Ascending,
    /// The newest.
    Descending,
}

impl Direction {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(code: &str) -> Read<Self> {
        match code {
            "ascending" => Ok(Self::Ascending),
            "descending" => Ok(Self::Descending),
            _ => Err(Invalid::new("order", "Choose ascending or descending.")),
        }
    }
}

/// How large thumbnails are (E4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThumbSize {
    /// Many at a glance.
    Small,
    /// In between.
    Medium,
    /// Details to be seen.
    Large,
}

impl ThumbSize {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// Parses a code.
    ///
    /// # Errors
    /// When it is none of the three.
    pub fn parse(code: &str) -> Read<Self> {
        match code {
            "small" => Ok(Self::Small),
            "medium" => Ok(Self::Medium),
            "large" => Ok(Self::Large),
            _ => Err(Invalid::new("size", "Choose small, medium or large.")),
        }
    }
}

/// How an account looks at an entry, remembered for both (E2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Which sections are open.
    pub sections: Sections,
    /// Which day comes first.
    pub direction: Direction,
    /// How large thumbnails are.
    pub size: ThumbSize,
}

impl Default for Layout {
    /// Everything open, the newest day first.
    fn default() -> Self {
        Self {
            sections: Sections {
                workspace: true,
                comparisons: true,
                notes: true,
            },
            direction: Direction::Descending,
            size: ThumbSize::Medium,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_parse_back() {
        for direction in [Direction::Ascending, Direction::Descending] {
            assert_eq!(Direction::parse(direction.code()), Ok(direction));
        }
        for size in [ThumbSize::Small, ThumbSize::Medium, ThumbSize::Large] {
            assert_eq!(ThumbSize::parse(size.code()), Ok(size));
        }
        assert!(Direction::parse("up").is_err() && ThumbSize::parse("huge").is_err());
    }
}
