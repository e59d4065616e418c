//! Fills an empty practice through the same use cases that everybody else goes through.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use cutis_api::Api;
use cutis_consent::Purpose;
use cutis_consent::record::{Draft, External, Notes, PersonName, Reason, SignerRole};
use cutis_domain::image::Image;
use cutis_domain::image::details::{Laterality, Place, Rating};
use cutis_domain::image::site::Site;
use cutis_domain::patient::{Fitzpatrick, Guardian, SexAtBirth, UniqueId};
use cutis_domain::time::Day;
use cutis_domain::{Clinician, Ids, PatientId, Secret, Sensitive, TagId, Text, Timestamp, UploadKey};
use cutis_records::consents::Given;
use cutis_records::entries::NewEntry;
use cutis_records::images::{FileOutcome, ImageEdit, ImageEdits, Sent};
use cutis_records::patients::{Change, PatientDraft};
use cutis_records::tags::{Assignment, Selection};
use futures_util::future::try_join_all;

use super::Progress;
use super::album::{Album, Wanted};
use super::cast::{CAST, Role, fitzpatrick};
use super::practice::{self, CONFERENCE, Defined, RECALL};
use super::stories::{Shot, Visit};

const DAY: i64 = 86_400;
/// So many patients are filled in at a time: their writes are joined.
const AT_ONCE: usize = 6;
/// Somebody younger has a guardian, who signs.
const OF_AGE: i32 = 18;

/// What every patient is filled in with.
struct Stage<'a> {
    api: &'a Api,
    ids: &'a Ids,
    by: &'a Clinician,
    defined: Defined,
    now: Timestamp,
}

/// Sets the practice up and fills it.
///
/// # Errors
/// When a use case refuses, which would be a bug in the demo.
pub async fn fill(api: &Api, ids: &Ids, code: Secret<String>, progress: Progress<'_>) -> anyhow::Result<()> {
    let (by, administrator) = practice::set_up(api, code).await?;
    let defined = practice::define(api, &by, &administrator).await?;
    let album = Arc::new(tokio::task::block_in_place(|| Album::paint(progress))?);
    let stage = Stage {
        api,
        ids,
        by: &by,
        defined,
        now: api.records.now(),
    };
    let cast: Vec<(u32, &Role)> = (0..).zip(CAST).collect();
    let groups: Vec<_> = cast.chunks(AT_ONCE).collect();
    // The photos of a group are made while those of the one before are stored, which leaves a core idle now and then.
    let images_of = |group: Option<&&[(u32, &Role)]>| {
        let group = group.copied().unwrap_or_default().iter();
        let wanted: Vec<Wanted> = group
            .flat_map(|(who, role)| wanted(*who, role, stage.now))
            .collect();
        let album = Arc::clone(&album);
        #[expect(
            clippy::disallowed_methods,
            reason = "one at a time, and nobody else is there yet"
        )]
        tokio::task::spawn_blocking(move || album.images(&wanted))
    };
    let mut made = images_of(groups.first());
    for (some, next) in groups.iter().zip(1..) {
        let mut images = made.await??.into_iter();
        made = images_of(groups.get(next));
        let plays = some.iter().map(|(who, role)| {
            let count = role.story.visits.iter().map(|visit| visit.shots.len()).sum();
            stage.play(*who, role, images.by_ref().take(count).collect())
        });
        try_join_all(plays).await?;
    }
    Ok(())
}

/// The photos of somebody, visit by visit.
fn wanted(who: u32, role: &Role, now: Timestamp) -> impl Iterator<Item = Wanted> {
    (0_u32..).zip(role.story.visits).flat_map(move |(number, visit)| {
        visit.shots.iter().map(move |shot| Wanted {
            what: (shot.subject, role.skin),
            who,
            visit: number,
            at: time_of(visit, who, now),
        })
    })
}

impl Stage<'_> {
    /// Fills in one patient with these images, which are in the order of the visits.
    async fn play(&self, who: u32, role: &Role, images: Vec<Vec<u8>>) -> anyhow::Result<()> {
        let mut images = images.into_iter();
        let draft = self.draft(who, role)?;
        let needs_guardian = matches!(draft.guardian, Change::Set(_));
        let patient = self.api.records.create_patient(self.by, draft).await?.patient.id;
        let has_images = role.story.visits.iter().any(|visit| !visit.shots.is_empty());
        let consent = if has_images {
            let draft = self.consent(who, role, needs_guardian)?;
            Some(self.api.records.record_consent(self.by, patient, draft).await?.id)
        } else {
            None
        };
        let mut shots = Vec::new();
        let mut last = None;
        for visit in role.story.visits {
            let at = time_of(visit, who, self.now);
            let entry = self
                .api
                .records
                .create_entry(self.by, patient, entry(visit, at)?)
                .await?;
            if visit.days_ago >= 0 {
                last = Some(entry.id);
            }
            for (shot, index) in visit.shots.iter().zip(1..) {
                let file = images.next().context("a photo is missing")?;
                let image = self
                    .upload(patient, &format!("{} {index}.jpg", visit.title), &file)
                    .await?;
                shots.push((shot, image));
            }
        }
        self.describe(who, role, patient, &shots).await?;
        let images = shots.iter().map(|(_, image)| image.id).collect();
        let on_images = Selection {
            images,
            ..Selection::default()
        };
        let on_patient = Selection {
            patients: vec![patient],
            ..Selection::default()
        };
        let on_visit = Selection {
            entries: last.into_iter().collect(),
            ..Selection::default()
        };
        let story = role.story;
        let follow_up = match who % 5 {
            1 => Some(RECALL),
            3 if story.diagnosis == Some("Suspected melanoma") => Some(CONFERENCE),
            _ => None,
        };
        self.tag(&[story.diagnosis, follow_up], on_patient).await?;
        self.tag(&[story.treatment], on_visit).await?;
        self.tag(&[story.region], on_images).await?;
        // Some have changed their minds since; their images stay.
        if let Some(consent) = consent
            && who % 13 == 11
        {
            let reason = Reason::parse("The patient does not want photos any more.")?;
            self.api
                .records
                .revoke_consent(self.by, patient, consent, reason)
                .await?;
        }
        Ok(())
    }

    fn draft(&self, who: u32, role: &Role) -> anyhow::Result<PatientDraft> {
        let birth = Day::parse(role.birth_date)?;
        let guardian = is_child(role, self.now)?.then(|| -> anyhow::Result<Guardian> {
            Ok(Guardian {
                name: Text::parse(&format!("Robin {}", role.last_name))?,
                relation: Some(Text::parse("parent")?),
                phone: None,
                may_consent: true,
            })
        });
        let chosen = |one_in: u32, text: &'static str| (who % one_in == 2).then_some(text);
        Ok(PatientDraft {
            unique_id: Some(UniqueId::parse(role.unique_id)?),
            first_name: Change::Set(Text::parse(role.first_name)?),
            last_name: Change::Set(Text::parse(role.last_name)?),
            birth_date: Change::Set(birth),
            sex_at_birth: Change::Set(SexAtBirth::parse(role.sex)?),
            fitzpatrick: Change::Set(Fitzpatrick::parse(fitzpatrick(role.skin))?),
            mrn: Change::Set(Text::parse(&format!(
                "{}",
                40_118_u32.saturating_add(who.saturating_mul(37))
            ))?),
            allergies: Change::of(
                chosen(6, "Penicillin")
                    .or(chosen(11, "Iodine; adhesive plasters"))
                    .map(Text::parse)
                    .transpose()?,
            ),
            note: Change::of(
                chosen(9, "Prefers appointments in the afternoon.")
                    .map(Text::parse)
                    .transpose()?,
            ),
            guardian: Change::of(guardian.transpose()?),
            custom_fields: self.custom(who)?,
            ..PatientDraft::default()
        })
    }

    /// Values of the practice's fields; not everybody has all of them.
    fn custom(&self, who: u32) -> anyhow::Result<BTreeMap<cutis_domain::CustomFieldId, Option<String>>> {
        let checked = self
            .now
            .plus_seconds(-DAY.saturating_mul(i64::from(who % 40).saturating_add(20)));
        let insurance = match who % 4 {
            1 => "Private",
            3 => "Self-paying",
            _ => "Public",
        };
        let values = [
            Some(insurance.to_owned()),
            (!who.is_multiple_of(3)).then(|| if who.is_multiple_of(2) { "12" } else { "6" }.to_owned()),
            (who % 4 == 1).then(|| day(checked)).transpose()?,
            Some(if who.is_multiple_of(3) { "yes" } else { "no" }.to_owned()),
            (who % 7 == 3).then(|| "Sunscreen every morning, unscented cream at night.".to_owned()),
        ];
        let named = self.defined.fields.iter().copied().zip(values);
        Ok(named.filter(|(_, value)| value.is_some()).collect())
    }

    fn consent(&self, who: u32, role: &Role, by_guardian: bool) -> anyhow::Result<Draft<Given>> {
        let (how, notes) = match who % 3 {
            0 => (External::Written, "Paper form, filed"),
            1 => (External::Verbal, "Asked at the first visit"),
            _ => (External::Written, "Signed at the front desk"),
        };
        let mut purposes = vec![Ok(Purpose::ClinicalRecord), Ok(Purpose::TreatingClinicians)];
        if who.is_multiple_of(4) {
            purposes.push(Ok(Purpose::Teaching));
        }
        let name = if by_guardian {
            format!("Robin {}", role.last_name)
        } else {
            format!("{} {}", role.first_name, role.last_name)
        };
        let until = self.now.plus_seconds(DAY.saturating_mul(200));
        let expires_on = (who % 8 == 5)
            .then(|| Day::parse(&day(until)?).map_err(anyhow::Error::from))
            .transpose()?;
        Ok(Draft {
            form: Ok(cutis_consent::form::current("en")),
            purposes,
            method: Given::External {
                how: Ok(how),
                notes: Notes::parse(notes).map(Some),
            },
            signer_name: PersonName::parse(&name),
            signer_role: Ok(if by_guardian {
                SignerRole::Guardian
            } else {
                SignerRole::Patient
            }),
            witness: Ok(None),
            expires_on: Ok(expires_on),
        })
    }

    async fn upload(&self, patient: PatientId, name: &str, file: &[u8]) -> anyhow::Result<Image> {
        let mut intake = self.api.records.begin_intake(self.by, None).await?;
        intake.push(file)?;
        let key: UploadKey = self.ids.make();
        let stored =
            self.api
                .records
                .store_file(self.by, patient, (key, 0), Sent::named(name), intake.finish());
        match stored.await? {
            FileOutcome::Stored(stored) => Ok(stored.image),
            FileOutcome::Duplicate(_) => bail!("two synthetic photos are alike"),
            FileOutcome::Refused(refusal) => bail!("a synthetic photo was refused: {}", refusal.message),
        }
    }

    /// Captions, sites, views, ratings.
    async fn describe(
        &self,
        who: u32,
        role: &Role,
        patient: PatientId,
        shots: &[(&Shot, Image)],
    ) -> anyhow::Result<()> {
        if shots.is_empty() {
            return Ok(());
        }
        let side = if who.is_multiple_of(2) {
            Laterality::Left
        } else {
            Laterality::Right
        };
        let place = Place::new(Site::parse(role.story.site)?, Some(side))?;
        let edits = shots.iter().map(|(shot, image)| -> anyhow::Result<ImageEdits> {
            let caption = (!shot.caption.is_empty())
                .then(|| Text::parse(shot.caption))
                .transpose()?;
            let edit = ImageEdit {
                caption: Change::of(caption),
                place: Change::Set(place),
                view: Change::Set(shot.view),
                modality: Change::Set(shot.modality),
                rating: (shot.rating > 0)
                    .then(|| Rating::parse(shot.rating))
                    .transpose()?,
                ..ImageEdit::default()
            };
            Ok(ImageEdits {
                images: vec![(image.id, None)],
                edit,
            })
        });
        let edits = edits.collect::<anyhow::Result<Vec<_>>>()?;
        self.api.records.change_images(self.by, patient, edits).await?;
        Ok(())
    }

    async fn tag(&self, names: &[Option<&str>], on: Selection) -> anyhow::Result<()> {
        let add: Vec<TagId> = names
            .iter()
            .flatten()
            .filter_map(|name| self.defined.tag(name))
            .collect();
        if add.is_empty() || (on.patients.is_empty() && on.entries.is_empty() && on.images.is_empty()) {
            return Ok(());
        }
        let assignment = Assignment {
            add,
            remove: Vec::new(),
            on,
        };
        self.api.records.assign_tags(self.by, assignment).await?;
        Ok(())
    }
}

/// `YYYY-MM-DD` of a time.
fn day(at: Timestamp) -> anyhow::Result<String> {
    Ok(at
        .to_string()
        .get(0..10)
        .context("a time is too short")?
        .to_owned())
}

fn is_child(role: &Role, now: Timestamp) -> anyhow::Result<bool> {
    let year =
        |day: &str| -> anyhow::Result<i32> { Ok(day.get(0..4).context("a day is too short")?.parse()?) };
    Ok(year(&day(now)?)?.saturating_sub(year(role.birth_date)?) < OF_AGE)
}

/// When a visit is: everybody comes on other days, on the quarter hour.
fn time_of(visit: &Visit, who: u32, now: Timestamp) -> Timestamp {
    let apart = i64::from(who.wrapping_mul(7) % 23);
    let days = if visit.days_ago < 0 {
        visit.days_ago.saturating_sub(apart)
    } else {
        visit.days_ago.saturating_add(apart)
    };
    let hour = i64::from(who.wrapping_mul(5) % 9).saturating_mul(2_700);
    let at = now.plus_seconds(
        hour.saturating_sub(days.saturating_mul(DAY))
            .saturating_sub(9 * 2_700),
    );
    Timestamp::from_micros(at.as_micros().div_euclid(900_000_000).saturating_mul(900_000_000))
}

fn entry(visit: &Visit, at: Timestamp) -> anyhow::Result<NewEntry> {
    Ok(NewEntry {
        appointment_at: Some(at),
        title: Some(Sensitive::new(Text::parse(visit.title)?)),
        notes: Sensitive::new(cutis_domain::entry::Notes::parse(visit.notes)?),
    })
}
