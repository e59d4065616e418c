//! Puts the parts together over one data directory.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use cutis_api::live::Live;
use cutis_api::{Api, UseCases};
use cutis_audit::TrailKey;
use cutis_auth::{Auth, Cost, PasswordHasher, SetupGate};
use cutis_blob::{Blobs, Stages};
use cutis_domain::entropy::Purpose;
use cutis_domain::{Clock, Entropy, Ids, Secret};
use cutis_practice::{Board, NoticeCode, Practice};
use cutis_records::{Darkroom, Records};
use cutis_storage::{Mismatch, Room, StorageError, Store, StoreSettings};
use cutis_storage_sqlite::{Neighbours, Options, Sqlite, Upgrade};
use cutis_vault::{Data, InstallationKey, KeyPurpose, Vault};

use crate::caps::Caps;
use crate::data::DataDir;
use crate::disk::{Disk, Probe};
use crate::keys;
use crate::opening::{self, Beside, State};
use crate::witness::{self, HeadFile};

/// How many read snapshots may be open at once.
const READERS: u32 = 4;

/// What the program and its tests do differently.
pub struct Surroundings {
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How much work a password costs.
    pub cost: Cost,
    /// Where images are decoded.
    pub darkroom: Arc<dyn Darkroom>,
    /// A second folder for checkpoints.
    pub checkpoints: Option<PathBuf>,
    /// How large a reserve is kept for a full disk, in bytes; zero for none.
    pub reserve: u64,
    /// Says how much room the data folder's disk has.
    pub probe: Probe,
    /// How many connections may be open at once.
    pub caps: Caps,
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
    /// The disk that holds it.
    pub disk: Arc<Disk>,
    /// What administrators are told about the installation.
    pub notices: Board,
    /// What was found beside the database.
    pub beside: Beside,
    /// The set-up code, if the practice still has to be set up.
    pub setup_code: Option<Secret<String>>,
}

/// What a store runs with: the present, randomness, and how much room the disk has.
pub type Around = (Arc<dyn Clock>, Arc<dyn Entropy>, Arc<dyn Room>);

/// The vault of a data directory; a missing key beside existing data is refused, never replaced.
///
/// # Errors
/// When the key is missing, damaged or readable by others.
pub fn open_vault(data: &DataDir, state: State, entropy: &Arc<dyn Entropy>) -> anyhow::Result<Arc<Vault>> {
    let present = match state {
        State::Used => Data::Present,
        State::New => Data::Absent,
    };
    let (key, _) = InstallationKey::load_or_create(&data.installation_key(), present, entropy.as_ref())?;
    let vault = Vault::open(&data.keys(), key, Arc::clone(entropy))?;
    Ok(Arc::new(vault.with_quarantine(data.quarantined_keys())))
}

/// Vault and database, once it is certain that the database belongs to the files beside it and to the checkpoints in
/// the second folder.
///
/// # Errors
/// [`opening::Refusal`], before anything was changed; otherwise when a part cannot be opened.
pub fn open_parts(
    data: &DataDir,
    second: Option<&Path>,
    neighbours: Neighbours,
    (clock, entropy, room): Around,
    notices: &Board,
    on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
) -> anyhow::Result<(Arc<Vault>, Store, Beside)> {
    let state = opening::examine(data, neighbours)?;
    let vault = open_vault(data, state, &entropy)?;
    let key = keys::trail(&vault);
    let beside = opening::compare(data, state, &vault, second, neighbours)?;
    if state == State::New {
        // Before the database, so that a database with events and no head is never a crash's doing.
        witness::begin(&data.trail_head(), &key)?;
    }
    let store = open_store(data, key, (clock, entropy, room), notices, on_fatal)?;
    Ok((vault, store, beside))
}

/// Says which step of an upgrade begins. Nothing answers meanwhile, so whoever started the program should know why.
fn say_upgrade(step: Upgrade<'_>) {
    // As a warning, because only those are shown unless somebody asks for more.
    tracing::warn!(
        version = step.version,
        step = step.name,
        last = step.last,
        "the database is being upgraded; with many patients this step may take minutes. If the program is stopped \
         meanwhile, the database stays as it was"
    );
}

/// Logs what is found to be changed by something other than this program, and raises a notice about it.
fn show_mismatches(notices: Board) -> Box<dyn Fn(&Mismatch) + Send> {
    Box::new(move |mismatch| {
        let remedy = mismatch.remedy();
        tracing::error!(%mismatch, "{remedy}");
        let message = format!("Something was changed outside Cutis: {mismatch}. Cutis does not rely on it.");
        notices.raise(NoticeCode::Integrity, message, remedy);
    })
}

/// The database with its trail, whatever is beside it.
///
/// # Errors
/// When it cannot be opened.
pub fn open_store(
    data: &DataDir,
    key: TrailKey,
    (clock, entropy, room): Around,
    notices: &Board,
    on_fatal: Box<dyn FnOnce(&StorageError) + Send>,
) -> anyhow::Result<Store> {
    let options = Options {
        readers: READERS,
        on_upgrade: say_upgrade,
        ..Options::default()
    };
    let backend = Sqlite::open(data.database(), &key, options)?;
    let on_integrity = show_mismatches(notices.clone());
    let notices = notices.clone();
    let on_refused = Box::new(move |why: witness::Refused| {
        tracing::error!(
            ?why,
            "the file trail.head was removed or changed and is no longer written"
        );
        notices.raise(
            NoticeCode::TrailHead,
            why.message(),
            "Find out who did this. Cutis keeps running and no longer writes the file; at the next start it will ask \
             what to do. Keep a copy of the data folder as it is now.",
        );
    });
    let settings = StoreSettings {
        key,
        clock,
        entropy,
        witness: Box::new(HeadFile::new(data.trail_head(), on_refused)),
        room,
        on_fatal,
        on_integrity,
    };
    Store::start(Arc::new(backend), settings).context("the database cannot be opened")
}

/// Opens a practice, creating an empty one if there is none.
///
/// # Errors
/// When a part cannot be opened; the message says which and what to do.
pub async fn open(
    data: &DataDir,
    neighbours: Neighbours,
    surroundings: Surroundings,
) -> anyhow::Result<Opened> {
    let Surroundings {
        clock,
        entropy,
        cost,
        darkroom,
        checkpoints,
        reserve,
        probe,
        caps,
        on_fatal,
    } = surroundings;
    let notices = Board::new(Arc::clone(&clock));
    // First of all: on a full disk the rest needs a little of the reserve.
    let disk = Arc::new(Disk::open(data.reserve(), reserve, probe, notices.clone()));
    let around: Around = (
        Arc::clone(&clock),
        Arc::clone(&entropy),
        Arc::<Disk>::clone(&disk),
    );
    let (vault, store, beside) = open_parts(
        data,
        checkpoints.as_deref(),
        neighbours,
        around,
        &notices,
        on_fatal,
    )?;
    let blobs = Blobs::folder(&data.blobs())
        .and_then(|blobs| blobs.with_quarantine(&data.quarantined_blobs()))
        .context("the photo store cannot be opened")?;
    let stages =
        Stages::folder(&data.staging()).context("the folder of unfinished uploads cannot be opened")?;
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
        monotonic: Arc::new(crate::host::stopwatch()),
    };
    let auth = Auth::new(parts, Arc::clone(&clock), Arc::clone(&entropy));
    let ids = Ids::new(Arc::clone(&clock), Arc::clone(&entropy));
    let run_of = Arc::clone(&entropy);
    let records = Records::new(cutis_records::Parts {
        store: store.clone(),
        blobs,
        stages,
        vault: Arc::clone(&vault),
        darkroom,
        clock,
        entropy,
    });
    let practice = Practice::new(store.clone(), ids, notices.clone());
    let run = u64::from_be_bytes(cutis_domain::entropy::bytes(run_of.as_ref(), Purpose::Id));
    let live = Live::new(run, caps.live(), Arc::new(crate::host::stopwatch()));
    let telling = live.follow(&records);
    #[expect(
        clippy::disallowed_methods,
        reason = "serves no request, holds nothing of the store, and ends by itself when the store is gone"
    )]
    drop(tokio::spawn(telling));
    Ok(Opened {
        api: Api::new(UseCases {
            auth,
            records,
            practice,
            live,
        }),
        store,
        vault,
        disk,
        notices,
        beside,
        setup_code,
    })
}
