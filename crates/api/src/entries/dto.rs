//! Visits on the wire.

mod change;
mod revisions;
mod shown;

pub(crate) use change::SignInput;
pub use change::{EntryInput, EntryPatch, EntryVersionsSent, LayoutInput, RestoreInput};
pub use revisions::{Restored, Revision, RevisionList, RevisionNotes};
pub(crate) use shown::people_in;
pub use shown::{
    Addendum, AddendumInput, Entry, EntryDetail, EntryList, EntrySections, EntryVersions, ListedEntry,
    Person, SignedBy,
};
