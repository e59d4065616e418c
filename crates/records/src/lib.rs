//! Use cases of a clinician: patients, entries, images, consents, tags, activity.
//!
//! Every use case takes the [`cutis_domain::Clinician`] first and reads or writes only through
//! [`cutis_storage::Store`], so it leaves its event or does not happen. One module and one error enum for each group of
//! use cases; every error says what its refusal leaves in the trail.

#![forbid(unsafe_code)]

pub mod activity;
pub mod comparisons;
pub mod consents;
pub mod entries;
mod error;
mod hand_over;
pub mod images;
pub mod patients;
mod people;
pub mod tags;
pub mod workspaces;

/// What the edge needs to know of the database: where the next page starts, one line of activity, the state of the
/// disk, and the kind of a failure. Values only; nothing here can reach the database.
pub mod outcome {
    pub use cutis_storage::port::{
        ActivityItem, ActivityKind, EntryPosition, FoundPatient, ImageCursor, Order, PatientPosition,
        PatientSort, Placed, RevisionHead, SortKey, TagFilter,
    };
    pub use cutis_storage::{Committed, DiskSpace, ErrorKind, Level, StorageError};
}

use std::sync::Arc;

use cutis_audit::{Action, Denial, Event, Target};
use cutis_blob::{Blobs, Stages};
use cutis_domain::{Clinician, Clock, Entropy, Ids, PatientId, Secret, Timestamp};
use cutis_storage::{CheckError, Recent, StorageError, Store};
use cutis_vault::{NothingSealed, PatientKey, Vault, VaultError};

pub use comparisons::{ComparisonError, ComparisonField};
pub use error::{EditField, RecordError, RecordField};
pub use images::darkroom::Darkroom;
pub use people::People;
pub use tags::{TagError, TagField};
pub use workspaces::{WorkspaceError, WorkspaceField};

/// Everything the use cases work with.
#[derive(Clone)]
pub struct Records {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) stages: Stages,
    pub(crate) vault: Arc<Vault>,
    pub(crate) darkroom: Arc<dyn Darkroom>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) ids: Ids,
    pub(crate) gallery: Arc<images::gallery::Gallery>,
    pub(crate) shared: Arc<images::memory::Shared>,
    pub(crate) desk: Arc<images::Desk>,
    pub(crate) small: Arc<images::Small>,
    pub(crate) archives: Arc<images::archive::Archives>,
    pub(crate) people: Arc<people::Recent>,
    pub(crate) rules: Arc<Recent<patients::rules::Stored>>,
    /// One upload is begun at a time, so that together they keep to what may be staged.
    pub(crate) beginning: Arc<tokio::sync::Mutex<()>>,
    /// One tag is merged or removed at a time: both go in steps, and two of them could undo each other's forever.
    pub(crate) emptying: Arc<tokio::sync::Mutex<()>>,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}

/// What [`Records`] is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The image store.
    pub blobs: Blobs,
    /// Files that have arrived in part.
    pub stages: Stages,
    /// The keys.
    pub vault: Arc<Vault>,
    /// Where untrusted image bytes are looked at.
    pub darkroom: Arc<dyn Darkroom>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl Records {
    /// The use cases over these parts.
    pub fn new(parts: Parts) -> Self {
        let ids = Ids::new(Arc::clone(&parts.clock), Arc::clone(&parts.entropy));
        let shared = Arc::new(images::memory::Shared::new(parts.darkroom.places()));
        Self {
            store: parts.store,
            blobs: parts.blobs,
            stages: parts.stages,
            vault: parts.vault,
            darkroom: parts.darkroom,
            clock: parts.clock,
            entropy: parts.entropy,
            ids,
            gallery: Arc::new(images::gallery::Gallery::default()),
            shared,
            desk: Arc::default(),
            small: Arc::default(),
            archives: Arc::default(),
            people: Arc::default(),
            rules: Arc::default(),
            beginning: Arc::default(),
            emptying: Arc::default(),
        }
    }

    /// The current time, for rendering what depends on it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A key with which this clinician's browsers seal what waits to be sent (I4): 32 bytes.
    pub fn device_key(&self, by: &Clinician) -> Secret<[u8; 32]> {
        self.vault.device_key(by.scope().owner())
    }

    /// The key under which something new of this patient is sealed. It is created only if nothing was sealed for them
    /// before; otherwise a missing key is a loss, which a new one would only hide.
    pub(crate) async fn sealing_key<E>(&self, patient: PatientId) -> Result<Arc<PatientKey>, E>
    where
        E: From<StorageError> + From<VaultError> + Send,
    {
        let found = self.vault.patient_key(patient);
        if !matches!(found, Err(VaultError::Unknown(_))) {
            return Ok(found?);
        }
        let sealed = self.store.look_up(|view| view.anything_sealed(patient)).await;
        if sealed.map_err(|error: StorageError| E::from(error))? {
            return Err(VaultError::Lost(patient).into());
        }
        Ok(self.vault.ensure_patient_key(NothingSealed::assertion(patient))?)
    }

    /// Whether a clinician may be told that something of this patient changed: the patient must be theirs. Nothing of the
    /// record is read, so nothing is recorded but a refusal.
    ///
    /// # Errors
    /// `Absent` when there is no such patient, or it is somebody else's.
    pub async fn may_watch(&self, by: &Clinician, patient: PatientId) -> Result<(), RecordError> {
        self.must_have(by, patient).await
    }

    /// What is changed from now on, once it is durable, without any of its content.
    pub fn changes(&self) -> tokio::sync::broadcast::Receiver<Arc<[outcome::Committed]>> {
        self.store.changes()
    }

    /// Refuses when there is no such patient; for use cases that do something before their unit begins.
    pub(crate) async fn must_have(&self, by: &Clinician, patient: PatientId) -> Result<(), RecordError> {
        let asked = self.store.clinic(by).check(|view| {
            let there = view.has_patient(patient)?;
            Ok(if there { Ok(()) } else { Err(NoPatient(patient)) })
        });
        asked.await.map_err(|error| match error {
            CheckError::Refused(NoPatient(patient)) => RecordError::no_patient(patient),
            CheckError::Storage(error) => error.into(),
        })
    }
}

/// A patient that does not exist, or is somebody else's (A10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NoPatient(PatientId);

impl Denial for NoPatient {
    fn denial(&self) -> Option<Event> {
        RecordError::no_patient(self.0).denial()
    }
}

/// Whether the fault lies in one patient's key and not in the vault as a whole: then it can be said whose.
pub const fn is_about_a_patients_key(error: &VaultError) -> bool {
    matches!(
        error,
        VaultError::Unknown(_)
            | VaultError::Lost(_)
            | VaultError::Destroyed(_)
            | VaultError::MarkRefused { .. }
            | VaultError::PatientKeyDamaged(_)
    )
}

/// What a patient's missing key leaves in the trail when something had to be sealed or opened under it.
pub(crate) fn key_missing(patient: PatientId) -> Event {
    Event::new(Action::PatientKeyMissing)
        .failed()
        .target(Target::Patient(patient))
        .patient(patient)
}
