//! Every kind of identifier, in one list. All are UUIDs; new ones are version 7 (RFC 9562), made in
//! Rust by [`crate::Ids`], so that no backend has to.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Invalid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The identifier with these sixteen bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes, most significant first.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.as_hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                // Only the hyphenated form: one identifier has one spelling, in logs and in URLs.
                if text.len() == 36 {
                    if let Ok(uuid) = Uuid::try_parse(text) {
                        return Ok(Self(uuid));
                    }
                }
                Err(Invalid::new("id", "Use a UUID such as 018f3c5e-7b1a-7c3d-9a4b-2f6d8e1c0a57."))
            }
        }
    )+};
}

ids! {
    /// An account of the installation (A1); also the owner of clinical data (A10).
    AccountId,
    /// A later remark on a signed entry (E5).
    AddendumId,
    /// One archive of photos being downloaded (I5).
    ArchiveId,
    /// A comparison group of an entry (C1).
    ComparisonId,
    /// A consent record (N3).
    ConsentId,
    /// An entry: one visit of one patient (E1).
    EntryId,
    /// One image of one patient's pool (I1).
    ImageId,
    /// An open page, or whatever else sends edits of entries: made by itself (S1).
    ClientId,
    /// A patient.
    PatientId,
    /// A custom field: one that the practice defined for its patients (P2).
    CustomFieldId,
    /// One request, named in answers and logs.
    RequestId,
    /// One sign-in (A7). Not the secret in the cookie.
    SessionId,
    /// A category of tags (T1).
    TagCategoryId,
    /// A tag (T1).
    TagId,
    /// The client's identifier of one upload, so that a retry is recognised (I4).
    UploadKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_round_trips() {
        let id = PatientId::from_bytes([7; 16]);
        assert_eq!(id.to_string().parse::<PatientId>(), Ok(id));
        assert!("07070707070707070707070707070707".parse::<PatientId>().is_err());
        assert!(
            "{07070707-0707-0707-0707-070707070707}"
                .parse::<PatientId>()
                .is_err()
        );
        assert!("../../etc/passwd".parse::<PatientId>().is_err());
    }
}
