//! Who is in a list, as sent (P4).

use std::ops::RangeInclusive;

use cutis_consent::Status;
use cutis_domain::patient::{Fitzpatrick, SexAtBirth};
use cutis_domain::time::Day;
use cutis_domain::{Faults, Invalid, TagId};
use cutis_edge::problem::Problem;
use cutis_records::outcome::TagFilter as AskedTags;
use cutis_records::patients::{Days, ListFilter};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::wire_names;

/// The greatest number of entries or images that can be asked for.
const MOST: u64 = 1_000_000;
/// The greatest age that can be asked for.
const OLDEST: u64 = 200;
/// How many tags can be asked for in a list.
const MOST_TAGS: usize = 50;

/// What every patient of a list has in common; an absent member lets everybody through.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Hash)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PatientFilter {
    /// When the last appointment was.
    #[serde(default)]
    last_appointment: Option<DayRange>,
    /// When the patient, or anything that belongs to them, was last changed.
    #[serde(default)]
    last_modified: Option<DayRange>,
    /// When the patient was added.
    #[serde(default)]
    created: Option<DayRange>,
    /// When at least one of the photos was taken or, where that is not known, uploaded.
    #[serde(default)]
    image_date: Option<DayRange>,
    /// The number of visits, up to 1,000,000.
    #[serde(default)]
    entry_count: Option<NumberRange>,
    /// The number of photos, up to 1,000,000.
    #[serde(default)]
    image_count: Option<NumberRange>,
    /// The age in years today, up to 200; patients whose date of birth is not known have none.
    #[serde(default)]
    age: Option<NumberRange>,
    /// Sex at birth: any of `female`, `male`, `intersex`, `unknown`.
    #[serde(default)]
    sex: Option<Vec<String>>,
    /// Skin type: any of `I` to `VI`.
    #[serde(default)]
    fitzpatrick: Option<Vec<String>>,
    /// State of consent now: any of `none`, `given`, `revoked`, `expired`.
    #[serde(default)]
    consent: Option<Vec<String>>,
    /// Effective tags: the patient's own and those of their visits and photos. A tag that does not exist is on nobody.
    #[serde(default)]
    tags: Option<TagFilter>,
}

/// Tags by id, 50 at most in each list; an absent list asks for nothing.
#[derive(Debug, Clone, Default, Deserialize, ToSchema, Hash)]
#[serde(deny_unknown_fields)]
pub(super) struct TagFilter {
    /// Patients with all of these.
    #[serde(default, rename = "allOf")]
    all: Vec<String>,
    /// Patients with at least one of these.
    #[serde(default, rename = "anyOf")]
    any: Vec<String>,
    /// Patients with none of these.
    #[serde(default, rename = "noneOf")]
    none: Vec<String>,
}

/// Days in the practice's time zone, `YYYY-MM-DD`, both included. Without one end it goes on.
#[derive(Debug, Clone, Deserialize, ToSchema, Hash)]
#[serde(deny_unknown_fields)]
pub(super) struct DayRange {
    /// The first day.
    #[serde(default)]
    from: Option<String>,
    /// The last day.
    #[serde(default)]
    to: Option<String>,
}

/// Numbers, both included. Without one end it goes on.
#[derive(Debug, Clone, Deserialize, ToSchema, Hash)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberRange {
    /// The least.
    #[serde(default)]
    min: Option<u64>,
    /// The most.
    #[serde(default)]
    max: Option<u64>,
}

type Refused = Faults<String>;

impl PatientFilter {
    /// The filter, or every mistake in it.
    pub(super) fn parse(&self) -> Result<ListFilter, Problem> {
        let mut faults = Refused::default();
        let it = &mut faults;
        let filter = ListFilter {
            last_appointment: days(it, "lastAppointment", self.last_appointment.as_ref()),
            last_modified: days(it, "lastModified", self.last_modified.as_ref()),
            created: days(it, "created", self.created.as_ref()),
            image: days(it, "imageDate", self.image_date.as_ref()),
            entries: numbers(it, "entryCount", self.entry_count.as_ref(), MOST),
            images: numbers(it, "imageCount", self.image_count.as_ref(), MOST),
            age: numbers(it, "age", self.age.as_ref(), OLDEST).map(|age| {
                let years = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
                years(*age.start())..=years(*age.end())
            }),
            sex: any_of(it, "sex", self.sex.as_deref(), SexAtBirth::parse),
            fitzpatrick: any_of(it, "fitzpatrick", self.fitzpatrick.as_deref(), Fitzpatrick::parse),
            consent: any_of(it, "consent", self.consent.as_deref(), Status::parse),
            tags: self
                .tags
                .as_ref()
                .map_or_else(AskedTags::default, |sent| AskedTags {
                    all_of: tags(it, "tags.allOf", &sent.all),
                    any_of: tags(it, "tags.anyOf", &sent.any),
                    none_of: tags(it, "tags.noneOf", &sent.none),
                }),
        };
        faults.finish(Some(filter)).map_err(wire_names::refused)
    }
}

fn tags(faults: &mut Refused, member: &str, sent: &[String]) -> Vec<TagId> {
    if sent.len() > MOST_TAGS {
        faults.refuse(name(member), Invalid::new("too_many", "Choose at most 50 tags."));
        return Vec::new();
    }
    let read = sent.iter().enumerate();
    read.filter_map(|(index, id)| faults.take(item(member, index), id.parse()))
        .collect()
}

fn name(member: &str) -> String {
    format!("filter.{member}")
}

fn item(member: &str, index: usize) -> String {
    format!("filter.{member}[{index}]")
}

fn days(faults: &mut Refused, member: &str, sent: Option<&DayRange>) -> Option<Days> {
    let DayRange { from, to } = sent?;
    let mut day = |end: &str, text: Option<&String>| {
        let text = text?;
        faults.take(format!("{}.{end}", name(member)), Day::parse(text))
    };
    let days = Days {
        from: day("from", from.as_ref()),
        to: day("to", to.as_ref()),
    };
    if days.from.zip(days.to).is_some_and(|(from, to)| from > to) {
        let message = "Enter a first day that is not after the last.";
        faults.refuse(name(member), Invalid::new("range", message));
    }
    // Without an end, everybody is let through, also who has no such day.
    (days.from.is_some() || days.to.is_some()).then_some(days)
}

fn numbers(
    faults: &mut Refused,
    member: &str,
    sent: Option<&NumberRange>,
    most: u64,
) -> Option<RangeInclusive<u64>> {
    let NumberRange { min, max } = sent?;
    if min.is_none() && max.is_none() {
        return None;
    }
    let (least, greatest) = (min.unwrap_or(0), max.unwrap_or(most));
    if least > most || greatest > most {
        faults.refuse(name(member), Invalid::new("too_large", "Enter a smaller number."));
    } else if least > greatest {
        let message = "Enter a least number that is not above the most.";
        faults.refuse(name(member), Invalid::new("range", message));
    }
    Some(least..=greatest)
}

fn any_of<T>(
    faults: &mut Refused,
    member: &str,
    sent: Option<&[String]>,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Option<Vec<T>> {
    let values = sent?;
    let read = values
        .iter()
        .enumerate()
        .filter_map(|(index, value)| faults.take(item(member, index), parse(value)));
    let read: Vec<T> = read.collect();
    // Of none of its values nobody has one; whoever sends that means no filter.
    (!read.is_empty()).then_some(read)
}
