//! The witness that an entry may still be changed (E5).

use std::marker::PhantomData;

use cutis_domain::tag::Tagged;
use cutis_domain::{EntryId, ImageId, PatientId};

use crate::error::StorageError;
use crate::unit::PatientUnit;

/// An entry that is there and is not signed, as this unit sees it. Whatever changes what belongs to an entry asks for
/// this; only [`PatientUnit::open_entry`] gives it, in the unit that makes the change. Units follow one another, so between
/// the question and the change nobody can sign the entry; and signing takes the witness away.
///
/// It cannot be kept for another unit:
///
/// ```compile_fail
/// use cutis_domain::EntryId;
/// use cutis_storage::{OpenEntry, Unit};
///
/// fn keep<'tx>(unit: &mut Unit<'tx>, entry: EntryId, kept: &mut Option<OpenEntry<'static>>) {
///     let patient = cutis_domain::PatientId::from_bytes([0; 16]);
///     if let Ok(inside) = unit.inside(patient) {
///         *kept = inside.open_entry(entry).ok(); // the witness would outlive its unit
///     }
/// }
/// ```
///
/// Nor be used once the entry is signed:
///
/// ```compile_fail
/// use cutis_domain::entry::Signed;
/// use cutis_domain::{ImageId, Timestamp};
/// use cutis_storage::{OpenEntry, PatientUnit};
///
/// fn late<'tx>(unit: &mut PatientUnit<'_, 'tx>, entry: OpenEntry<'tx>, signed: &Signed, image: ImageId) {
///     drop(unit.sign_entry(entry, signed));
///     drop(unit.add_to_workspace(&entry, image, Timestamp::EPOCH)); // signing took it
/// }
/// ```
///
/// The intended use compiles:
///
/// ```
/// use cutis_domain::{EntryId, ImageId, Timestamp};
/// use cutis_storage::PatientUnit;
///
/// fn put(unit: &mut PatientUnit<'_, '_>, entry: EntryId, image: ImageId) {
///     if let Ok(open) = unit.open_entry(entry) {
///         drop(unit.add_to_workspace(&open, image, Timestamp::EPOCH));
///     }
/// }
/// ```
#[derive(Debug)]
pub struct OpenEntry<'tx> {
    id: EntryId,
    unit: PhantomData<fn(&'tx ()) -> &'tx ()>,
}

impl OpenEntry<'_> {
    /// Which entry.
    pub const fn id(&self) -> EntryId {
        self.id
    }
}

/// Something of a patient whose tags may be changed: of entries, only open ones (E5).
#[derive(Debug)]
pub enum OpenTagged<'tx> {
    /// The patient.
    Patient,
    /// An entry.
    Entry(OpenEntry<'tx>),
    /// An image. Its tags are its own, in whichever entries it is shown.
    Image(ImageId),
}

impl OpenTagged<'_> {
    /// What it is.
    pub const fn tagged(&self) -> Tagged {
        match self {
            Self::Patient => Tagged::Patient,
            Self::Entry(open) => Tagged::Entry(open.id()),
            Self::Image(id) => Tagged::Image(*id),
        }
    }
}

/// Why an entry cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum NotOpen {
    /// There is no such entry of this patient.
    #[error("there is no such visit")]
    Absent(PatientId, EntryId),
    /// It is signed.
    #[error("this visit is signed")]
    Signed(PatientId, EntryId),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl<'tx> PatientUnit<'_, 'tx> {
    /// The witness that this entry may be changed in this unit.
    ///
    /// # Errors
    /// [`NotOpen::Absent`] and [`NotOpen::Signed`].
    pub fn open_entry(&self, id: EntryId) -> Result<OpenEntry<'tx>, NotOpen> {
        match self.entry(id)? {
            None => Err(NotOpen::Absent(self.patient(), id)),
            Some(entry) if entry.signed.is_some() => Err(NotOpen::Signed(self.patient(), id)),
            Some(_) => Ok(OpenEntry {
                id,
                unit: PhantomData,
            }),
        }
    }

    /// The same of anything that has tags.
    ///
    /// # Errors
    /// As [`PatientUnit::open_entry`], for an entry.
    pub fn open_tagged(&self, it: Tagged) -> Result<OpenTagged<'tx>, NotOpen> {
        Ok(match it {
            Tagged::Patient => OpenTagged::Patient,
            Tagged::Entry(id) => OpenTagged::Entry(self.open_entry(id)?),
            Tagged::Image(id) => OpenTagged::Image(id),
        })
    }
}
