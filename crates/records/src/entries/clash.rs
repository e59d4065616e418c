//! What a change is refused with when somebody else changed the same since.

use cutis_domain::entry::Entry;
use cutis_storage::StorageError;
use cutis_storage::port::EntriesRead;

use super::change::Shown;
use super::{Clash, EntryError};

/// The refusal, with who made the value that holds, and when.
pub(super) fn clash(
    inside: &(dyn EntriesRead + '_),
    found: &Entry,
    theirs: Shown,
) -> Result<EntryError, StorageError> {
    let version = found.versions.of(theirs.field());
    let changes = inside.revisions_to(found.id, theirs.field(), version)?;
    let (by, at) = changes.last().map_or_else(
        || (found.author.clone(), found.recorded_at),
        |change| (change.head.author.clone(), change.head.at),
    );
    Ok(EntryError::Clash(Box::new(Clash {
        patient: found.patient,
        entry: found.id,
        theirs,
        version,
        by,
        at,
    })))
}
