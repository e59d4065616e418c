//! The practice that is measured: opened as the program opens it, filled through its own use cases.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, ensure};
use cutis::data::DataDir;
use cutis::host::{OsEntropy, SystemClock};
use cutis::wire::{self, Opened, Surroundings};
use cutis_auth::set_up::SetUp;
use cutis_auth::{Cost, SessionToken};
use cutis_domain::account::{AccountProfile, Username};
use cutis_domain::patient::{SexAtBirth, UniqueId};
use cutis_domain::settings::{Key, Setting};
use cutis_domain::time::Day;
use cutis_domain::{
    Administrator, Caller, Clinician, Clock, Entropy, Ids, PatientId, Secret, Sensitive, Text,
};
use cutis_records::patients::{Change, PatientDraft};
use cutis_storage_sqlite::Neighbours;
use futures_util::future::try_join_all;

use crate::darkroom::InProcess;

/// How many patients there are before anything is measured.
pub(crate) const PATIENTS: usize = 10_000;
/// How many are made at once while filling.
const AT_ONCE: usize = 64;
/// Who signs in.
pub(crate) const USERNAME: &str = "bench";
/// With what.
pub(crate) const PASSWORD: &str = "Sunscreen-Daily-50";

/// A practice with one account, which is clinician and administrator.
pub(crate) struct Practice {
    pub(crate) opened: Opened,
    pub(crate) data: DataDir,
    pub(crate) by: Clinician,
    pub(crate) administrator: Administrator,
    pub(crate) token: SessionToken,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) ids: Ids,
    pub(crate) patients: Vec<PatientId>,
    made: AtomicUsize,
}

impl Practice {
    /// An empty one in a new folder.
    pub(crate) async fn open(folder: &Path, cost: Cost) -> anyhow::Result<Self> {
        let data = DataDir::create(folder)?;
        let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) =
            (Arc::new(SystemClock), Arc::new(OsEntropy));
        let surroundings = Surroundings {
            clock: Arc::clone(&clock),
            entropy: Arc::clone(&entropy),
            cost,
            reserve: 0,
            probe: cutis::disk::probe_of(data.path()),
            darkroom: Arc::new(InProcess),
            checkpoints: None,
            caps: cutis::caps::Caps::default(),
            on_fatal: Box::new(|error| eprintln!("floors: the disk failed: {error}")),
        };
        let mut opened = wire::open(&data, Neighbours::None, surroundings).await?;
        let input = SetUp {
            code: opened.setup_code.take().context("the practice is not empty")?,
            profile: AccountProfile {
                username: Username::parse(USERNAME)?,
                first_name: Sensitive::new(Text::parse("Dana")?),
                last_name: Sensitive::new(Text::parse("Weber")?),
                email: None,
            },
            password: Secret::new(PASSWORD.to_owned()),
            settings: vec![
                Setting::parse(Key::PracticeName, "Measured")?,
                Setting::parse(Key::ConsentLevel, "disabled")?,
            ],
        };
        let started = opened.api.auth.set_up(Caller::system(), input).await?;
        Ok(Self {
            by: started
                .signed_in
                .clinician()
                .context("the account is no clinician")?,
            administrator: started
                .signed_in
                .administrator()
                .context("the account is no administrator")?,
            token: started.token,
            ids: Ids::new(Arc::clone(&clock), Arc::clone(&entropy)),
            opened,
            data,
            entropy,
            patients: Vec::new(),
            made: AtomicUsize::new(0),
        })
    }

    /// Makes patients, many at once.
    pub(crate) async fn fill(&mut self, count: usize) -> anyhow::Result<()> {
        while self.patients.len() < count {
            let more = try_join_all((0..AT_ONCE).map(|_| self.create())).await?;
            self.patients.extend(more);
        }
        Ok(())
    }

    /// Makes one patient through its use case: a row, its audit event and the row's attestation, durably.
    pub(crate) async fn create(&self) -> anyhow::Result<PatientId> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let draft = PatientDraft {
            unique_id: Some(UniqueId::parse(&format!("bench-{number}"))?),
            first_name: Change::Set(Text::parse(&format!("Given {}", number % 977))?),
            last_name: Change::Set(Text::parse(&format!("Family {}", number % 3001))?),
            birth_date: Change::Set(Day::parse("1981-04-12")?),
            sex_at_birth: Change::Set(SexAtBirth::Female),
            ..PatientDraft::default()
        };
        Ok(self
            .opened
            .api
            .records
            .create_patient(&self.by, draft)
            .await?
            .patient
            .id)
    }

    /// Chooses how much the trail records: `essential` or `comprehensive`.
    pub(crate) async fn audit(&self, level: &str) -> anyhow::Result<()> {
        let change = vec![Setting::parse(Key::AuditLevel, level)?];
        let now = self
            .opened
            .api
            .practice
            .change_settings(&self.administrator, change)
            .await?;
        ensure!(
            now.iter()
                .any(|setting| setting.key() == Key::AuditLevel && setting.value() == level)
        );
        Ok(())
    }
}
