//! Lists of patients (P4): by last change, or by search.

use cutis_audit::{Action, Audited, Detail, Event};
use cutis_consent::Grant;
use cutis_domain::page::{Limit, Page};
use cutis_domain::patient::Patient;
use cutis_domain::{Clinician, ImageId, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::View;
use cutis_storage::port::{PatientCursor, StoredImage};

use crate::{RecordError, Records};

/// One line of a list.
#[derive(Debug, Clone)]
pub struct PatientLine {
    /// The patient.
    pub patient: Patient,
    /// What the patient's consent records grant.
    pub grants: Vec<Grant>,
    /// The image shown for the patient.
    pub cover: Option<ImageId>,
}

/// A page of patients and how many there are in all.
#[derive(Debug)]
pub struct PatientList {
    /// The page.
    pub page: Page<PatientLine, PatientCursor>,
    /// The number of all patients of this owner, or of all that match.
    pub total: u64,
}

impl Records {
    /// Patients by last change, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn patients(
        &self,
        by: &Clinician,
        after: Option<PatientCursor>,
        limit: Limit,
    ) -> Result<PatientList, RecordError> {
        let now = self.clock.now();
        let (list, covers) = self
            .store
            .clinic(by)
            .read(|view| {
                let patients = view.patients(after, limit, now)?;
                let total = view.patient_count()?;
                let page = Page::from_one_more(patients, limit, |last| PatientCursor {
                    last_modified: last.last_modified,
                    id: last.id,
                });
                let (items, covers) = lines(view, page.items)?;
                let event = Event::new(Action::PatientsListed)
                    .detail(count(&items))
                    .detail(patient_ids(&items));
                let list = PatientList {
                    page: Page {
                        items,
                        next: page.next,
                    },
                    total,
                };
                Ok::<_, RecordError>(Audited::new((list, covers), event))
            })
            .await?;
        self.gallery.show(by, covers, now);
        Ok(list)
    }

    /// Patients whose unique id, names or MRN hold `needle`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_patients(
        &self,
        by: &Clinician,
        needle: String,
        limit: Limit,
    ) -> Result<PatientList, RecordError> {
        let now = self.clock.now();
        let (list, covers) = self
            .store
            .clinic(by)
            .read_long(move |view| {
                let (patients, total) = view.search_patients(&needle, limit, now)?;
                let (items, covers) = lines(view, patients)?;
                // What was searched for is often a name, so the trail keeps what was found instead.
                let event = Event::new(Action::PatientsSearched)
                    .detail(count(&items))
                    .detail(patient_ids(&items));
                let list = PatientList {
                    page: Page { items, next: None },
                    total,
                };
                Ok::<_, RecordError>(Audited::new((list, covers), event))
            })
            .await?;
        self.gallery.show(by, covers, now);
        Ok(list)
    }
}

fn lines(
    view: &View<'_>,
    patients: Vec<Patient>,
) -> Result<(Vec<PatientLine>, Vec<StoredImage>), StorageError> {
    let mut covers = Vec::new();
    let mut lines = Vec::with_capacity(patients.len());
    for patient in patients {
        let inside = view.of(&patient);
        let cover = inside.cover_image()?;
        if let Some(id) = cover {
            covers.extend(inside.image(id)?);
        }
        let grants = inside.grants()?;
        lines.push(PatientLine {
            patient,
            grants,
            cover,
        });
    }
    Ok((lines, covers))
}

fn count(lines: &[PatientLine]) -> Detail {
    Detail::number("count", i64::try_from(lines.len()).unwrap_or(i64::MAX))
}

fn patient_ids(lines: &[PatientLine]) -> Detail {
    Detail::ids(
        "patients",
        lines.iter().map(|line| line.patient.id.to_string()).collect(),
    )
}

impl PatientLine {
    /// The consent status shown in a list.
    pub fn consent_status(&self, now: Timestamp) -> cutis_consent::Status {
        cutis_consent::Status::of(&self.grants, now)
    }
}
