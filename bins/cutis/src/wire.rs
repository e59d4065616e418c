//! Puts the parts together over one data directory.

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::Context as _;
use cutis_audit::TrailKey;
use cutis_auth::{Auth, Cost, PasswordHasher, SetupGate};
use cutis_blob::Blobs;
use cutis_domain::{Clock, Entropy, Ids, Secret};
use cutis_practice::notices::NoticeCode;
use cutis_practice::{Board, Practice};
use cutis_records::{Darkroom, Records};
use cutis_storage::{Mismatch, StorageError, Store, StoreSettings};
use cutis_storage_sqlite::{Options, Sqlite};
use cutis_transport::v1::Api;
use cutis_vault::{Data, InstallationKey, KeyPurpose, Vault};

use crate::data::DataDir;
use crate::witness::HeadFile;

/// Read snapshots that may be open at once.
const READERS: u32 = 4;

/// What differs between the program and its tests.
pub struct Surroundings {
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How much work a password costs.
    pub cost: Cost,
    /// Where images are looked at.
    pub darkroom: Arc<dyn Darkroom>,
    /// Called once if the disk can no longer be trusted.
    pub on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

/// A practice, opened.
#[derive(Debug)]
pub struct Opened {
    /// The use cases.
    pub api: Api,
    /// The database.
    pub store: Store,
    /// The keys.
    pub vault: Arc<Vault>,
    /// What administrators are told about the installation.
    pub notices: Board,
    /// The set-up code, when the practice has yet to be set up.
    pub setup_code: Option<Secret<String>>,
}

/// The vault of a data directory; a missing key beside existing data is refused, never replaced.
///
/// # Errors
/// When the key is missing, damaged or readable by others.
pub fn open_vault(data: &DataDir, entropy: &Arc<dyn Entropy>) -> anyhow::Result<Arc<Vault>> {
    let present = if data.holds_data() {
        Data::Present
    } else {
        Data::Absent
    };
    let (key, _) = InstallationKey::load_or_create(&data.installation_key(), present, entropy.as_ref())?;
    let vault = Vault::open(&data.keys(), key, Arc::clone(entropy))?;
    Ok(Arc::new(vault))
}

/// The database with its trail.
///
/// # Errors
/// When it cannot be opened.
pub fn open_store(
    data: &DataDir,
    vault: &Vault,
    surroundings: (Arc<dyn Clock>, Arc<dyn Entropy>),
    on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
    on_integrity: OnIntegrity,
) -> anyhow::Result<Store> {
    start_store(
        data,
        vault,
        Sqlite::open(data.database(), &trail_key(vault), Options { readers: READERS })?,
        surroundings,
        on_fatal,
        on_integrity,
    )
}

/// The same without bringing an older database up to date: for looking at it as it is.
///
/// # Errors
/// When it cannot be opened.
pub fn open_store_unchanged(
    data: &DataDir,
    vault: &Vault,
    surroundings: (Arc<dyn Clock>, Arc<dyn Entropy>),
    on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
    on_integrity: OnIntegrity,
) -> anyhow::Result<Store> {
    let backend = Sqlite::open_existing(data.database(), &trail_key(vault), Options { readers: READERS })?;
    start_store(data, vault, backend, surroundings, on_fatal, on_integrity)
}

/// Called for each thing found to be changed by other means than this program.
pub type OnIntegrity = Box<dyn Fn(&Mismatch) + Send>;

/// Puts what is found into the log, for commands that end soon.
pub fn log_mismatches() -> OnIntegrity {
    Box::new(|mismatch| tracing::error!(%mismatch, "{}", Mismatch::REMEDY))
}

/// Puts what is found into the log and before the administrators.
fn show_mismatches(notices: Board) -> OnIntegrity {
    Box::new(move |mismatch| {
        tracing::error!(%mismatch, "{}", Mismatch::REMEDY);
        let message = format!("Something was changed outside Cutis: {mismatch}. Cutis does not rely on it.");
        notices.raise(NoticeCode::Integrity, message, Mismatch::REMEDY);
    })
}

fn trail_key(vault: &Vault) -> TrailKey {
    TrailKey::from_bytes(*vault.derive(KeyPurpose::TrailMac).expose())
}

fn start_store(
    data: &DataDir,
    vault: &Vault,
    backend: Sqlite,
    (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>),
    on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
    on_integrity: OnIntegrity,
) -> anyhow::Result<Store> {
    let settings = StoreSettings {
        key: trail_key(vault),
        clock,
        entropy,
        witness: Box::new(HeadFile::new(data.trail_head())),
        on_fatal,
        on_integrity,
    };
    Store::start(Arc::new(backend), settings).context("the database cannot be opened")
}

/// Opens a practice, making an empty one where there is none.
///
/// # Errors
/// When a part cannot be opened; the message says which and what to do.
pub async fn open(data: &DataDir, surroundings: Surroundings) -> anyhow::Result<Opened> {
    let Surroundings {
        clock,
        entropy,
        cost,
        darkroom,
        on_fatal,
    } = surroundings;
    let notices = Board::new(Arc::clone(&clock));
    let vault = open_vault(data, &entropy)?;
    let store = open_store(
        data,
        &vault,
        (Arc::clone(&clock), Arc::clone(&entropy)),
        on_fatal,
        show_mismatches(notices.clone()),
    )?;
    let blobs = Blobs::folder(&data.blobs()).context("the image store cannot be opened")?;
    let empty = store
        .look_up(|view| view.account_count().map(|accounts| accounts == 0))
        .await;
    let empty = empty.map_err(|error: StorageError| anyhow::Error::from(error))?;
    let (setup, setup_code) = if empty {
        let (gate, code) = SetupGate::issue(entropy.as_ref());
        (gate, Some(code))
    } else {
        (SetupGate::closed(), None)
    };
    let pepper = vault.derive(KeyPurpose::PasswordPepper);
    let hasher = PasswordHasher::new(pepper, cost, Arc::clone(&entropy));
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let parts = cutis_auth::Parts {
        store: store.clone(),
        hasher,
        cores,
        setup,
    };
    let auth = Auth::new(parts, Arc::clone(&clock), Arc::clone(&entropy));
    let ids = Ids::new(Arc::clone(&clock), Arc::clone(&entropy));
    let records = Records::new(cutis_records::Parts {
        store: store.clone(),
        blobs,
        vault: Arc::clone(&vault),
        darkroom,
        clock,
        entropy,
    });
    let practice = Practice::new(store.clone(), ids, notices.clone());
    Ok(Opened {
        api: Api {
            auth,
            records,
            practice,
        },
        store,
        vault,
        notices,
        setup_code,
    })
}
