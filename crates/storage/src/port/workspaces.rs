//! The images of entries' workspaces (E4), and entries' comparison groups (C1), of one patient.

use cutis_domain::comparison::Comparison;
use cutis_domain::{ComparisonId, EntryId, ImageId, Timestamp};

use crate::OpenEntry;
use crate::error::Result;

/// Reading workspaces and comparisons.
pub trait WorkspacesRead {
    /// The images of an entry's workspace, in the order of the pool, newest first; at most
    /// [`cutis_domain::comparison::MAX_WORKSPACE`].
    ///
    /// # Errors
    /// When the database fails.
    fn workspace(&self, entry: EntryId) -> Result<Vec<ImageId>>;

    /// The comparison groups of an entry in their order; at most
    /// [`cutis_domain::comparison::MAX_COMPARISONS`].
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn comparisons(&self, entry: EntryId) -> Result<Vec<Comparison>>;

    /// One comparison group.
    ///
    /// # Errors
    /// As [`WorkspacesRead::comparisons`].
    fn comparison(&self, id: ComparisonId) -> Result<Option<Comparison>>;
}

/// Changing workspaces and comparisons, of entries that are open (E5). Each change sets the patient's last change (P3).
pub trait WorkspacesWrite<'tx> {
    /// Puts an image into an entry's workspace; says whether that is new.
    ///
    /// # Errors
    /// `Conflict` when one of them is not this patient's.
    fn add_to_workspace(&mut self, entry: &OpenEntry<'tx>, image: ImageId, at: Timestamp) -> Result<bool>;

    /// Takes an image out of an entry's workspace; says whether it was there.
    ///
    /// # Errors
    /// When the database fails.
    fn remove_from_workspace(
        &mut self,
        entry: &OpenEntry<'tx>,
        image: ImageId,
        at: Timestamp,
    ) -> Result<bool>;

    /// Adds a comparison group at this place among those of its entry, the first being 0.
    ///
    /// # Errors
    /// `Conflict` when it is another entry's, or the entry or one of its images is not this patient's.
    fn insert_comparison(
        &mut self,
        entry: &OpenEntry<'tx>,
        comparison: &Comparison,
        position: u16,
        at: Timestamp,
    ) -> Result<()>;

    /// Replaces all of a group but its visit, with what is marked on its images, and its place if there is a
    /// new one; says whether the entry has such a group.
    ///
    /// # Errors
    /// As [`WorkspacesWrite::insert_comparison`].
    fn update_comparison(
        &mut self,
        entry: &OpenEntry<'tx>,
        comparison: &Comparison,
        position: Option<u16>,
        at: Timestamp,
    ) -> Result<bool>;

    /// Removes a group of the entry; says whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    fn remove_comparison(&mut self, entry: &OpenEntry<'tx>, id: ComparisonId, at: Timestamp) -> Result<bool>;
}
