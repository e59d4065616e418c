//! Bounded lists. A list always takes a limit, and its continuation is an opaque cursor.

use crate::Invalid;

/// The number of items of a page: 1 to 100 (P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The maximum size of a page.
    pub const MAX: u16 = 100;

    /// Parses a page size; more than a hundred is refused, not cut (P4).
    ///
    /// # Errors
    /// When it is 0 or more than 100.
    pub fn parse(items: i64) -> Result<Self, Invalid> {
        u16::try_from(items)
            .ok()
            .filter(|items| (1..=Self::MAX).contains(items))
            .map(Self)
            .ok_or_else(|| Invalid::new("limit", "Use a page size from 1 to 100."))
    }

    /// The number of items.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// One page of a list, and where the next one starts.
#[derive(Debug, Clone)]
pub struct Page<T, C> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// Removes the item beyond the limit, if there is one, and makes the cursor of the last remaining item.
    pub fn from_one_more(mut items: Vec<T>, limit: Limit, cursor: impl FnOnce(&T) -> C) -> Self {
        let more = items.len() > limit.get();
        items.truncate(limit.get());
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P4: a page size up to 100, more is refused.
    #[test]
    fn page_size_is_bounded() {
        assert!(Limit::parse(100).is_ok());
        assert!(Limit::parse(101).is_err());
        assert!(Limit::parse(0).is_err());
        assert!(Limit::parse(-1).is_err());
    }

    #[test]
    fn the_extra_item_only_says_that_there_is_more() {
        let limit = Limit::parse(2).expect("valid");
        let page = Page::from_one_more(vec![1, 2, 3], limit, |n| *n);
        assert_eq!((page.items, page.next), (vec![1, 2], Some(2)));
        let page = Page::from_one_more(vec![1, 2], limit, |n| *n);
        assert_eq!((page.items, page.next), (vec![1, 2], None));
    }
}
