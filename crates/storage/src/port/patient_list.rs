//! Lists of one owner's patients: sorts, filters, positions, and what a search finds (P4).

use std::ops::RangeInclusive;

use cutis_consent::Status;
use cutis_domain::page::Limit;
use cutis_domain::patient::{Fitzpatrick, PatientHeading, SexAtBirth};
use cutis_domain::time::Day;
use cutis_domain::{PatientId, TagId, Timestamp};

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatientSort {
    /// The last change of the patient or of anything that belongs to them.
    #[default]
    LastModified,
    /// The last appointment; patients without one come last, whatever the order.
    LastAppointment,
    /// The practice's own identifier.
    UniqueId,
    /// Last, first and middle name, folded; patients without a name come last, whatever the order.
    Name,
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The earliest, or A.
    Ascending,
    /// The latest, or Z.
    Descending,
}

/// What every patient of a list has in common; without a value anything goes. Both ends of a range count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatientFilter {
    /// When the last appointment was.
    pub last_appointment: Option<RangeInclusive<Timestamp>>,
    /// When the patient was last changed.
    pub last_modified: Option<RangeInclusive<Timestamp>>,
    /// When the patient was added.
    pub created: Option<RangeInclusive<Timestamp>>,
    /// When at least one of the images was taken or, where that is not known, stored.
    pub image: Option<RangeInclusive<Timestamp>>,
    /// The number of entries.
    pub entries: Option<RangeInclusive<u64>>,
    /// The number of images.
    pub images: Option<RangeInclusive<u64>>,
    /// When the patient was born; one whose date of birth is not known is in no range.
    pub born: Option<RangeInclusive<Day>>,
    /// The sex at birth: one of these.
    pub sex: Option<Vec<SexAtBirth>>,
    /// The skin type: one of these.
    pub fitzpatrick: Option<Vec<Fitzpatrick>>,
    /// The state of consent now: one of these.
    pub consent: Option<Vec<Status>>,
    /// Effective tags: the patient's own, and those of what belongs to them. One that does not exist, or is somebody
    /// else's, is on nobody.
    pub tags: TagFilter,
}

/// Tags that patients have or have not; an empty list asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagFilter {
    /// All of these.
    pub all_of: Vec<TagId>,
    /// At least one of these.
    pub any_of: Vec<TagId>,
    /// None of these.
    pub none_of: Vec<TagId>,
}

impl PatientFilter {
    /// Whether it lets every patient through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A value that a list is sorted by, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A time.
    Number(i64),
    /// A unique id, or a folded name.
    Text(String),
}

/// A position in a list: this patient's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PatientPosition {
    /// What the list is sorted by.
    pub key: SortKey,
    /// Which of those with the same.
    pub id: PatientId,
}

/// A page to be read.
#[derive(Debug, Clone)]
pub struct PatientsAsked<'a> {
    /// What the list is sorted by.
    pub sort: PatientSort,
    /// From which end.
    pub order: Order,
    /// Who is in it.
    pub filter: &'a PatientFilter,
    /// After whom the page starts.
    pub after: Option<PatientPosition>,
    /// How many are asked for; one more is given if there is one.
    pub limit: Limit,
    /// Decides which appointment is the last, and which consent counts.
    pub now: Timestamp,
}

/// A patient in a list.
#[derive(Debug, Clone)]
pub struct ListedPatient {
    /// The patient.
    pub patient: PatientHeading,
    /// Where in the list.
    pub position: PatientPosition,
}

/// A patient who was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundPatient {
    /// How well they fit: 0 is the exact unique id, the best.
    pub rank: u8,
    /// When they were last changed.
    pub last_modified: Timestamp,
    /// Who.
    pub id: PatientId,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundPatients {
    /// The best first, among equals the last changed; [`FoundPatients::MOST`] at most.
    pub patients: Vec<FoundPatient>,
    /// Whether there are more than these.
    pub more: bool,
}

impl FoundPatients {
    /// How many are found at most.
    pub const MOST: usize = 200;
}
