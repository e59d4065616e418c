//! Lists of patients (P4): sorted and filtered, or by search.

use cutis_audit::{Action, Audited, Detail, Event};
use cutis_consent::Grant;
use cutis_domain::page::{Limit, Page};
use cutis_domain::patient::PatientHeading;
use cutis_domain::{Clinician, PatientId, Timestamp};
use cutis_storage::StorageError;
use cutis_storage::View;
use cutis_storage::port::{
    FoundPatient, FoundPatients, Order, PatientFilter, PatientPosition, PatientSort, PatientsAsked,
    StoredImage,
};

use super::Cover;
use super::filter::ListFilter;
use crate::{RecordError, Records};

/// Up to so many patients are counted with each page, which takes a few milliseconds at most. Whoever has more asks for
/// the count by itself.
const COUNTED_AT_ONCE: u64 = 20_000;

/// One line of a list.
#[derive(Debug, Clone)]
pub struct PatientLine {
    /// The patient.
    pub patient: PatientHeading,
    /// What the patient's consent records grant.
    pub grants: Vec<Grant>,
    /// The image shown for the patient.
    pub cover: Option<Cover>,
}

/// What list is asked for.
#[derive(Debug, Clone)]
pub struct ListAsked {
    /// What it is sorted by.
    pub sort: PatientSort,
    /// From which end.
    pub order: Order,
    /// Who is in it.
    pub filter: ListFilter,
    /// After whom the page starts.
    pub after: Option<PatientPosition>,
    /// How many are on a page.
    pub limit: Limit,
}

/// A text that asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sought(String);

impl Sought {
    /// What was typed, without blanks at its ends. `None` if it asks for nothing: only blanks, only what nobody sees, or
    /// only dashes and apostrophes, as on the way to something.
    pub fn parse(typed: &str) -> Option<Self> {
        let asks = !cutis_search::Needle::is_blank(typed);
        asks.then(|| Self(typed.trim().to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is searched for.
#[derive(Debug, Clone)]
pub struct SearchAsked {
    /// What was typed.
    pub query: Sought,
    /// Among whom.
    pub filter: ListFilter,
    /// After whom the page starts.
    pub after: Option<FoundPatient>,
    /// How many are on a page.
    pub limit: Limit,
}

/// How many patients there are in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// More than so many.
    MoreThan(u64),
    /// That takes its time: [`Records::count_patients`] tells.
    NotCounted,
}

/// A page of patients and how many there are in all.
#[derive(Debug)]
pub struct PatientList<C> {
    /// The page.
    pub page: Page<PatientLine, C>,
    /// The number of all patients of this owner, or of all that match.
    pub total: Total,
}

/// A page, and the images that are shown on it.
type Shown<C> = (PatientList<C>, Vec<StoredImage>);

impl Records {
    /// A page of a list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn patients(
        &self,
        by: &Clinician,
        asked: ListAsked,
    ) -> Result<PatientList<PatientPosition>, RecordError> {
        let now = self.clock.now();
        let since = self.gallery.moment();
        let clinic = self.store.clinic(by);
        let (list, covers) = if asked.filter.is_empty() {
            // Bounded by the page: short enough for the caller's own thread.
            clinic
                .read(|view| listed(view, &asked, &PatientFilter::default(), now))
                .await?
        } else {
            let filter = self.filter(&asked.filter).await?;
            clinic
                .read_long(move |view| listed(view, &asked, &filter, now))
                .await?
        };
        self.gallery.show(by, covers, since, now);
        Ok(list)
    }

    /// How many patients a filter lets through.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_patients(&self, by: &Clinician, filter: &ListFilter) -> Result<u64, RecordError> {
        let now = self.clock.now();
        let filter = self.filter(filter).await?;
        self.store
            .clinic(by)
            .read_long(move |view| {
                let total = view.count_patients(&filter, now)?;
                let count = Detail::number("count", i64::try_from(total).unwrap_or(i64::MAX));
                Ok::<_, RecordError>(Audited::new(
                    total,
                    Event::new(Action::PatientsCounted).detail(count),
                ))
            })
            .await
    }

    /// Patients whose unique id, names, MRN or date of birth hold what was typed; the best first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_patients(
        &self,
        by: &Clinician,
        asked: SearchAsked,
    ) -> Result<PatientList<FoundPatient>, RecordError> {
        let now = self.clock.now();
        let since = self.gallery.moment();
        let filter = self.filter(&asked.filter).await?;
        let (list, covers) = self
            .store
            .clinic(by)
            .read_long(move |view| {
                let found = view.find_patients(asked.query.as_str(), &filter, now)?;
                let total = u64::try_from(found.patients.len()).unwrap_or(u64::MAX);
                let total = if found.more {
                    Total::MoreThan(total)
                } else {
                    Total::Exactly(total)
                };
                let page = behind(found, asked.after, asked.limit);
                let ids: Vec<PatientId> = page.items.iter().map(|found| found.id).collect();
                let (items, covers) = lines(view, view.headings_of(&ids, now)?)?;
                // What was searched for is often a name, so the trail keeps what was found instead.
                let event = shown(Action::PatientsSearched, &items);
                let next = page.next;
                let list = PatientList {
                    page: Page { items, next },
                    total,
                };
                Ok::<_, RecordError>(Audited::new((list, covers), event))
            })
            .await?;
        self.gallery.show(by, covers, since, now);
        Ok(list)
    }

    async fn filter(&self, asked: &ListFilter) -> Result<PatientFilter, StorageError> {
        if asked.is_empty() {
            return Ok(PatientFilter::default());
        }
        let zone = self.practice_zone().await?;
        Ok(asked.at(self.clock.now(), &zone))
    }
}

fn listed(
    view: &View<'_>,
    asked: &ListAsked,
    filter: &PatientFilter,
    now: Timestamp,
) -> Result<Audited<Shown<PatientPosition>>, RecordError> {
    let patients = view.patients(&PatientsAsked {
        sort: asked.sort,
        order: asked.order,
        filter,
        after: asked.after.clone(),
        limit: asked.limit,
        now,
    })?;
    let page = Page::from_one_more(patients, asked.limit, |last| last.position.clone());
    let next = page.next;
    let total = total(view, asked, filter, now, page.items.len(), next.is_some())?;
    let patients = page.items.into_iter().map(|listed| listed.patient);
    let (items, covers) = lines(view, patients.collect())?;
    let event = shown(Action::PatientsListed, &items);
    let list = PatientList {
        page: Page { items, next },
        total,
    };
    Ok(Audited::new((list, covers), event))
}

fn total(
    view: &View<'_>,
    asked: &ListAsked,
    filter: &PatientFilter,
    now: Timestamp,
    shown: usize,
    more: bool,
) -> Result<Total, StorageError> {
    // All of them are on the page.
    if asked.after.is_none() && !more {
        return Ok(Total::Exactly(u64::try_from(shown).unwrap_or(u64::MAX)));
    }
    let all = view.patient_count()?;
    if filter.is_empty() {
        Ok(Total::Exactly(all))
    } else if all <= COUNTED_AT_ONCE {
        view.count_patients(filter, now).map(Total::Exactly)
    } else {
        Ok(Total::NotCounted)
    }
}

/// The page of what was found behind a position. What was found is ranked again for each page.
fn behind(
    found: FoundPatients,
    after: Option<FoundPatient>,
    limit: Limit,
) -> Page<FoundPatient, FoundPatient> {
    let place = |found: &FoundPatient| (found.rank, std::cmp::Reverse((found.last_modified, found.id)));
    let next = found
        .patients
        .into_iter()
        .filter(|found| after.is_none_or(|after| place(found) > place(&after)))
        .take(limit.get().saturating_add(1));
    Page::from_one_more(next.collect(), limit, |last| *last)
}

fn lines(
    view: &View<'_>,
    patients: Vec<PatientHeading>,
) -> Result<(Vec<PatientLine>, Vec<StoredImage>), StorageError> {
    let ids: Vec<PatientId> = patients.iter().map(|patient| patient.id).collect();
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let covers = view.covers(&ids)?;
    let grants = view.grants_of(&ids)?;
    let line = |patient: PatientHeading| PatientLine {
        grants: grants
            .iter()
            .filter(|(of, _)| *of == patient.id)
            .map(|(_, grant)| *grant)
            .collect(),
        cover: covers
            .iter()
            .find(|cover| cover.image.patient == patient.id)
            .map(Cover::from),
        patient,
    };
    Ok((patients.into_iter().map(line).collect(), covers))
}

/// What the trail says of a page.
fn shown(action: Action, lines: &[PatientLine]) -> Event {
    Event::new(action).detail(count(lines)).detail(patient_ids(lines))
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
