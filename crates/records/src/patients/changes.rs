//! What a save changes, field by field (P6).

use std::collections::BTreeSet;

use cutis_audit::Detail;
use cutis_domain::patient::{Patient, PatientProfile, UniqueId};
use cutis_domain::{FieldVersions, PatientFieldId};

/// The fields that a save changes: names, never what they hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed {
    named: Vec<&'static str>,
    practice: BTreeSet<PatientFieldId>,
}

impl Changed {
    /// Nothing differs.
    pub(super) fn is_nothing(&self) -> bool {
        self.named.is_empty() && self.practice.is_empty()
    }

    /// The fields as requests name them.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let practice = self.practice.iter().map(|id| format!("practiceFields.{id}"));
        self.named.iter().map(|name| (*name).to_owned()).chain(practice)
    }

    /// Those that somebody else changed after `version`.
    pub(super) fn moved_since(&self, versions: &FieldVersions, version: u64) -> Vec<String> {
        self.names()
            .filter(|name| versions.moved_since(name, version))
            .collect()
    }

    /// What the trail keeps of them.
    pub(super) fn details(&self) -> Vec<Detail> {
        let ids: Vec<String> = self.practice.iter().map(ToString::to_string).collect();
        let practice = (!ids.is_empty()).then(|| Detail::ids("practiceFields", ids));
        std::iter::once(Detail::fields("fields", self.named.clone()))
            .chain(practice)
            .collect()
    }
}

/// The fields that differ.
pub(super) fn changed(before: &Patient, unique_id: &UniqueId, after: &PatientProfile) -> Changed {
    let profile = before.profile.reveal();
    let mut named = Vec::new();
    let mut compare = |name, differs: bool| {
        if differs {
            named.push(name);
        }
    };
    compare("uniqueId", before.unique_id != *unique_id);
    compare("firstName", profile.first_name != after.first_name);
    compare("middleName", profile.middle_name != after.middle_name);
    compare("lastName", profile.last_name != after.last_name);
    compare("preferredName", profile.preferred_name != after.preferred_name);
    compare("birthDate", profile.birth_date != after.birth_date);
    compare("sexAtBirth", profile.sex_at_birth != after.sex_at_birth);
    compare("gender", profile.gender != after.gender);
    compare("pronouns", profile.pronouns != after.pronouns);
    compare("mrn", profile.mrn != after.mrn);
    compare(
        "healthCardNumber",
        profile.health_card_number != after.health_card_number,
    );
    compare("email", profile.email != after.email);
    compare("phones", profile.phones != after.phones);
    compare("address", profile.address != after.address);
    compare("country", profile.country != after.country);
    compare(
        "preferredLanguage",
        profile.preferred_language != after.preferred_language,
    );
    compare("fitzpatrick", profile.fitzpatrick != after.fitzpatrick);
    compare(
        "referringClinician",
        profile.referring_clinician != after.referring_clinician,
    );
    compare(
        "primaryClinician",
        profile.primary_clinician != after.primary_clinician,
    );
    compare("allergies", profile.allergies != after.allergies);
    compare("note", profile.note != after.note);
    compare("guardian", profile.guardian != after.guardian);
    let (held, holds) = (&profile.practice_fields, &after.practice_fields);
    let practice = held
        .keys()
        .chain(holds.keys())
        .filter(|id| held.get(id) != holds.get(id));
    Changed {
        named,
        practice: practice.copied().collect(),
    }
}
