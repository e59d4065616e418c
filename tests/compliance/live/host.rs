//! Where the pages' server runs: in this process, or as the program, which can be killed.

use std::path::PathBuf;

use cutis_tests::actors::SignedIn;
use cutis_tests::client::{Client, Place};
use cutis_tests::program::{Program, audit_verify};
use cutis_tests::server::PASSWORD;
use cutis_tests::{TestServer, database};
use serde_json::json;
use tempfile::TempDir;

/// A server over a folder that outlives it.
pub(super) enum Host {
    Within(Box<TestServer>),
    Apart { program: Program, folder: TempDir },
}

fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

fn serve(folder: &TempDir) -> Program {
    Program::serve(&data(folder), &folder.path().join("log"))
}

impl Host {
    /// In this process, and who is signed in there.
    pub(super) async fn within() -> (Self, SignedIn) {
        let (server, anna) = TestServer::set_up().await;
        (Self::Within(Box::new(server)), anna)
    }

    /// As a process of its own.
    pub(super) async fn apart() -> (Self, SignedIn) {
        let folder = TempDir::with_prefix("cutis-live-").expect("a folder");
        let program = serve(&folder);
        let set_up = json!({
            "code": program.ready["setupCode"], "username": "anna", "password": PASSWORD, "firstName": "Anna",
            "lastName": "Weber", "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
        });
        let client = Client::new(program.place());
        let me = client.post("/api/v1/setup", &set_up).await.expect(201);
        (Self::Apart { program, folder }, SignedIn::new(client, me))
    }

    pub(super) fn place(&self) -> Place {
        match self {
            Self::Within(server) => server.place().clone(),
            Self::Apart { program, .. } => program.place(),
        }
    }

    pub(super) async fn sign_in(&self) -> SignedIn {
        match self {
            Self::Within(server) => server.sign_in("anna").await,
            Self::Apart { program, .. } => {
                SignedIn::sign_in(Client::new(program.place()), "anna", PASSWORD).await
            }
        }
    }

    /// Ended in order, and started again.
    pub(super) async fn restarted(self) -> Self {
        match self {
            Self::Within(server) => {
                let folder = server.stop().await;
                Self::Within(Box::new(TestServer::reopen(folder, "localhost", &[]).await))
            }
            Self::Apart { program, folder } => {
                program.stop();
                let program = serve(&folder);
                Self::Apart { program, folder }
            }
        }
    }

    pub(super) const fn can_be_killed(&self) -> bool {
        matches!(self, Self::Apart { .. })
    }

    /// SIGKILL, and started again.
    pub(super) fn killed(self) -> Self {
        match self {
            Self::Within(_) => panic!("this process cannot be killed"),
            Self::Apart { program, folder } => {
                program.kill();
                let program = serve(&folder);
                Self::Apart { program, folder }
            }
        }
    }

    /// How many events of this name are in the trail.
    pub(super) fn events(&self, action: &str) -> i64 {
        match self {
            Self::Within(server) => database::events_called(&server.data.database(), action),
            Self::Apart { folder, .. } => database::events_called(&data(folder).join("cutis.db"), action),
        }
    }

    /// Ends it; the trail must be intact.
    pub(super) async fn finish(self) {
        match self {
            Self::Within(server) => server.finish().await,
            Self::Apart { program, folder } => {
                program.stop();
                let (said, exit, complaint) = audit_verify(&data(&folder));
                assert_eq!(
                    (said["verdict"].as_str(), exit),
                    (Some("intact"), Some(0)),
                    "{said} {complaint}"
                );
            }
        }
    }
}
