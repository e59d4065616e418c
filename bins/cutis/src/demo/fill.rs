//! Fills an empty practice through the same use cases that everybody else goes through.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use cutis_api::Api;
use cutis_auth::set_up::SetUp;
use cutis_consent::Purpose;
use cutis_consent::record::{Draft, External, Notes, PersonName, SignerRole};
use cutis_domain::account::{AccountProfile, Username};
use cutis_domain::patient::{Fitzpatrick, SexAtBirth, UniqueId};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::time::Day;
use cutis_domain::{Caller, Clinician, Ids, PatientId, Secret, Sensitive, Text, Timestamp, UploadKey};
use cutis_media::CivilTime;
use cutis_media::synthetic::{self, Scene, Subject};
use cutis_records::consents::Given;
use cutis_records::entries::NewEntry;
use cutis_records::images::FileOutcome;
use cutis_records::patients::{Change, PatientDraft};

use super::LOGIN;
use super::cast::{CAST, Role, Visit, fitzpatrick};

/// Size of a synthetic image, in pixels.
const SIZE: (u32, u32) = (1440, 1080);
const DAY: i64 = 86_400;

/// Called with how many images have been drawn, and how many there will be.
pub type Progress<'a> = &'a mut (dyn FnMut(usize, usize) + Send);

/// Sets the practice up and fills it.
///
/// # Errors
/// When a use case refuses, which would be a bug in the demo.
pub async fn fill(api: &Api, ids: &Ids, code: Secret<String>, progress: Progress<'_>) -> anyhow::Result<()> {
    let clinician = set_up(api, code).await?;
    let scenes = scenes(api.records.now())?;
    let mut album = tokio::task::block_in_place(|| draw(&scenes, progress))?.into_iter();
    for role in CAST {
        play(api, ids, &clinician, role, &mut album).await?;
    }
    Ok(())
}

/// Every image of the cast, in the order in which [`play`] takes them.
fn scenes(now: Timestamp) -> anyhow::Result<Vec<Scene>> {
    let mut scenes = Vec::new();
    for (seed, role) in (7_u64..).zip(CAST) {
        for (number, visit) in (0_u32..).zip(role.visits) {
            for subject in visit.images {
                scenes.push(scene(role, *subject, seed, number, time_of(visit, now))?);
            }
        }
    }
    Ok(scenes)
}

/// Draws the images on every core.
fn draw(scenes: &[Scene], progress: Progress<'_>) -> anyhow::Result<Vec<Vec<u8>>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let (drawn, arriving) = std::sync::mpsc::channel();
    let mut album = std::collections::BTreeMap::new();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (drawn, next) = (drawn.clone(), &next);
            scope.spawn(move || {
                while let Some((index, scene)) = Some(next.fetch_add(1, Ordering::Relaxed))
                    .and_then(|index| scenes.get(index).map(|s| (index, s)))
                {
                    if drawn
                        .send((index, synthetic::draw(scene, SIZE.0, SIZE.1)))
                        .is_err()
                    {
                        break;
                    }
                }
            });
        }
        drop(drawn);
        for (index, file) in arriving {
            album.insert(index, file?);
            progress(album.len(), scenes.len());
        }
        Ok(album.into_values().collect())
    })
}

fn time_of(visit: &Visit, now: Timestamp) -> Timestamp {
    let at = now.plus_seconds(-visit.days_ago.saturating_mul(DAY));
    // On the quarter hour, as appointments are.
    Timestamp::from_micros(at.as_micros().div_euclid(900_000_000).saturating_mul(900_000_000))
}

async fn set_up(api: &Api, code: Secret<String>) -> anyhow::Result<Clinician> {
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
    started
        .signed_in
        .clinician()
        .context("the demo's account is no clinician")
}

async fn play(
    api: &Api,
    ids: &Ids,
    by: &Clinician,
    role: &Role,
    album: &mut impl Iterator<Item = Vec<u8>>,
) -> anyhow::Result<()> {
    let now = api.records.now();
    let draft = PatientDraft {
        unique_id: Some(UniqueId::parse(role.unique_id)?),
        first_name: Change::Set(Text::parse(role.first_name)?),
        last_name: Change::Set(Text::parse(role.last_name)?),
        birth_date: Change::Set(Day::parse(role.birth_date)?),
        sex_at_birth: Change::Set(SexAtBirth::parse(role.sex)?),
        fitzpatrick: Change::Set(Fitzpatrick::parse(fitzpatrick(role.skin))?),
        allergies: Change::of(role.allergies.map(Text::parse).transpose()?),
        ..PatientDraft::default()
    };
    let patient = api.records.create_patient(by, draft).await?.patient.id;
    if role.consents {
        api.records.record_consent(by, patient, consent(role)).await?;
    }
    for visit in role.visits {
        api.records
            .create_entry(by, patient, entry(visit, time_of(visit, now))?)
            .await?;
        for index in 1..=visit.images.len() {
            let file = album.next().context("a photo of the cast is missing")?;
            upload(
                api,
                ids,
                by,
                patient,
                &format!("{} {index}.jpg", visit.title),
                &file,
            )
            .await?;
        }
    }
    Ok(())
}

fn consent(role: &Role) -> Draft<Given> {
    Draft {
        form: Ok(cutis_consent::form::current("en")),
        purposes: vec![Ok(Purpose::ClinicalRecord), Ok(Purpose::TreatingClinicians)],
        method: Given::External {
            how: Ok(External::Written),
            notes: Notes::parse("Paper form, filed").map(Some),
        },
        signer_name: PersonName::parse(&format!("{} {}", role.first_name, role.last_name)),
        signer_role: Ok(SignerRole::Patient),
        witness: Ok(None),
        expires_on: Ok(None),
    }
}

fn entry(visit: &Visit, at: Timestamp) -> anyhow::Result<NewEntry> {
    Ok(NewEntry {
        appointment_at: Some(at),
        title: Some(Sensitive::new(Text::parse(visit.title)?)),
        notes: Sensitive::new(Text::parse(visit.notes)?),
    })
}

fn scene(role: &Role, subject: Subject, seed: u64, visit: u32, at: Timestamp) -> anyhow::Result<Scene> {
    let text = at.to_string();
    let number = |range: std::ops::Range<usize>| -> anyhow::Result<u16> {
        Ok(text.get(range).context("a time is too short")?.parse()?)
    };
    let small = |range| number(range).and_then(|value| Ok(u8::try_from(value)?));
    let date = (number(0..4)?, small(5..7)?, small(8..10)?);
    let time = (small(11..13)?, small(14..16)?, small(17..19)?);
    let captured_at = CivilTime::new(date, time, Some(0)).context("no such time")?;
    Ok(Scene {
        seed,
        visit,
        subject,
        skin: role.skin,
        captured_at,
    })
}

async fn upload(
    api: &Api,
    ids: &Ids,
    by: &Clinician,
    patient: PatientId,
    name: &str,
    file: &[u8],
) -> anyhow::Result<()> {
    let mut intake = api.records.begin_intake(by, None).await?;
    intake.push(file)?;
    let key: UploadKey = ids.make();
    match api
        .records
        .store_file(by, patient, (key, 0), name, intake.finish())
        .await?
    {
        FileOutcome::Stored(_) => Ok(()),
        FileOutcome::Duplicate(_) => bail!("two synthetic photos are alike"),
        FileOutcome::Refused(refusal) => bail!("a synthetic photo was refused: {}", refusal.message),
    }
}
