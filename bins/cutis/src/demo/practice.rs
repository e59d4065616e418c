//! What the demo's practice defines: its account, fields of patients, tags.

use std::collections::BTreeMap;

use anyhow::Context as _;
use cutis_api::Api;
use cutis_auth::set_up::SetUp;
use cutis_domain::account::{AccountProfile, Username};
use cutis_domain::custom_field::FieldKind;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::tag::{Colour, TagName};
use cutis_domain::{Administrator, Caller, Clinician, CustomFieldId, Secret, Sensitive, TagId, Text};
use cutis_practice::custom_fields::NewCustomField;
use cutis_records::tags::{NewCategory, NewTag};

use super::LOGIN;
use super::stories;

/// The category that the practice adds to those that every account begins with.
const FOLLOW_UP: &str = "Follow-up";
/// Tags of it.
pub(super) const RECALL: &str = "Recall in three months";
pub(super) const CONFERENCE: &str = "Tumour conference";

/// The custom fields: label, kind, choices.
const FIELDS: &[(&str, &str, &[&str])] = &[
    ("Insurance", "choice", &["Public", "Private", "Self-paying"]),
    ("Recall (months)", "number", &[]),
    ("Last full skin check", "date", &[]),
    ("Newsletter", "yes_no", &[]),
    ("Skin care at home", "text", &[]),
];

/// What the patients are filled in with.
pub(super) struct Defined {
    /// In the order of [`FIELDS`].
    pub(super) fields: Vec<CustomFieldId>,
    tags: BTreeMap<&'static str, TagId>,
}

impl Defined {
    /// The tag with this name, if the practice has it.
    pub(super) fn tag(&self, name: &str) -> Option<TagId> {
        self.tags.get(name).copied()
    }
}

/// Sets the practice up with one person who is an administrator and a clinician.
pub(super) async fn set_up(api: &Api, code: Secret<String>) -> anyhow::Result<(Clinician, Administrator)> {
    let input = SetUp {
        code,
        profile: AccountProfile {
            username: Username::parse(LOGIN.username)?,
            first_name: Sensitive::new(Text::parse("Dana")?),
            last_name: Sensitive::new(Text::parse("Weber")?),
            email: None,
        },
        password: Secret::new(LOGIN.password.to_owned()),
        settings: vec![
            Setting::parse(Key::PracticeName, "Lakeside Dermatology (demo)")?,
            Setting::parse(Key::ConsentLevel, "required")?,
            Setting::parse(Key::PracticeTimeZone, "UTC")?,
        ],
    };
    let started = api
        .auth
        .set_up(Caller::system(), input)
        .await
        .context("the demo practice cannot be set up")?;
    let clinician = started.signed_in.clinician();
    let administrator = started.signed_in.administrator();
    Ok((
        clinician.context("the demo's account is no clinician")?,
        administrator.context("the demo's account is no administrator")?,
    ))
}

/// Defines the fields and the tags.
pub(super) async fn define(
    api: &Api,
    by: &Clinician,
    as_administrator: &Administrator,
) -> anyhow::Result<Defined> {
    let mut fields = Vec::new();
    for (label, kind, choices) in FIELDS {
        let kind = FieldKind::parse(kind, (!choices.is_empty()).then_some(*choices))?;
        let new = NewCustomField {
            label: Text::parse(label)?,
            kind,
        };
        fields.push(api.practice.add_custom_field(as_administrator, new).await?.id);
    }
    let category = NewCategory {
        name: TagName::parse(FOLLOW_UP)?,
        colour: Colour::Pink,
    };
    api.records.create_tag_category(by, category).await?;
    let categories = api.records.tag_catalogue(by).await?.categories;
    let mut tags = BTreeMap::new();
    for (category, name) in wanted() {
        if tags.contains_key(name) {
            continue;
        }
        let found = categories.iter().find(|it| it.name.as_str() == category);
        let category = found.context("a tag category is missing")?.id;
        let name_of_tag = TagName::parse(name)?;
        let new = NewTag {
            category,
            name: name_of_tag,
        };
        tags.insert(name, api.records.create_tag(by, new).await?.id);
    }
    Ok(Defined { fields, tags })
}

/// Every tag with its category.
fn wanted() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_stories = stories::ALL.iter().flat_map(|story| {
        [
            ("Diagnosis", story.diagnosis),
            ("Body region", story.region),
            ("Treatment", story.treatment),
        ]
    });
    of_stories
        .filter_map(|(category, name)| Some((category, name?)))
        .chain([(FOLLOW_UP, RECALL), (FOLLOW_UP, CONFERENCE)])
}
