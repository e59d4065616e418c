//! The visit that a photo is sent for (I6): whether it can take it. One that was signed meanwhile (E5) cannot, but the photo is
//! stored all the same, without it: by then its sender may have it no more.

use cutis_audit::{Action, Denial, Detail, Event, Target};
use cutis_domain::comparison::MAX_WORKSPACE;
use cutis_domain::image::Image;
use cutis_domain::{Clinician, EntryId, PatientId};
use cutis_storage::port::{EntriesRead, WorkspacesRead};
use cutis_storage::{CheckError, InsideError, InsideRead, StorageError};

use super::ImageError;
use super::outcome::{FileRefusal, InPool, LeftOut};
use crate::{RecordError, Records};

/// Why a photo cannot be stored for the visit that it was sent for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unfit {
    Absent(PatientId, EntryId),
    Full(PatientId),
}

impl From<Unfit> for FileRefusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Absent(..) => Self::no_visit(),
            Unfit::Full(_) => Self::visit_full(),
        }
    }
}

impl Denial for Unfit {
    fn denial(&self) -> Option<Event> {
        match *self {
            Self::Absent(patient, entry) => RecordError::absent(Target::Entry(entry), patient).denial(),
            Self::Full(patient) => Some(
                Event::new(Action::ImageRefused)
                    .refused()
                    .target(Target::Patient(patient))
                    .patient(patient)
                    .detail(Detail::code("reason", "visit_full")),
            ),
        }
    }
}

impl Records {
    /// Why a photo could not be stored for this visit, asked before it is looked at; the unit that stores it asks again.
    pub(super) async fn unfit(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: Option<EntryId>,
    ) -> Result<Option<FileRefusal>, ImageError> {
        let Some(entry) = entry else { return Ok(None) };
        let asked = self
            .store
            .clinic(by)
            .check(move |view| match view.inside(patient) {
                Ok(inside) => fits(&*inside, patient, entry),
                // The unit that would store the image refuses.
                Err(InsideError::Absent(_)) => Ok(Ok(())),
                Err(InsideError::Storage(error)) => Err(error),
            })
            .await;
        match asked {
            Ok(()) => Ok(None),
            Err(CheckError::Refused(unfit)) => Ok(Some(unfit.into())),
            Err(CheckError::Storage(error)) => Err(error.into()),
        }
    }
}

/// Whether the visit is one of this patient's and has room for one more, or is signed, so that it gets none.
pub(super) fn fits(
    inside: &(impl EntriesRead + WorkspacesRead + ?Sized),
    patient: PatientId,
    entry: EntryId,
) -> Result<Result<(), Unfit>, StorageError> {
    let Some(found) = inside.entry(entry)? else {
        return Ok(Err(Unfit::Absent(patient, entry)));
    };
    if found.signed.is_none() && inside.workspace(entry)?.len() >= MAX_WORKSPACE {
        return Ok(Err(Unfit::Full(patient)));
    }
    Ok(Ok(()))
}

/// An image that is there already, and whether the visit that its file was sent for is signed without it.
pub(super) fn in_pool(
    inside: &(dyn InsideRead + '_),
    image: Image,
    entry: Option<EntryId>,
) -> Result<InPool, StorageError> {
    let mut left_out = None;
    if let Some(entry) = entry
        && inside.entry(entry)?.is_some_and(|found| found.signed.is_some())
        && !inside.workspace(entry)?.contains(&image.id)
    {
        left_out = Some(LeftOut { entry });
    }
    Ok(InPool { image, left_out })
}
