//! A store over any backend, ready for a test.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cutis_audit::{Action, Audited, Denial, Event, TrailKey};
use cutis_consent::Refused;
use cutis_domain::entry::Layout;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{Caller, Clock as _, Sensitive, Timestamp};
use cutis_storage::port::{FieldValue, KeptEdit, NewValue};
use cutis_storage::{
    Backend, InsideError, Mismatch, NotOpen, PatientUnit, StorageError, Store, StoreSettings, TrailReport,
    TrailVerdict,
};

use crate::{FixedClock, MemoryWitness, SeededEntropy, builders};

/// Why a test's unit of work ended.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There is no such patient.
    #[error("there is no such patient")]
    Absent,
    /// The entry is signed.
    #[error("the entry is signed")]
    Signed,
    /// Consent is missing.
    #[error("consent is missing")]
    Consent,
    /// The test refused on purpose.
    #[error("refused on purpose")]
    OnPurpose,
}

impl From<NotOpen> for Fault {
    fn from(error: NotOpen) -> Self {
        match error {
            NotOpen::Absent(..) => Self::Absent,
            NotOpen::Signed(..) => Self::Signed,
            NotOpen::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<InsideError> for Fault {
    fn from(error: InsideError) -> Self {
        match error {
            InsideError::Absent(_) => Self::Absent,
            InsideError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<Refused<StorageError>> for Fault {
    fn from(refused: Refused<StorageError>) -> Self {
        match refused {
            Refused::Consent(_) => Self::Consent,
            Refused::Ledger(error) => Self::Storage(error),
        }
    }
}

impl Denial for Fault {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Storage(_) => None,
            Self::Consent => Some(Event::new(Action::CaptureRefused).refused()),
            Self::Absent | Self::Signed | Self::OnPurpose => {
                Some(Event::new(Action::AccessRefused).refused())
            }
        }
    }
}

/// Everything a store needs, and a way to open the same database again.
pub struct Lab {
    /// The present.
    pub clock: Arc<FixedClock>,
    /// What was kept of the trail outside the database.
    pub witness: MemoryWitness,
    entropy: Arc<SeededEntropy>,
    fatal: Arc<AtomicBool>,
    told: Arc<Mutex<Vec<Mismatch>>>,
    open: Box<dyn Fn() -> Arc<dyn Backend> + Send + Sync>,
}

impl std::fmt::Debug for Lab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lab").finish_non_exhaustive()
    }
}

impl Lab {
    /// A lab over what `open` opens: the same database each time.
    pub fn new(open: impl Fn() -> Arc<dyn Backend> + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::default(),
            witness: MemoryWitness::default(),
            entropy: Arc::default(),
            fatal: Arc::default(),
            told: Arc::default(),
            open: Box::new(open),
        }
    }

    /// The trail's key, always the same.
    pub fn key() -> TrailKey {
        TrailKey::from_bytes([0x42; 32])
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether a store ended because the disk could no longer be trusted.
    pub fn is_fatal(&self) -> bool {
        self.fatal.load(Ordering::SeqCst)
    }

    /// What the stores found changed by something else and told, since this was asked last.
    pub fn told(&self) -> Vec<Mismatch> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens the database once more, without a store.
    pub fn backend(&self) -> Arc<dyn Backend> {
        (self.open)()
    }

    /// A store over the database as it is.
    pub fn store(&self) -> Store {
        let (fatal, told) = (Arc::clone(&self.fatal), Arc::clone(&self.told));
        let settings = StoreSettings {
            key: Self::key(),
            clock: Arc::<FixedClock>::clone(&self.clock),
            entropy: Arc::<SeededEntropy>::clone(&self.entropy),
            witness: Box::new(self.witness.clone()),
            room: Arc::new(cutis_storage::Endless),
            on_fatal: Box::new(move |_| fatal.store(true, Ordering::SeqCst)),
            on_integrity: Box::new(move |mismatch| {
                told.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(mismatch.clone());
            }),
        };
        Store::start(self.backend(), settings).expect("a store starts")
    }

    /// A store with the accounts 1 and 2 in it, each with both roles.
    pub async fn practice(&self) -> Store {
        let (store, at) = (self.store(), self.now());
        store
            .practice(&Caller::system())
            .write::<_, Fault, _>(move |unit| {
                unit.insert_account(&builders::account(1, at))?;
                unit.insert_account(&builders::account(2, at))?;
                Ok(Audited::new((), Event::new(Action::PracticeSetUp))
                    .and(Event::new(Action::AccountCreated)))
            })
            .await
            .expect("two accounts");
        store
    }
}

/// Sets a setting, with its event.
pub async fn set(store: &Store, key: Key, value: &str) {
    let setting = Setting::parse(key, value).expect("a valid value");
    store
        .practice(&builders::caller(1))
        .write::<_, Fault, _>(move |unit| {
            unit.set_setting(&setting)?;
            Ok(Audited::new((), Event::new(Action::SettingChanged)))
        })
        .await
        .expect("the setting is set");
}

/// Adds a patient of the clinician of this number, with its event.
pub async fn add_patient(store: &Store, clinician: u32, number: u32, unique: &str, at: Timestamp) {
    let patient = builders::new_patient(number, unique, at);
    store
        .clinic(&builders::clinician(clinician))
        .write::<_, Fault, _>(move |unit| {
            unit.insert_patient(&patient)?;
            Ok(Audited::new(
                (),
                Event::new(Action::PatientCreated).patient(patient.id),
            ))
        })
        .await
        .expect("the patient is added");
}

/// Adds an image of this patient on whatever consent or level there is, with its event.
///
/// # Errors
/// When consent is missing or the database refuses.
pub async fn add_image(
    store: &Store,
    clinician: u32,
    patient: u32,
    number: u32,
    at: Timestamp,
) -> Result<(), Fault> {
    let draft = builders::image_draft(number, at);
    store
        .clinic(&builders::clinician(clinician))
        .write(move |unit| {
            let patient = builders::patient_id(patient);
            let mut inside = unit.inside(patient)?;
            let proof = inside.admit(at)?;
            inside.insert_image(&cutis_storage::port::NewImage::new(draft, proof))?;
            Ok(Audited::new((), Event::new(Action::ImageStored).patient(patient)))
        })
        .await
}

/// Adds a consent, with its event.
///
/// # Errors
/// When the database refuses.
pub async fn add_consent(
    store: &Store,
    clinician: u32,
    consent: cutis_storage::port::NewConsent,
) -> Result<(), Fault> {
    store
        .clinic(&builders::clinician(clinician))
        .write(move |unit| {
            unit.inside(consent.record.patient)?.insert_consent(&consent)?;
            Ok(Audited::new(
                (),
                Event::new(Action::ConsentRecorded).patient(consent.record.patient),
            ))
        })
        .await
}

/// Adds an entry, with its event.
///
/// # Errors
/// When the database refuses.
pub async fn add_entry(
    store: &Store,
    clinician: u32,
    entry: cutis_domain::entry::Entry,
) -> Result<(), Fault> {
    store
        .clinic(&builders::clinician(clinician))
        .write(move |unit| {
            unit.inside(entry.patient)?.insert_entry(&entry)?;
            Ok(Audited::new(
                (),
                Event::new(Action::EntryCreated).patient(entry.patient),
            ))
        })
        .await
}

/// Writes in every way on the entry of this number, which is a patient's.
///
/// # Errors
/// When the database refuses.
pub fn write_on_entry(inside: &mut PatientUnit<'_, '_>, number: u32, at: Timestamp) -> Result<(), Fault> {
    let entry = builders::entry_id(number);
    let open = inside.open_entry(entry)?;
    let values = [
        FieldValue::AppointmentAt(at),
        FieldValue::Title(Some(Sensitive::new(builders::text("Control")))),
        FieldValue::Notes(b"sealed".to_vec()),
    ];
    for value in values {
        let field = value.field();
        let revision = builders::revision(1, at);
        inside.set_value(&open, &NewValue { value, revision })?;
        let kept = KeptEdit {
            seq: 7,
            body: [7; 32],
            version: 1,
            at,
        };
        inside.keep_edit(&open, field, builders::client_id(number), &kept)?;
    }
    inside.insert_addendum(entry, &builders::addendum(number, at))?;
    inside.insert_addendum(entry, &builders::addendum(number + 1_000, at))?;
    inside.set_entry_layout(entry, &Layout::default())?;
    Ok(())
}

/// Adds a category of this number with these tags, with its event.
///
/// # Errors
/// When the database refuses.
pub async fn add_tags(
    store: &Store,
    clinician: u32,
    category: u32,
    tags: &'static [u32],
    at: Timestamp,
) -> Result<(), Fault> {
    store
        .clinic(&builders::clinician(clinician))
        .write(move |unit| {
            if !unit.tags_begun()? {
                unit.begin_tags(at)?;
            }
            unit.insert_tag_category(&builders::tag_category(category), 0, at)?;
            for tag in tags {
                unit.insert_tag(&builders::tag(*tag, category), at)?;
            }
            Ok(Audited::new((), Event::new(Action::TagCreated)))
        })
        .await
}

/// Looks at clinical data as the clinician of this number, leaving an event.
pub async fn look<T: Send>(
    store: &Store,
    clinician: u32,
    work: impl for<'tx> FnOnce(&cutis_storage::View<'tx>) -> Result<T, StorageError> + Send,
) -> T {
    let by = builders::clinician(clinician);
    let read = store.clinic(&by).read(|view| viewed(work(view)));
    read.await.expect("it can be read")
}

/// The same for what has to be read with the newest events of the trail.
pub async fn look_at_trail<T: Send>(
    store: &Store,
    clinician: u32,
    work: impl for<'tx> FnOnce(&cutis_storage::View<'tx>) -> Result<T, StorageError> + Send,
) -> T {
    let by = builders::clinician(clinician);
    let read = store.clinic(&by).read_trail(|view| viewed(work(view)));
    read.await.expect("it can be read")
}

fn viewed<T>(found: Result<T, StorageError>) -> Result<Audited<T>, Fault> {
    Ok(Audited::new(found?, Event::new(Action::PatientViewed)))
}

/// How many events the trail holds.
pub async fn trail_size(store: &Store) -> u64 {
    store
        .look_up(|view| view.trail_size())
        .await
        .map_err(|error: StorageError| error)
        .expect("it can be read")
}

/// Verifies the trail with everything the witness kept and expects it intact.
pub async fn expect_intact(lab: &Lab, store: &Store) -> TrailReport {
    let outside = lab.witness.heads();
    let outside = outside
        .iter()
        .map(|head| cutis_audit::Witness::head(head, "the witness"))
        .collect();
    match store.verify_trail(outside).await.expect("it can be read") {
        TrailVerdict::Intact(report) => report,
        TrailVerdict::Broken(fault) => unbroken(&fault),
    }
}

#[expect(clippy::panic, reason = "a test's failure")]
fn unbroken(fault: &str) -> ! {
    panic!("the trail should be intact, but: {fault}")
}
