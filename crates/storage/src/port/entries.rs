//! Entries of one patient (E1 to E5).

use cutis_domain::account::Username;
use cutis_domain::entry::{Addendum, Entry, Field, Layout, Notes, Signed, Title};
use cutis_domain::page::Limit;
use cutis_domain::{ClientId, EntryId, ImageId, Sensitive, Text, Timestamp};

use crate::OpenEntry;
use crate::error::Result;

/// Where a page of entries ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryPosition {
    /// The appointment of the last one.
    pub appointment_at: Timestamp,
    /// Its id.
    pub id: EntryId,
}

/// Notes as they are kept.
#[derive(Debug, Clone)]
pub enum KeptNotes {
    /// In plain text, because the entry was added before notes were sealed and has not been changed since.
    Plain(Sensitive<Notes>),
    /// Sealed under the patient's key.
    Sealed(Vec<u8>),
}

/// What one change made of a field.
#[derive(Debug, Clone)]
pub struct Revision {
    /// What is known of it without a key.
    pub head: RevisionHead,
    /// Whether its content is the whole value; otherwise it is the splices that make it of the version before.
    pub in_full: bool,
    /// The content, sealed under the patient's key.
    pub content: Vec<u8>,
}

/// Who changed a field, when, and to what length.
#[derive(Debug, Clone)]
pub struct RevisionHead {
    /// How often the field was changed by then; 0 is the value that the entry was added with.
    pub version: u64,
    /// Bytes of the value in UTF-8.
    pub bytes: u64,
    /// Who, by their username at that time.
    pub author: Username,
    /// With which program, by its own account.
    pub agent: Option<Text<1, 300>>,
    /// When.
    pub at: Timestamp,
    /// The version whose value was restored.
    pub restored: Option<u64>,
}

/// The last edit of a client that was stored for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptEdit {
    /// Its number.
    pub seq: u64,
    /// A keyed digest of what it said.
    pub body: [u8; 32],
    /// The version that it made, or found to be the same already.
    pub version: u64,
    /// When.
    pub at: Timestamp,
}

/// An addendum with its text, sealed under the patient's key.
#[derive(Debug, Clone)]
pub struct SealedAddendum {
    /// What is known of it without a key.
    pub addendum: Addendum,
    /// The text.
    pub content: Vec<u8>,
}

/// A new value of a field, with the change that led to it.
#[derive(Debug, Clone)]
pub struct NewValue {
    /// The value.
    pub value: FieldValue,
    /// The change.
    pub revision: Revision,
}

/// The value of a field.
#[derive(Debug, Clone)]
pub enum FieldValue {
    /// When the appointment is or was.
    AppointmentAt(Timestamp),
    /// The heading.
    Title(Option<Sensitive<Title>>),
    /// The notes, sealed under the patient's key.
    Notes(Vec<u8>),
}

impl FieldValue {
    /// Of which field.
    pub const fn field(&self) -> Field {
        match self {
            Self::AppointmentAt(_) => Field::AppointmentAt,
            Self::Title(_) => Field::Title,
            Self::Notes(_) => Field::Notes,
        }
    }
}

/// Images and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SomeImages {
    /// The first of them, newest first.
    pub first: Vec<ImageId>,
    /// All.
    pub count: u64,
}

/// Reading entries.
pub trait EntriesRead {
    /// A patient's entries, latest appointment first, those behind a position, at most `limit` and one more.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn entries(&self, after: Option<EntryPosition>, limit: Limit) -> Result<Vec<Entry>>;

    /// One entry.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn entry(&self, id: EntryId) -> Result<Option<Entry>>;

    /// The notes of an entry; `None` if there is no such entry.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn notes(&self, id: EntryId) -> Result<Option<KeptNotes>>;

    /// The changes that lead to a version of a field, oldest first: from the newest one that is kept in full.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn revisions_to(&self, id: EntryId, field: Field, version: u64) -> Result<Vec<Revision>>;

    /// The changes of a field, newest first, those before a version, at most `limit` and one more.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn revisions(
        &self,
        id: EntryId,
        field: Field,
        before: Option<u64>,
        limit: Limit,
    ) -> Result<Vec<RevisionHead>>;

    /// The last edit of this client that was stored for a field.
    ///
    /// # Errors
    /// When the database fails.
    fn last_edit(&self, id: EntryId, field: Field, client: ClientId) -> Result<Option<KeptEdit>>;

    /// The addenda of an entry, oldest first.
    ///
    /// # Errors
    /// When the database fails or a row is corrupt.
    fn addenda(&self, id: EntryId) -> Result<Vec<SealedAddendum>>;

    /// How the owner looks at an entry, if that was ever chosen.
    ///
    /// # Errors
    /// When the database fails or the row is corrupt.
    fn entry_layout(&self, id: EntryId) -> Result<Option<Layout>>;

    /// The newest images of an entry's workspace.
    ///
    /// # Errors
    /// When the database fails.
    fn workspace_begin(&self, id: EntryId, most: u16) -> Result<SomeImages>;

    /// How many comparison groups an entry has.
    ///
    /// # Errors
    /// When the database fails.
    fn comparison_count(&self, id: EntryId) -> Result<u64>;

    /// The newest images from a moment on and before another that are in no workspace.
    ///
    /// # Errors
    /// When the database fails.
    fn images_without_entry(&self, from: Timestamp, before: Timestamp, most: u16) -> Result<SomeImages>;
}

/// Changing entries, those that are open (E5). Each change sets the patient's last change (P3), except for the layout, which
/// is how the owner looks at an entry, and no part of it.
pub trait EntriesWrite<'tx> {
    /// Adds an entry; its notes are stored with [`EntriesWrite::set_value`].
    ///
    /// # Errors
    /// `Conflict` when the patient is not this owner's, or the entry is another patient's.
    fn insert_entry(&mut self, entry: &Entry) -> Result<()>;

    /// Keeps a revision beside the value that an entry has already: the one that it was added with.
    ///
    /// # Errors
    /// `Conflict` when the entry is not this patient's.
    fn insert_revision(&mut self, entry: &OpenEntry<'tx>, field: Field, revision: &Revision) -> Result<()>;

    /// Gives a field a new value and version, and keeps the revision; says whether there is such an entry.
    ///
    /// # Errors
    /// `Conflict` when the entry is signed, or the version is there already.
    fn set_value(&mut self, entry: &OpenEntry<'tx>, new: &NewValue) -> Result<bool>;

    /// Keeps the last edit of a client, in the place of the one before.
    ///
    /// # Errors
    /// `Conflict` when the entry is not this patient's.
    fn keep_edit(
        &mut self,
        entry: &OpenEntry<'tx>,
        field: Field,
        client: ClientId,
        edit: &KeptEdit,
    ) -> Result<()>;

    /// Signs an entry, which is not open from then on; says whether it is this patient's and was not signed before.
    ///
    /// # Errors
    /// When the database fails.
    fn sign_entry(&mut self, entry: OpenEntry<'tx>, signed: &Signed) -> Result<bool>;

    /// Adds an addendum.
    ///
    /// # Errors
    /// `Conflict` when the entry is not this patient's.
    fn insert_addendum(&mut self, id: EntryId, addendum: &SealedAddendum) -> Result<()>;

    /// Keeps how the owner looks at an entry.
    ///
    /// # Errors
    /// `Conflict` when the entry is not this patient's.
    fn set_entry_layout(&mut self, id: EntryId, layout: &Layout) -> Result<()>;
}
