//! Finding a file of the client by the path of a request.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

use crate::asset::{Asset, CacheClass, Encoding};
use crate::media_type;

#[derive(RustEmbed)]
#[folder = "client/dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
/// Where the client build puts the files whose names carry a digest.
const HASHED: &str = "assets/";
const NOT_BUILT: &[u8] = include_bytes!("not_built.html");
/// Stands for the digest of the notice page, which no browser may keep anyway.
const NOT_BUILT_DIGEST: [u8; 32] = [0; 32];

type Lookup = fn(&str) -> Option<EmbeddedFile>;

/// The client's files. Cheap to copy: they live in the binary.
#[derive(Clone, Copy, Debug)]
pub struct Assets {
    lookup: Lookup,
}

impl Default for Assets {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Assets {
    /// The files that were in `client/dist` when the binary was built.
    #[must_use]
    pub fn embedded() -> Self {
        Self { lookup: Dist::get }
    }

    /// Whether the binary carries a client; if not, every page is the notice that says how to build it.
    #[must_use]
    pub fn is_built(self) -> bool {
        (self.lookup)(INDEX).is_some()
    }

    /// The answer for a path (with or without its first slash, no query) in the best of the accepted
    /// encodings, which the caller lists in order of preference.
    ///
    /// A path that names no file is a page of the single-page client and gives its `index.html`;
    /// one that must be a file (below `assets/`, or with a dot in its last segment) gives `None`.
    #[must_use]
    pub fn resolve(self, path: &str, accepted: &[Encoding]) -> Option<Asset> {
        let path = path.strip_prefix('/').unwrap_or(path);
        if let Some(asset) = self.file(path, accepted) {
            return Some(asset);
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        if path.starts_with(HASHED) || last.contains('.') {
            return None;
        }
        Some(self.index(accepted))
    }

    /// The file of exactly this name (no first slash), uncompressed. `index.html` is always found:
    /// the notice page stands in for it.
    #[must_use]
    pub fn find(self, name: &str) -> Option<Asset> {
        if name == INDEX {
            return Some(self.index(&[]));
        }
        self.file(name, &[])
    }

    /// The client's first page, or the notice page when no client was built.
    #[must_use]
    pub fn index(self, accepted: &[Encoding]) -> Asset {
        self.file(INDEX, accepted).unwrap_or_else(|| {
            Asset::new(
                Cow::Borrowed(NOT_BUILT),
                media_type::of(INDEX),
                NOT_BUILT_DIGEST,
                CacheClass::NoStore,
            )
        })
    }

    fn file(self, path: &str, accepted: &[Encoding]) -> Option<Asset> {
        // The compressed forms are not files of their own.
        let is_variant = [Encoding::Brotli, Encoding::Gzip]
            .iter()
            .any(|encoding| path.ends_with(encoding.suffix()));
        if is_variant {
            return None;
        }
        let plain = (self.lookup)(path)?;
        let cache = if path.starts_with(HASHED) {
            CacheClass::Immutable
        } else {
            CacheClass::NoStore
        };
        let asset = |file: EmbeddedFile| {
            let digest = file.metadata.sha256_hash();
            Asset::new(file.data, media_type::of(path), digest, cache)
        };
        let smaller = accepted.iter().find_map(|encoding| {
            let variant = (self.lookup)(&format!("{path}{}", encoding.suffix()))?;
            Some(asset(variant).encoded(*encoding))
        });
        Some(smaller.unwrap_or_else(|| asset(plain)))
    }
}

#[cfg(test)]
mod tests;
