//! U4, A10, issue 6, 2: what somebody writes into a running server's database is not believed.

use cutis_domain::Timestamp;
use cutis_storage::TrailVerdict;
use cutis_tests::client::Client;
use cutis_tests::client::{Call, File, fresh_key, upload_call};
use cutis_tests::database::without_triggers;
use cutis_tests::images::made;
use cutis_tests::program::Program;
use cutis_tests::server::PASSWORD;
use cutis_tests::{Answer, TestServer};
use rusqlite::Connection;
use serde_json::json;

use crate::tamper::open;

/// Thirty-two zero bytes as a cookie, and their SHA-256.
const COOKIE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const TOKEN: &str = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";

fn run(connection: &Connection, sql: &str) {
    without_triggers(connection, |connection| {
        connection
            .execute_batch(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    });
}

fn told(connection: &Connection) -> i64 {
    let sql = "SELECT count(*) FROM trail_index WHERE action = 'integrity.mismatch'";
    connection.query_row(sql, [], |row| row.get(0)).expect("counted")
}

async fn upload(by: &cutis_tests::actors::SignedIn, patient: &str, number: u8) -> Answer {
    let file = File::new("photo.jpg", made(number.into()));
    by.send(upload_call(patient, &fresh_key(), &[file])).await
}

/// A session that the server did not begin is nobody's, and is not attested by signing out.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_session_opens_nothing() {
    let (server, anna) = TestServer::set_up().await;
    let connection = open(server.data.database().parent().expect("a folder"));
    run(
        &connection,
        &format!(
            "INSERT INTO session (row, id, account_id, token, created_at, expires_at, seen_at) \
             SELECT 99, randomblob(16), account_id, x'{TOKEN}', created_at, expires_at, seen_at \
             FROM session LIMIT 1"
        ),
    );
    let thief = server.anonymous();
    thief.set_cookie(Some(COOKIE.to_owned()));
    for _ in 0..3 {
        thief
            .get("/api/v1/patients")
            .await
            .problem(401, "unauthenticated");
        thief
            .delete("/api/v1/session")
            .await
            .problem(401, "unauthenticated");
    }
    assert_eq!(told(&connection), 1);
    let notices = anna.get("/api/v1/practice/notices").await.expect(200);
    assert_eq!(notices["notices"][0]["code"], "integrity", "{notices}");
    let sessions = anna.get("/api/v1/sessions").await.expect(200);
    assert_eq!(
        sessions["sessions"].as_array().map(Vec::len),
        Some(1),
        "{sessions}"
    );
    // Signing out everywhere ends what is the account's, and leaves the forged row as forged as it was.
    anna.delete("/api/v1/sessions").await.expect(204);
    let TrailVerdict::Broken(said) = server.verdict().await else {
        panic!("a forged session was attested");
    };
    assert!(said.contains("row 99 of table session was inserted"), "{said}");
    run(&connection, "DELETE FROM session WHERE row = 99");
    server.finish().await;
}

/// An account raised to administrator, a setting turned down, a consent given another date: whoever needs the
/// row is stopped with a message that says what to do, and everybody else goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_decides_stops_what_reads_it() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let (patient, other) = (
        anna.create_patient("p-001").await,
        anna.create_patient("p-002").await,
    );
    anna.set("consent.level", "required").await;
    anna.give_consent(&patient).await;
    let connection = open(server.data.database().parent().expect("a folder"));

    run(
        &connection,
        "UPDATE account SET administrator = 1 WHERE username = 'ben'",
    );
    let said = ben
        .get("/api/v1/settings")
        .await
        .problem(500, "integrity_mismatch");
    assert!(
        said["detail"].to_string().contains("cutis audit verify"),
        "{said}"
    );
    anna.get("/api/v1/settings").await.expect(200);
    run(
        &connection,
        "UPDATE account SET administrator = 0 WHERE username = 'ben'",
    );
    ben.get("/api/v1/session").await.expect(200);

    run(&connection, "UPDATE consent SET recorded_at = recorded_at - 1");
    upload(&anna, &patient, 1)
        .await
        .problem(500, "integrity_mismatch");
    run(&connection, "UPDATE consent SET recorded_at = recorded_at + 1");
    upload(&anna, &patient, 1).await.expect(200);

    run(
        &connection,
        "UPDATE setting SET value = 'disabled' WHERE key = 'consent.level'",
    );
    upload(&anna, &other, 2).await.problem(500, "integrity_mismatch");
    run(
        &connection,
        "UPDATE setting SET value = 'required' WHERE key = 'consent.level'",
    );
    assert_eq!(told(&connection), 3);
    server.finish().await;
}

/// A stored password copied to another account's row opens nothing there, and would not if the row's
/// own code were right: the hash is bound to its account.
#[tokio::test(flavor = "multi_thread")]
async fn a_copied_password_opens_nothing() {
    let (server, anna) = TestServer::set_up().await;
    let _ben = server.add_account("ben", false, true).await;
    let connection = open(server.data.database().parent().expect("a folder"));
    let kept: String = connection
        .query_row("SELECT password FROM account WHERE username = 'ben'", [], |row| {
            row.get(0)
        })
        .expect("read");
    run(
        &connection,
        "UPDATE account SET password = (SELECT a.password FROM account a WHERE a.username <> 'ben') \
         WHERE username = 'ben'",
    );
    let sign_in =
        Call::new("POST", "/api/v1/session").json(&json!({ "username": "ben", "password": PASSWORD }));
    server
        .anonymous()
        .send(sign_in)
        .await
        .problem(500, "integrity_mismatch");
    anna.get("/api/v1/session").await.expect(200);
    run(
        &connection,
        &format!("UPDATE account SET password = '{kept}' WHERE username = 'ben'"),
    );
    server.finish().await;
}

/// What was changed in the list of migrations while the program was stopped is noticed at the next start, because nothing
/// reads it later.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_list_of_migrations_is_noticed_at_the_start() {
    for sql in [
        "DELETE FROM migration_code WHERE row = (SELECT min(row) FROM migration_code)",
        "UPDATE migration_code SET mac = randomblob(32) WHERE row = (SELECT max(row) FROM migration_code)",
        "UPDATE refinery_schema_history SET applied_on = '2020-01-01T00:00:00Z' WHERE version = 3",
    ] {
        let (server, _) = TestServer::set_up().await;
        let kept = server.stop().await;
        let connection = open(kept.path());
        run(&connection, sql);
        assert_eq!(told(&connection), 0, "{sql}");
        drop(connection);
        let program = Program::serve(kept.path(), &kept.path().with_extension("log"));
        let client = Client::new(program.place());
        let body = json!({ "username": "anna", "password": PASSWORD });
        let me = client.post("/api/v1/session", &body).await.expect(201);
        let notices = cutis_tests::SignedIn::new(client, me)
            .get("/api/v1/practice/notices")
            .await
            .expect(200);
        assert!(
            notices.to_string().contains("refinery_schema_history"),
            "{sql}: {notices}"
        );
        program.kill();
        assert!(told(&open(kept.path())) > 0, "{sql}");
    }
}

/// A foreign trigger stops the start, and the message names it and how to drop it; a view or a plain index does not: a
/// notice and the trail report it, also when it is made while the server runs, and people sign in all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_trigger_stops_the_start_and_an_index_stops_nobody() {
    let (server, anna) = TestServer::set_up().await;
    let connection = open(server.data.database().parent().expect("a folder"));
    connection
        .execute_batch("CREATE INDEX report ON patient (last_modified)")
        .expect("made");
    let again = server.sign_in("anna").await;
    anna.create_patient("p-001").await;
    let notices = again
        .get("/api/v1/practice/notices")
        .await
        .expect(200)
        .to_string();
    assert!(
        notices.contains("index report was added") && notices.contains("DROP INDEX"),
        "{notices}"
    );
    assert_eq!(told(&connection), 1);
    connection.execute_batch("DROP INDEX report").expect("dropped");
    drop(connection);

    let kept = server.stop().await;
    open(kept.path())
        .execute_batch("CREATE VIEW report AS SELECT * FROM patient")
        .expect("made");
    let program = Program::serve(kept.path(), &kept.path().with_extension("log"));
    assert!(program.ready["notices"].to_string().contains("integrity"));
    // By the system's clock, which no test's stands for: a notice's time has the form of every other.
    let client = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    client.post("/api/v1/session", &body).await.expect(201);
    let notices = client.get("/api/v1/practice/notices").await.expect(200);
    let sessions = client.get("/api/v1/sessions").await.expect(200);
    for time in [
        &notices["notices"][0]["since"],
        &sessions["sessions"][0]["createdAt"],
    ] {
        let time = time.as_str().expect("a time");
        let parsed = Timestamp::parse(time).expect("RFC 3339");
        assert_eq!(parsed.to_string(), time, "in UTC, to the microsecond");
    }
    program.stop();
    let connection = open(kept.path());
    connection
        .execute_batch("CREATE TRIGGER copy AFTER INSERT ON entry BEGIN UPDATE setting SET value = '1'; END")
        .expect("made");
    let refused = cutis_tests::program::run(&["serve", "--port", "0", "--http-port", "0"], kept.path());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for part in [
        "trigger copy was added",
        "Find out who added it",
        "DROP TRIGGER \"copy\"",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("restore a backup"), "{said}");
    connection.execute_batch("DROP TRIGGER copy").expect("dropped");
    Program::serve(kept.path(), &kept.path().with_extension("log")).stop();
}

/// The gaps after issue 6: a server whose database nobody can change says that it is not ready, with a code and nothing
/// that a stranger could use, asks no write of the database for it, and is ready again once the cause is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_can_change_nothing_is_not_ready() {
    let (server, anna) = TestServer::set_up().await;
    let connection = open(server.data.database().parent().expect("a folder"));
    let stranger = server.anonymous();
    let ready = || stranger.get("/api/v1/ready");
    let events = || server.events();
    ready().await.expect(200);
    let before = events();
    ready().await.expect(200);
    assert_eq!(events(), before, "asking writes nothing");
    for (added, dropped) in [
        (
            "CREATE TRIGGER spy AFTER INSERT ON entry BEGIN UPDATE setting SET value = '1'; END",
            "DROP TRIGGER spy",
        ),
        (
            "CREATE UNIQUE INDEX spy ON patient (last_modified)",
            "DROP INDEX spy",
        ),
    ] {
        connection.execute_batch(added).expect("made");
        let said = ready().await.problem(503, "structure_changed").to_string();
        for detail in ["spy", "trigger", "index", "cutis.db"] {
            assert!(!said.contains(detail), "{detail}: {said}");
        }
        let before = events();
        for _ in 0..5 {
            ready().await.problem(503, "structure_changed");
        }
        assert_eq!(events(), before, "told once, and not with each question");
        // Who is signed in reads what it is.
        let notices = anna.get("/api/v1/practice/notices").await.json().to_string();
        assert!(notices.contains("spy"), "{notices}");
        let sign_in = json!({ "username": "anna", "password": PASSWORD });
        server
            .anonymous()
            .post("/api/v1/session", &sign_in)
            .await
            .problem(500, "integrity_mismatch");
        ready().await.problem(503, "structure_changed");
        connection.execute_batch(dropped).expect("dropped");
        ready().await.expect(200);
        server.sign_in("anna").await;
    }
    // What stops nobody does not stop this either.
    connection
        .execute_batch("CREATE VIEW report AS SELECT * FROM patient")
        .expect("made");
    ready().await.expect(200);
    connection.execute_batch("DROP VIEW report").expect("dropped");
    server.finish().await;
}
