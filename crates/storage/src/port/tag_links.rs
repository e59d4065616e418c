//! What tags are given to within one patient: the patient, entries and images (T1, T2).

use cutis_domain::tag::{EffectiveTag, Tagged};
use cutis_domain::{EntryId, TagId, Timestamp};

use crate::OpenTagged;
use crate::error::Result;

/// Reading what tags are given to.
pub trait TagLinksRead {
    /// Whether there is such a thing of this patient; of the patient, whether they are this owner's.
    ///
    /// # Errors
    /// When the database fails.
    fn has_tagged(&self, it: Tagged) -> Result<bool>;

    /// The tags that the patient, an entry or an image shows, by name, archived ones included: its own, and
    /// what comes upward to it. Nothing for what does not exist.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn effective_tags(&self, it: Tagged) -> Result<Vec<EffectiveTag>>;

    /// The same of all of the patient's entries, in no order of entries.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn effective_tags_of_entries(&self) -> Result<Vec<(EntryId, EffectiveTag)>>;

    /// How many tags it has itself.
    ///
    /// # Errors
    /// When the database fails.
    fn direct_tags(&self, it: Tagged) -> Result<u64>;
}

/// Changing what tags are given to, of entries those that are open (E5). Each change sets the patient's last change (P3).
pub trait TagLinksWrite<'tx> {
    /// Gives it a tag; says whether that is new.
    ///
    /// # Errors
    /// `Conflict` when it or the tag is not this owner's and this patient's.
    fn give_tag(&mut self, it: &OpenTagged<'tx>, tag: TagId, at: Timestamp) -> Result<bool>;

    /// Takes a tag away; says whether it had it.
    ///
    /// # Errors
    /// When the database fails.
    fn take_tag(&mut self, it: &OpenTagged<'tx>, tag: TagId, at: Timestamp) -> Result<bool>;

    /// Gives `into` to everything of this patient that has `from`, and takes `from` away. What has both keeps one. Says
    /// how often `from` was there. Of signed entries too: this changes what the practice calls something, not the entry
    /// (ADR 37).
    ///
    /// # Errors
    /// `Conflict` when `into` is not this owner's.
    fn replace_tag(&mut self, from: TagId, into: TagId, at: Timestamp) -> Result<u64>;

    /// Takes a tag away from everything of this patient, as [`TagLinksWrite::replace_tag`] does; says how often it was
    /// there.
    ///
    /// # Errors
    /// When the database fails.
    fn drop_tag(&mut self, tag: TagId, at: Timestamp) -> Result<u64>;
}
