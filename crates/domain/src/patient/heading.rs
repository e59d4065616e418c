//! What a list shows of a patient (P4).

use super::{BirthDate, Patient, SexAtBirth, UniqueId};
use crate::{Line, PatientId, Sensitive, Timestamp};

/// What people are recognised by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadingProfile {
    /// Given name.
    pub first_name: Option<Line<1, 100>>,
    /// Family name.
    pub last_name: Option<Line<1, 100>>,
    /// The name that they prefer.
    pub preferred_name: Option<Line<1, 100>>,
    /// Date of birth.
    pub birth_date: Option<BirthDate>,
    /// Sex recorded at birth.
    pub sex_at_birth: Option<SexAtBirth>,
}

/// A patient as shown in a list, with what is computed about them (P3): a third of a [`super::Patient`], so that a page of
/// a hundred reads and checks no more than it shows.
#[derive(Debug, Clone)]
pub struct PatientHeading {
    /// The identifier.
    pub id: PatientId,
    /// The practice's own identifier.
    pub unique_id: UniqueId,
    /// Whom it is about.
    pub profile: Sensitive<HeadingProfile>,
    /// Any change to the patient or what belongs to them; views do not count (P3).
    pub last_modified: Timestamp,
    /// Images in the pool.
    pub image_count: u64,
    /// Entries.
    pub entry_count: u64,
    /// The latest appointment up to now.
    pub last_appointment: Option<Timestamp>,
    /// The earliest appointment after now.
    pub next_appointment: Option<Timestamp>,
}

impl Patient {
    /// The same as a list shows it.
    #[must_use]
    pub fn heading(&self) -> PatientHeading {
        let profile = self.profile.reveal();
        PatientHeading {
            id: self.id,
            unique_id: self.unique_id.clone(),
            profile: Sensitive::new(HeadingProfile {
                first_name: profile.first_name.clone(),
                last_name: profile.last_name.clone(),
                preferred_name: profile.preferred_name.clone(),
                birth_date: profile.birth_date,
                sex_at_birth: profile.sex_at_birth,
            }),
            last_modified: self.last_modified,
            image_count: self.image_count,
            entry_count: self.entry_count,
            last_appointment: self.last_appointment,
            next_appointment: self.next_appointment,
        }
    }
}
