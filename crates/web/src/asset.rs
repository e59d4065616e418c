//! One file of the client, ready to be sent.

use std::borrow::Cow;
use std::fmt;

use data_encoding::HEXLOWER;

/// How long a browser may keep a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheClass {
    /// The name carries a digest of the content, so the file under this name never changes:
    /// `public, max-age=31536000, immutable`.
    Immutable,
    /// Must come from the server each time (C39): `no-store`.
    NoStore,
}

/// A compressed form that the client build wrote beside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli, the smaller one.
    Brotli,
    /// Gzip, for clients without Brotli (browsers offer Brotli over HTTPS only).
    Gzip,
}

impl Encoding {
    /// The token of `Accept-Encoding` and `Content-Encoding`.
    #[must_use]
    pub const fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the client build appends to the file's name, the dot included.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// A file of the client: what to send and how it may be kept.
#[derive(Clone)]
pub struct Asset {
    bytes: Cow<'static, [u8]>,
    media_type: &'static str,
    digest: [u8; 32],
    cache: CacheClass,
    encoding: Option<Encoding>,
}

impl Asset {
    pub(crate) const fn new(
        bytes: Cow<'static, [u8]>,
        media_type: &'static str,
        digest: [u8; 32],
        cache: CacheClass,
    ) -> Self {
        Self {
            bytes,
            media_type,
            digest,
            cache,
            encoding: None,
        }
    }

    pub(crate) const fn encoded(mut self, encoding: Encoding) -> Self {
        self.encoding = Some(encoding);
        self
    }

    /// The content, in the form that [`Asset::encoding`] names.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content by value, without a copy (the bytes live in the binary).
    #[must_use]
    pub fn into_bytes(self) -> Cow<'static, [u8]> {
        self.bytes
    }

    /// The media type of the decoded content, with its charset for text.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The SHA-256 of these very bytes as 64 lower-case hex digits. Each encoding of a file has its
    /// own, so in quotes it is a strong entity tag (RFC 9110, 8.8.3).
    #[must_use]
    pub fn digest_tag(&self) -> String {
        HEXLOWER.encode(&self.digest)
    }

    /// How long a browser may keep it.
    #[must_use]
    pub const fn cache(&self) -> CacheClass {
        self.cache
    }

    /// The encoding of the bytes; `None` when they are the file itself.
    #[must_use]
    pub const fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }
}

impl fmt::Debug for Asset {
    /// Without the content, which is hundreds of kilobytes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Asset")
            .field("length", &self.bytes.len())
            .field("media_type", &self.media_type)
            .field("digest_tag", &self.digest_tag())
            .field("cache", &self.cache)
            .field("encoding", &self.encoding)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_tag_is_lower_case_hex() {
        let mut digest = [0_u8; 32];
        digest[0] = 0xab;
        digest[31] = 0x0f;
        let asset = Asset::new(Cow::Borrowed(b"x"), "text/plain", digest, CacheClass::NoStore);
        let tag = asset.digest_tag();
        assert_eq!(tag.len(), 64);
        assert!(tag.starts_with("ab00"), "{tag}");
        assert!(tag.ends_with("000f"), "{tag}");
    }

    #[test]
    fn debug_output_leaves_the_content_out() {
        let asset = Asset::new(
            Cow::Borrowed(b"secret sauce"),
            "text/plain",
            [0; 32],
            CacheClass::NoStore,
        );
        assert!(!format!("{asset:?}").contains("115, 101"));
    }
}
