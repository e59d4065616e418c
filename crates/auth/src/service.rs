//! What the use cases share.

use std::num::NonZeroUsize;
use std::sync::Arc;

use cutis_audit::{Denial, Event};
use cutis_domain::settings::Key;
use cutis_domain::{Caller, Clock, Entropy, Ids, Timestamp};
use cutis_storage::{DiskSpace, ErrorKind, StorageError, Store};

use crate::lane::{Busy, Lane};
use crate::password::{self, Candidate, Context, PasswordHasher, Policy, Report};
use crate::session::confirmed::Confirmations;
use crate::session::owed::Owed;
use crate::session::recent::Recent;
use crate::session::steady::{Monotonic, Steady};
use crate::setup_code::SetupGate;
use crate::strangers::Strangers;
use crate::throttle::in_flight::InFlight;
use crate::throttle::remembered::Remembered;

/// The parts of [`Auth`].
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Hashes passwords.
    pub hasher: PasswordHasher,
    /// How many cores the machine has; hashing leaves one of them alone.
    pub cores: NonZeroUsize,
    /// Has the set-up code, if one was printed.
    pub setup: SetupGate,
    /// A monotonic clock, by which sessions end too.
    pub monotonic: Monotonic,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

/// Establishes who is calling. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    pub(crate) store: Store,
    pub(crate) hasher: Arc<PasswordHasher>,
    pub(crate) setup: Arc<SetupGate>,
    pub(crate) in_flight: InFlight,
    pub(crate) remembered: Remembered,
    pub(crate) strangers: Arc<Strangers>,
    pub(crate) owed: Arc<Owed>,
    pub(crate) recent: Arc<Recent>,
    pub(crate) steady: Arc<Steady>,
    pub(crate) confirmations: Arc<Confirmations>,
    pub(crate) ids: Ids,
    pub(crate) entropy: Arc<dyn Entropy>,
    hashing: Lane,
    judging: Lane,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").finish_non_exhaustive()
    }
}

/// Whether the practice is set up, and which passwords it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetupState {
    /// There is no account yet (A2).
    pub needed: bool,
    /// The policy in force.
    pub policy: Policy,
}

/// Why a password was not checked.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// Too many requests are waiting already.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Auth {
    /// Puts the parts together. There must be only one per process, because it counts in memory.
    pub fn new(parts: Parts, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            store: parts.store,
            hasher: Arc::new(parts.hasher),
            setup: Arc::new(parts.setup),
            in_flight: InFlight::default(),
            remembered: Remembered::default(),
            strangers: Arc::default(),
            owed: Arc::default(),
            confirmations: Arc::new(Confirmations::new(Arc::clone(&parts.monotonic))),
            recent: Arc::default(),
            steady: Arc::new(Steady::new(parts.monotonic)),
            ids: Ids::new(Arc::clone(&clock), Arc::clone(&entropy)),
            entropy,
            hashing: Lane::for_cores(parts.cores),
            judging: Lane::of_width(NonZeroUsize::MIN),
            clock,
        }
    }

    /// Whether the practice still has to be set up (A2).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_state(&self) -> Result<SetupState, StorageError> {
        self.store
            .look_up(|view| {
                let policy = policy_of(view.setting(Key::PasswordPolicy)?.value())?;
                Ok(SetupState {
                    needed: view.account_count()? == 0,
                    policy,
                })
            })
            .await
    }

    /// Whether people can sign in and work: the database can be read, and its structure allows changes. Also the state
    /// of the disk; when it is full, people can still sign in but not change anything.
    ///
    /// # Errors
    /// `Tampered` when something else changed the structure; when the database fails.
    pub async fn ready(&self) -> Result<DiskSpace, StorageError> {
        self.store.structure_takes_changes().await?;
        Ok(self.store.disk_space())
    }

    /// Checks a password against the practice's policy, to show the rules while somebody types (A5). Stores nothing.
    ///
    /// # Errors
    /// `Busy` when too many are being checked, or when the database fails.
    pub async fn check_password(&self, candidate: Candidate, names: Context) -> Result<Report, JudgeError> {
        let policy = self.setup_state().await?.policy;
        Ok(self
            .judging
            .run(move || password::check(&candidate, policy, false, &names))
            .await?)
    }

    /// Records a refusal that was decided before any use case began, such as a wrong role (G7).
    ///
    /// # Errors
    /// When it could not be made durable.
    pub async fn record_refusal(&self, by: &Caller, refused: Event) -> Result<(), StorageError> {
        self.store.record(by, vec![refused]).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs work over the hasher in the bounded lane.
    pub(crate) async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHasher) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let hasher = Arc::clone(&self.hasher);
        self.hashing.run(move || work(&hasher)).await
    }
}

/// The policy that a setting names.
pub(crate) fn policy_of(code: &str) -> Result<Policy, StorageError> {
    Policy::parse(code).map_err(|_| StorageError::corrupt("setting", "value", Key::PasswordPolicy.code()))
}

/// Why a unit was given up silently: there was nothing left to do, and nothing to record.
pub(crate) enum Void {
    /// Somebody else did it meanwhile.
    Overtaken,
    /// The database failed.
    Storage(StorageError),
}

impl From<StorageError> for Void {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Denial for Void {
    fn denial(&self) -> Option<Event> {
        None
    }
}

impl Void {
    /// `false` when somebody else did it meanwhile.
    pub(crate) fn into_done(outcome: Result<(), Self>) -> Result<bool, StorageError> {
        match outcome {
            Ok(()) => Ok(true),
            Err(Self::Overtaken) => Ok(false),
            Err(Self::Storage(error)) => Err(error),
        }
    }
}

/// Whether a change was refused because a value must be unique and is not.
pub(crate) fn is_conflict(error: &StorageError) -> bool {
    error.kind() == ErrorKind::Conflict
}
