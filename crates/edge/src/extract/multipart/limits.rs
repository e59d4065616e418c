//! How much of a form may be anything but contents.

/// Characters of a boundary (RFC 2046).
pub(super) const BOUNDARY: usize = 70;
/// Bytes before the first part. Browsers and curl send none.
pub(super) const PREAMBLE: usize = 1024;
/// Bytes of one part's head.
pub(super) const HEAD: usize = 8 * 1024;
/// Fields in one part's head.
pub(super) const FIELDS: usize = 16;
/// Parts of one form, whatever the route says.
pub(super) const PARTS: usize = 256;
