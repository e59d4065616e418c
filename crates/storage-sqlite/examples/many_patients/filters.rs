//! Filters of each kind.

use cutis_consent::Status;
use cutis_domain::Timestamp;
use cutis_domain::patient::{Fitzpatrick, SexAtBirth};
use cutis_domain::time::Day;
use cutis_storage::port::{PatientFilter, TagFilter};
use cutis_testkit::builders::tag_id;

/// Filters of each kind, with their names.
pub(crate) fn filters(now: Timestamp) -> Vec<(&'static str, PatientFilter)> {
    let month = now.plus_seconds(-30 * 86_400)..=now;
    let hour = now.plus_seconds(-3_600)..=now;
    let day = |text: &str| Day::parse(text).ok();
    let born = |from: &str, to: &str| Some(day(from)?..=day(to)?);
    let all = PatientFilter::default;
    let of = |tags: TagFilter| PatientFilter { tags, ..all() };
    let tags = |numbers: &[u32]| numbers.iter().map(|number| tag_id(*number)).collect::<Vec<_>>();
    let all_of = |numbers: &[u32]| TagFilter {
        all_of: tags(numbers),
        ..TagFilter::default()
    };
    let any_of = |numbers: &[u32]| TagFilter {
        any_of: tags(numbers),
        ..TagFilter::default()
    };
    vec![
        (
            "sex and type",
            PatientFilter {
                sex: Some(vec![SexAtBirth::Female]),
                fitzpatrick: Some(vec![Fitzpatrick::II]),
                ..all()
            },
        ),
        (
            "born in ten years",
            PatientFilter {
                born: born("1980-01-01", "1989-12-31"),
                ..all()
            },
        ),
        (
            "born in a month",
            PatientFilter {
                born: born("1980-01-01", "1980-01-31"),
                ..all()
            },
        ),
        (
            "born on a day",
            PatientFilter {
                born: born("1980-01-01", "1980-01-01"),
                ..all()
            },
        ),
        (
            "two visits",
            PatientFilter {
                entries: Some(1..=1),
                ..all()
            },
        ),
        (
            "no photo",
            PatientFilter {
                images: Some(0..=0),
                ..all()
            },
        ),
        (
            "a hundred photos",
            PatientFilter {
                images: Some(100..=200),
                ..all()
            },
        ),
        (
            "created this month",
            PatientFilter {
                created: Some(month.clone()),
                ..all()
            },
        ),
        (
            "created within an hour",
            PatientFilter {
                created: Some(hour.clone()),
                ..all()
            },
        ),
        (
            "changed this month",
            PatientFilter {
                last_modified: Some(month.clone()),
                ..all()
            },
        ),
        (
            "changed within an hour",
            PatientFilter {
                last_modified: Some(hour.clone()),
                ..all()
            },
        ),
        (
            "visited this month",
            PatientFilter {
                last_appointment: Some(month.clone()),
                ..all()
            },
        ),
        (
            "visited within an hour",
            PatientFilter {
                last_appointment: Some(hour.clone()),
                ..all()
            },
        ),
        (
            "photos of this month",
            PatientFilter {
                image: Some(month.clone()),
                ..all()
            },
        ),
        (
            "photos of an hour",
            PatientFilter {
                image: Some(hour),
                ..all()
            },
        ),
        (
            "no consent",
            PatientFilter {
                consent: Some(vec![Status::None]),
                ..all()
            },
        ),
        (
            "expired consent",
            PatientFilter {
                consent: Some(vec![Status::Expired]),
                ..all()
            },
        ),
        (
            "revoked consent",
            PatientFilter {
                consent: Some(vec![Status::Revoked]),
                ..all()
            },
        ),
        ("a frequent tag", of(all_of(&[15]))),
        ("a tag of some", of(all_of(&[1_500]))),
        ("a rare tag", of(all_of(&[150_000]))),
        ("two tags", of(all_of(&[15, 1_500]))),
        ("two frequent tags", of(all_of(&[15, 16]))),
        ("any of two frequent tags", of(any_of(&[15, 16]))),
        ("any of four tags", of(any_of(&[15, 1_500, 1_501, 150_000]))),
        (
            "any of fifty tags of some",
            of(TagFilter {
                any_of: (1_500..1_550).map(tag_id).collect(),
                ..TagFilter::default()
            }),
        ),
        (
            "none of a frequent tag",
            of(TagFilter {
                none_of: tags(&[15]),
                ..TagFilter::default()
            }),
        ),
        (
            "none of nine frequent tags",
            of(TagFilter {
                none_of: (11..20).map(tag_id).collect(),
                ..TagFilter::default()
            }),
        ),
        (
            "two tags, visited this month",
            PatientFilter {
                last_appointment: Some(month),
                ..of(all_of(&[15, 1_500]))
            },
        ),
        (
            "a tag, a sex, an age",
            PatientFilter {
                sex: Some(vec![SexAtBirth::Female]),
                born: born("1980-01-01", "1980-12-31"),
                ..of(all_of(&[1_500]))
            },
        ),
    ]
}
