//! A practice that was used for a while, stopped, and copied for every attack that spoils it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use cutis_tests::SignedIn;
use cutis_tests::client::{Client, Place};
use cutis_tests::database::{INDEX, sha256, tables};
use cutis_tests::images::made;
use cutis_tests::server::PASSWORD;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{self, Serving};

/// A password of the second account.
pub const OTHER_PASSWORD: &str = "Curettage-2026-y";

/// The folder of a used practice, and what an attacker may know about it.
#[derive(Debug)]
pub struct Kept {
    folder: TempDir,
    /// Anna's session cookie, which outlives a stop.
    pub cookie: String,
    /// Three patients, the first two with consent, images and visits.
    pub patients: Vec<String>,
    /// Images: patient, image, digest of the original.
    pub images: Vec<(String, String, String)>,
    /// A consent of the second patient that was not revoked.
    pub consent: String,
    /// A custom field.
    pub field: String,
}

/// A copy to be spoiled.
#[derive(Debug)]
pub struct Scratch {
    _folder: TempDir,
    /// The data folder.
    pub data: PathBuf,
}

fn temporary() -> TempDir {
    TempDir::with_prefix("cutis-attack-").expect("a temporary folder")
}

/// Somebody signed in by a cookie.
pub fn with_cookie(place: &Place, cookie: &str) -> SignedIn {
    let client = Client::new(place.clone());
    client.set_cookie(Some(cookie.to_owned()));
    SignedIn::new(client, Value::Null)
}

/// A fresh practice whose administrator and clinician is anna, who is signed in.
pub async fn set_up(server: &Serving) -> SignedIn {
    let code = server.ready["setupCode"].as_str().expect("a set-up code");
    let set_up = json!({
        "code": code, "username": "anna", "password": PASSWORD, "firstName": "Anna", "lastName": "Weber",
        "practiceName": "Lakeside", "consentLevel": "disabled", "timeZone": "UTC",
    });
    let client = Client::new(server.place.clone());
    let me = client.post("/api/v1/setup", &set_up).await.expect(201);
    SignedIn::new(client, me)
}

/// Adds a second account on the host's command line.
pub fn add_ben(data: &Path) {
    let arguments = [
        "user",
        "add",
        "ben",
        "--first-name",
        "Ben",
        "--last-name",
        "Keller",
        "--clinician",
    ];
    let output = process::command(&arguments, data, &format!("{OTHER_PASSWORD}\n"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Signs in.
pub async fn sign_in(place: &Place, username: &str, password: &str) -> cutis_tests::Answer {
    let body = json!({ "username": username, "password": password });
    Client::new(place.clone()).post("/api/v1/session", &body).await
}

impl Kept {
    /// Uses a practice for a while, so that every table has rows, and stops it.
    pub async fn make() -> Self {
        let folder = temporary();
        let data = folder.path().join("data");
        let server = process::serve(&data).expect("the program starts");
        let anna = set_up(&server).await;
        let field = json!({ "label": "Side", "kind": "choice", "choices": ["Left", "Right"] });
        let field = anna.post("/api/v1/patient-fields", &field).await.expect(201);
        let field = cutis_tests::actors::id_of(&field);
        let (mut patients, mut images, mut consent) = (Vec::new(), Vec::new(), String::new());
        for number in 1..=2_u64 {
            let fields = json!({
                "uniqueId": format!("p-{number}"), "lastName": "Weiss", "note": "before",
                "allergies": "penicillin", "practiceFields": { field.as_str(): "Left" },
            });
            let patient = anna.create_patient_with(&fields).await;
            consent = anna.give_consent(&patient).await;
            for image in 0..3 {
                let bytes = made(number * 10 + image);
                let digest = sha256(&bytes);
                images.push((patient.clone(), anna.store(&patient, bytes).await, digest));
            }
            let entry = json!({ "notes": "visit", "title": "first" });
            let path = format!("/api/v1/patients/{patient}");
            anna.post(format!("{path}/entries"), &entry).await.expect(201);
            if number == 1 {
                let reason = json!({ "reason": "asked for" });
                anna.post(format!("{path}/consents/{consent}/revocation"), &reason)
                    .await
                    .expect(200);
            }
            patients.push(patient);
        }
        patients.push(anna.create_patient("p-3").await);
        anna.set("practice.name", "Other").await;
        add_ben(&data);
        assert_eq!(
            sign_in(&server.place, "ben", "Wrong-password-1").await.status,
            401
        );
        assert_eq!(sign_in(&server.place, "ben", OTHER_PASSWORD).await.status, 201);
        // Failures that nobody's success has cleared, so that their table has a row too.
        for _ in 0..2 {
            let failed = sign_in(&server.place, "anna", "Wrong-password-1").await;
            assert_eq!(failed.status, 401, "{failed}");
        }
        let cookie = anna.cookie().expect("a cookie");
        server.stop();
        Self {
            folder,
            cookie,
            patients,
            images,
            consent,
            field,
        }
    }

    /// Where it lies.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A copy to be spoiled, its files as old as two days so that no grace period protects them.
    pub fn copy(&self) -> Scratch {
        copy_of(&self.data())
    }

    /// Anna, at a server over a copy.
    pub fn anna(&self, server: &Serving) -> SignedIn {
        with_cookie(&server.place, &self.cookie)
    }
}

/// A copy of a data folder, aged.
pub fn copy_of(data: &Path) -> Scratch {
    let folder = temporary();
    let copy = folder.path().join("data");
    copy_aged(data, &copy);
    Scratch {
        _folder: folder,
        data: copy,
    }
}

/// The room kept free for a full disk holds nothing, and is made again by the next start.
fn is_reserve(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "reserve")
}

/// Copies a data folder, aged.
pub fn copy_aged(from: &Path, to: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::create_dir_all(to).expect("a folder");
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o700)).expect("a mode");
    let past = SystemTime::now() - Duration::from_hours(48);
    for entry in std::fs::read_dir(from).expect("readable") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if is_reserve(&path) {
            continue;
        }
        if path.is_dir() {
            copy_aged(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
            let file = std::fs::File::options().write(true).open(&target).expect("opens");
            file.set_modified(past).expect("aged");
        }
    }
}

/// Opens the database as somebody with another tool would, without its checks.
pub fn by_hand(data: &Path) -> Connection {
    let connection = Connection::open(data.join("cutis.db")).expect("the database opens");
    connection.busy_timeout(Duration::from_secs(20)).expect("set");
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .expect("set");
    connection
}

/// Tables whose every row the program promises to vouch for: all but the index of searches, which only narrows what is
/// compared and is built again where it lacks something (ADR 24), and the lines of lists, which the next
/// change of a patient writes again from attested rows (ADR 25), so that nothing is left to be found after a day of work.
pub fn vouched(connection: &Connection) -> Vec<String> {
    let mut names = tables(connection);
    names.retain(|table| !table.starts_with(INDEX) && table != "patient_line");
    names
}

/// Every file under a folder: path from there, and digest.
pub fn files(folder: &Path) -> Vec<(String, String)> {
    fn walk(folder: &Path, from: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if is_reserve(&path) {
                continue;
            }
            if path.is_dir() {
                walk(&path, from, found);
            } else if let (Ok(bytes), Ok(name)) = (std::fs::read(&path), path.strip_prefix(from)) {
                found.push((name.to_string_lossy().into_owned(), sha256(&bytes)));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}
