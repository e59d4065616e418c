//! What a blob is called: 32 bytes that only the patient's key can connect with a content.

use std::fmt;

use cutis_domain::Digest;
use object_store::path::Path;

/// A blob's name. In the store it is `aa/<64 hexadecimal digits>`, where `aa` are the first two, so
/// that no folder grows large: a million blobs are four thousand in each of 256. The folders are all
/// made beforehand; a second level would be made as images come, at two syncs more for nearly each.
/// Names never contain anything from outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName([u8; 32]);

impl BlobName {
    /// The name with these bytes, for instance from a database row.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn path(self) -> Path {
        Path::from(format!("{}/{self}", self.folder()))
    }

    /// The folder that the blob lies in.
    pub(crate) fn folder(self) -> String {
        let [first, ..] = self.0;
        format!("{first:02x}")
    }

    /// The name of a place in the store; `None` for anything this program does not put there.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        let digest: Digest = path.filename()?.parse().ok()?;
        let name = Self(*digest.as_bytes());
        (name.path() == *path).then_some(name)
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Digest::from_bytes(self.0).fmt(f)
    }
}

impl fmt::Debug for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobName({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_are_inverses_and_nothing_else_is_a_place() {
        let name = BlobName::from_bytes(std::array::from_fn(|i| u8::try_from(i * 7).unwrap()));
        let place = name.path();
        assert_eq!(place.as_ref(), format!("00/{name}"));
        assert_eq!(BlobName::at(&place), Some(name));
        for other in [
            format!("01/{name}"),
            format!("{name}"),
            format!("00/{name}0"),
            format!("x/00/{name}"),
            format!("00/{}", name.to_string().to_uppercase()),
            "00/notes.txt".to_owned(),
        ] {
            assert_eq!(BlobName::at(&Path::from(other.as_str())), None, "{other}");
        }
    }
}
