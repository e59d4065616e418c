//! What this crate's tests stand on: a clock and randomness of their own, and a database in memory
//! that keeps accounts, sessions, settings and the trail, and refuses everything clinical.

mod memory;
mod ports;

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cutis_audit::wire::StoredRecord;
use cutis_audit::{Head, TrailKey};
use cutis_domain::account::{AccountProfile, AccountState, EmailAddress, Username};
use cutis_domain::entropy::Purpose;
use cutis_domain::principal::Actor;
use cutis_domain::settings::{Key, Setting};
use cutis_domain::{Caller, Clock, Entropy, Secret, Sensitive, System, Text, Timestamp};
use cutis_storage::{Store, StoreSettings, Witness};
use sha2::{Digest as _, Sha256};

pub(crate) use memory::{Memory, State};

use crate::password::{Cost, PasswordHasher};
use crate::session::Started;
use crate::session::steady::Monotonic;
use crate::set_up::SetUp;
use crate::setup_code::SetupGate;
use crate::{Auth, Parts};

/// Bytes that repeat for a seed and for nothing else.
pub(crate) struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededEntropy {
    pub(crate) fn shared(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            seed,
            drawn: AtomicU64::new(0),
        })
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, _: Purpose, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
            let block = Sha256::digest([self.seed.to_be_bytes(), drawn.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A clock that moves by the same step whenever it is read.
pub(crate) struct SteppingClock {
    now: AtomicI64,
    step: i64,
}

impl SteppingClock {
    pub(crate) fn every_micros(step: i64) -> Self {
        Self {
            now: AtomicI64::new(1_000_000),
            step,
        }
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.fetch_add(self.step, Ordering::SeqCst))
    }
}

/// A clock that moves when it is told to, and the steady clock beside it.
#[derive(Clone)]
pub(crate) struct ManualClock {
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicU64>,
}

impl ManualClock {
    /// Time passes, on both clocks.
    pub(crate) fn advance(&self, seconds: u32) {
        self.set_by(i64::from(seconds));
        self.steady.fetch_add(u64::from(seconds), Ordering::SeqCst);
    }

    /// Somebody sets the wall clock, by so many seconds.
    pub(crate) fn set_by(&self, seconds: i64) {
        self.wall.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    fn steady(&self) -> Monotonic {
        let steady = Arc::clone(&self.steady);
        Arc::new(move || Duration::from_secs(steady.load(Ordering::SeqCst)))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.wall.load(Ordering::SeqCst))
    }
}

struct NoWitness;

impl Witness for NoWitness {
    fn note(&mut self, _: &Head, _: &dyn cutis_storage::Beginnings) {}
}

pub(crate) const PASSWORD: &str = "kL9#vQ2!mZp4";

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub(crate) fn profile(username: &str, email: Option<&str>) -> AccountProfile {
    AccountProfile {
        username: Username::parse(username).expect("valid"),
        first_name: Sensitive::new(Text::parse("Anna").expect("valid")),
        last_name: Sensitive::new(Text::parse("Weber").expect("valid")),
        email: email.map(|email| EmailAddress::parse(email).expect("valid")),
    }
}

/// A person on the host's command line.
pub(crate) fn operator() -> System {
    System::operator_assertion()
}

pub(crate) fn from(last: u8) -> Caller {
    Caller {
        actor: Actor::Anonymous,
        session: None,
        address: Some(IpAddr::V4(Ipv4Addr::new(192, 168, 1, last))),
        agent: Text::parse("Test browser").ok(),
        request: None,
    }
}

/// A practice in memory.
pub(crate) struct Rig {
    pub(crate) auth: Auth,
    pub(crate) clock: ManualClock,
    pub(crate) code: Secret<String>,
    state: Arc<Mutex<State>>,
}

impl Rig {
    /// Freshly installed: no account, and a printed code.
    pub(crate) fn fresh() -> Self {
        Self::over(Arc::new(Mutex::new(State::default())), 5)
    }

    fn over(state: Arc<Mutex<State>>, cost: u32) -> Self {
        let clock = ManualClock {
            wall: Arc::new(AtomicI64::new(1_800_000_000_000_000)),
            steady: Arc::default(),
        };
        let entropy: Arc<dyn Entropy> = SeededEntropy::shared(11);
        let settings = StoreSettings {
            key: TrailKey::from_bytes([5; 32]),
            clock: Arc::new(clock.clone()),
            entropy: Arc::clone(&entropy),
            witness: Box::new(NoWitness),
            on_integrity: Box::new(|mismatch| panic!("nothing here is tampered with: {mismatch}")),
            room: Arc::new(cutis_storage::Endless),
            on_fatal: Box::new(|error| panic!("the store gave up: {error}")),
        };
        let store = Store::start(Arc::new(Memory(Arc::clone(&state))), settings).expect("starts");
        let (setup, code) = SetupGate::issue(entropy.as_ref());
        let hasher = PasswordHasher::new(Secret::new([9; 32]), Cost::for_tests(cost), Arc::clone(&entropy));
        let cores = NonZeroUsize::new(3).expect("not zero");
        let auth = Auth::new(
            Parts {
                store,
                hasher,
                cores,
                setup,
                monotonic: clock.steady(),
            },
            Arc::new(clock.clone()),
            entropy,
        );
        Self {
            auth,
            clock,
            code,
            state,
        }
    }

    /// With the first account "anna.weber", whose session is given.
    pub(crate) async fn set_up() -> (Self, Started) {
        let rig = Self::fresh();
        let started = rig.auth.set_up(from(20), rig.input()).await.expect("sets up");
        (rig, started)
    }

    /// The same practice after a restart with another cost; time goes on.
    pub(crate) fn restarted_at_cost(&self, cost: u32) -> Self {
        let next = Self::over(Arc::clone(&self.state), cost);
        next.clock
            .wall
            .store(self.clock.now().as_micros(), Ordering::SeqCst);
        next
    }

    pub(crate) fn input(&self) -> SetUp {
        SetUp {
            code: self.code.clone(),
            profile: profile("anna.weber", Some("anna@praxis.example")),
            password: secret(PASSWORD),
            settings: vec![
                Setting::parse(Key::PracticeName, "Hautpraxis am See").expect("valid"),
                Setting::parse(Key::ConsentLevel, "required").expect("valid"),
                Setting::parse(Key::PracticeTimeZone, "Europe/Zurich").expect("valid"),
            ],
        }
    }

    /// What the database holds.
    pub(crate) fn state(&self) -> State {
        self.state.lock().expect("not poisoned").clone()
    }

    /// Changes the database behind everybody's back, and waits until that is noticed.
    pub(crate) fn tamper(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().expect("not poisoned"));
        self.auth.recent.forget();
    }

    /// The same without waiting.
    pub(crate) fn tamper_just_now(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().expect("not poisoned"));
    }

    /// Fills the disk, or makes room again.
    pub(crate) fn fill(&self, full: bool) {
        self.tamper(|held| held.full = full);
    }

    pub(crate) fn set_account_state(&self, state: AccountState) {
        self.tamper(|held| held.accounts.iter_mut().for_each(|account| account.state = state));
    }

    /// The newest records, oldest first.
    pub(crate) fn last_records(&self, count: usize) -> Vec<StoredRecord> {
        let records = self.state().records;
        records[records.len().saturating_sub(count)..].to_vec()
    }

    /// The newest records as "action outcome reason".
    pub(crate) fn last_events(&self, count: usize) -> Vec<String> {
        let line = |record: &StoredRecord| {
            let reason = record
                .details
                .iter()
                .find(|(key, _)| key == "reason")
                .map(|(_, value)| format!(" {value}"));
            format!(
                "{} {}{}",
                record.action,
                record.outcome,
                reason.unwrap_or_default()
            )
        };
        self.last_records(count).iter().map(line).collect()
    }
}
