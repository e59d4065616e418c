//! The real composition root over a temporary folder, with a clock that a test moves.

use std::net::{IpAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use cutis::darkroom::Workers;
use cutis::data::DataDir;
use cutis::disk::{Probe, Space};
use cutis::host::Here;
use cutis::host::OsEntropy;
use cutis::network::Told;
use cutis::serve::{Serving, Sockets, start};
use cutis::wire::Surroundings;
use cutis::witness::{self, Kept};
use cutis_audit::verify::Witness;
use cutis_auth::Cost;
use cutis_auth::account::AddAccount;
use cutis_domain::account::{AccountProfile, Roles, Username};
use cutis_domain::{Clock as _, Secret, Sensitive, System, Text};
use cutis_records::Darkroom;
use cutis_storage::TrailVerdict;
use cutis_testkit::FixedClock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::actors::{Anonymous, SignedIn};
use crate::client::{Client, Place};
use crate::database;

/// A password that keeps every rule.
pub const PASSWORD: &str = "Dermoscope-2026-x";

/// The reserve of a test's server, in bytes.
pub const RESERVE: u64 = 64 << 10;

/// The built program, which is also its own decode worker; `CUTIS_PROGRAM` names another, such as one of an optimised build.
///
/// # Panics
/// When it has not been built.
#[must_use]
pub fn built_program() -> PathBuf {
    if let Some(program) = std::env::var_os("CUTIS_PROGRAM") {
        return program.into();
    }
    let test = std::env::current_exe().expect("a test has a path");
    let profile = test
        .parent()
        .and_then(std::path::Path::parent)
        .expect("a test lies in target/<profile>/deps");
    let program = profile.join(format!("cutis{}", std::env::consts::EXE_SUFFIX));
    let release = if profile.ends_with("release") {
        " --release"
    } else {
        ""
    };
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build -p cutis{release}` first",
        program.display()
    );
    program
}

/// A server of this process. End every test with [`TestServer::finish`], which looks for what no test
/// may leave behind.
#[derive(Debug)]
pub struct TestServer {
    /// The server's present.
    pub clock: Arc<FixedClock>,
    /// Its folder.
    pub data: DataDir,
    /// How many bytes the disk is said to have free.
    pub free: Arc<AtomicU64>,
    /// Where its computer is said to be on the network.
    pub here: Arc<Mutex<Here>>,
    serving: Option<Serving>,
    place: Place,
    folder: Option<TempDir>,
}

impl TestServer {
    /// An empty practice, waiting to be set up.
    pub async fn start() -> Self {
        let folder = TempDir::with_prefix("cutis-test-").expect("a temporary folder");
        let data = DataDir::create(folder.path()).expect("a data folder");
        Self::open(folder, data, Workers::new(built_program())).await
    }

    /// A practice like that of [`TestServer::set_up`], whose images are looked at by this darkroom.
    pub async fn set_up_with_darkroom(darkroom: Arc<dyn Darkroom>) -> (Self, SignedIn) {
        let folder = TempDir::with_prefix("cutis-test-").expect("a temporary folder");
        let data = DataDir::create(folder.path()).expect("a data folder");
        let server = Self::open(folder, data, darkroom).await;
        let anna = server.make_first_account("disabled").await;
        (server, anna)
    }

    /// The practice in a folder, on a computer of this name, reached under these names too.
    pub async fn reopen(folder: TempDir, host: &str, added: &[&str]) -> Self {
        let data = DataDir::create(folder.path()).expect("a data folder");
        let here = Here {
            host: host.to_owned(),
            addresses: vec![IpAddr::from([192, 168, 77, 9])],
        };
        Self::open_at(folder, data, Workers::new(built_program()), here, added).await
    }

    async fn open(folder: TempDir, data: DataDir, darkroom: Arc<dyn Darkroom>) -> Self {
        let here = Here {
            host: "cutis-test".to_owned(),
            addresses: Vec::new(),
        };
        Self::open_at(folder, data, darkroom, here, &[]).await
    }

    async fn open_at(
        folder: TempDir,
        data: DataDir,
        darkroom: Arc<dyn Darkroom>,
        here: Here,
        added: &[&str],
    ) -> Self {
        let here = Arc::new(Mutex::new(here));
        let clock = Arc::new(FixedClock::default());
        let free = Arc::new(AtomicU64::new(u64::MAX));
        let told = Arc::clone(&free);
        let probe: Probe = Box::new(move || {
            Some(Space {
                free: told.load(Ordering::SeqCst),
                total: None,
            })
        });
        let surroundings = Surroundings {
            clock: Arc::clone(&clock) as Arc<_>,
            entropy: Arc::new(OsEntropy),
            cost: Cost::for_tests(4),
            darkroom,
            checkpoints: None,
            caps: cutis::caps::Caps::default(),
            reserve: RESERVE,
            probe,
            on_fatal: Box::new(|error| panic!("the disk failed: {error}")),
        };
        let port = || TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let sockets = Sockets {
            https: port(),
            http: port(),
            network: {
                let here = Arc::clone(&here);
                Arc::new(move || here.lock().expect("whole").clone())
            },
            added: added
                .iter()
                .map(|name| name.parse().expect("a name to add"))
                .collect(),
        };
        let serving = start(&data, surroundings, sockets)
            .await
            .expect("the server starts");
        let authority = data.tls().join("authority.pem");
        let place = Place::new(serving.https_port, &authority, Arc::clone(&clock) as Arc<_>);
        Self {
            clock,
            data,
            free,
            here,
            serving: Some(serving),
            place,
            folder: Some(folder),
        }
    }

    /// A practice with one account, which is administrator and clinician, signed in. Consent is not
    /// asked for.
    pub async fn set_up() -> (Self, SignedIn) {
        let server = Self::start().await;
        let anna = server.make_first_account("disabled").await;
        (server, anna)
    }

    /// The same with this consent level.
    pub async fn set_up_with_consent(level: &str) -> (Self, SignedIn) {
        let server = Self::start().await;
        let anna = server.make_first_account(level).await;
        (server, anna)
    }

    async fn make_first_account(&self, level: &str) -> SignedIn {
        let client = Client::new(self.place.clone());
        let mut request = self.setup_request();
        request["consentLevel"] = level.into();
        let me = client.post("/api/v1/setup", &request).await.expect(201);
        SignedIn::new(client, me)
    }

    /// A set-up that is accepted.
    pub fn setup_request(&self) -> Value {
        json!({
            "code": self.setup_code(), "username": "anna", "password": PASSWORD, "firstName": "Anna",
            "lastName": "Weber", "email": "anna@practice.example", "practiceName": "Lakeside",
            "consentLevel": "disabled", "timeZone": "Europe/Zurich",
        })
    }

    /// The code that the program printed.
    pub fn setup_code(&self) -> String {
        self.serving()
            .opened
            .setup_code
            .as_ref()
            .map(|code| code.expose().clone())
            .unwrap_or_default()
    }

    /// The server's parts.
    pub fn serving(&self) -> &Serving {
        self.serving.as_ref().expect("the server runs until finish")
    }

    /// Where it listens, and whom to trust.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Somebody without a session.
    pub fn anonymous(&self) -> Anonymous {
        Anonymous(Client::new(self.place.clone()))
    }

    /// Adds an account on the host's command line and signs it in.
    pub async fn add_account(&self, username: &str, administrator: bool, clinician: bool) -> SignedIn {
        let name = |text: &str| Sensitive::new(Text::parse(text).expect("a name"));
        let profile = AccountProfile {
            username: Username::parse(username).expect("a username"),
            first_name: name("Ben"),
            last_name: name("Keller"),
            email: None,
        };
        let roles = Roles {
            administrator,
            clinician,
        };
        let account = AddAccount {
            profile,
            roles,
            password: Secret::new(PASSWORD.to_owned()),
        };
        let auth = &self.serving().opened.api.auth;
        auth.add_account(&System::operator_assertion(), account)
            .await
            .expect("the account is added");
        self.sign_in(username).await
    }

    /// Signs in again, as from another device.
    pub async fn sign_in(&self, username: &str) -> SignedIn {
        let client = Client::new(self.place.clone());
        let body = json!({ "username": username, "password": PASSWORD });
        let me = client.post("/api/v1/session", &body).await.expect(201);
        SignedIn::new(client, me)
    }

    /// The server's present, as answers write it.
    pub fn now(&self) -> String {
        self.clock.now().to_string()
    }

    /// Every row that a refused request must leave alone.
    pub fn content(&self) -> std::collections::BTreeMap<String, (i64, String)> {
        database::content(&self.data.database())
    }

    /// Events in the trail.
    pub fn events(&self) -> i64 {
        database::events(&self.data.database())
    }

    /// Does what is due by the server's clock, as the program does every quarter of an hour.
    pub async fn keep_house(&mut self) {
        let serving = self.serving.as_mut().expect("the server runs until finish");
        serving.keep_house().await;
    }

    /// Looks where the computer is, as the program does every two seconds.
    pub fn look_at_network(&mut self) -> Vec<Told> {
        let serving = self.serving.as_mut().expect("the server runs until finish");
        serving.look_at_network()
    }

    /// What `cutis audit verify` would say now.
    pub async fn verdict(&self) -> TrailVerdict {
        let head = match witness::read(&self.data.trail_head()).expect("the head can be read") {
            Kept::Head(head) => head,
            other => panic!("the trail's end lies outside the database too (U4): {other:?}"),
        };
        let outside = vec![Witness::head(&head, "the file trail.head")];
        self.serving()
            .opened
            .store
            .verify_trail(outside)
            .await
            .expect("the trail can be read")
    }

    /// Writes what is counted in memory, as the server does once a minute.
    pub async fn settle(&self) {
        let opened = &self.serving().opened;
        opened.disk.look();
        opened.api.auth.settle().await.expect("there is room");
    }

    /// Ends the server. Fails when the trail is not intact, or when a blob lies there that no row
    /// speaks of, or is missing.
    pub async fn finish(self) {
        self.stop().await;
    }

    /// The same, and the folder stays, for a test that goes on with it.
    pub async fn stop(mut self) -> TempDir {
        let verdict = self.verdict().await;
        assert!(
            matches!(verdict, TrailVerdict::Intact(_)),
            "after the test: {verdict:?}"
        );
        let named = database::blob_names(&self.data.database());
        assert_eq!(
            named,
            database::blob_files(&self.data.blobs()),
            "rows and blobs differ after the test"
        );
        let serving = self.serving.take().expect("finished once");
        serving.finish().await.expect("the end is recorded");
        self.folder.take().expect("finished once")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let forgotten = self.serving.is_some() && !std::thread::panicking();
        assert!(
            !forgotten,
            "a test ended without TestServer::finish, so nobody looked at what it left behind"
        );
    }
}
