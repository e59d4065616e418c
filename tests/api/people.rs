//! People are shown by their names, and what happens when those cannot be read.

use cutis_domain::account::Username;
use cutis_domain::principal::Actor;
use cutis_domain::{Caller, Clinician, Scope};
use cutis_records::images::{FileOutcome, Sent};
use cutis_tests::TestServer;
use cutis_tests::actors::id_of;
use cutis_tests::client::{File, fresh_key, upload_call};
use cutis_tests::database::without_triggers;
use cutis_tests::images::made;
use serde_json::{Value, json};

/// A change that was made is not answered with an error because somebody's name cannot be read: the answer has the
/// username. Only the look-up of names fails here: the photo of Anna's patient was uploaded by Ben, whose account was
/// changed by hand. Nothing else of it is read while Anna works.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_answered_although_names_cannot_be_read() {
    let (server, anna) = TestServer::set_up().await;
    let ben = server.add_account("ben", false, true).await;
    let account = |me: &Value| me["accountId"].as_str().expect("an id").parse().expect("an id");
    let patient = anna.create_patient("p-1").await;
    let as_ben = Caller {
        actor: Actor::Account {
            id: account(&ben.me),
            username: Username::parse("ben").expect("a username"),
        },
        ..Caller::system()
    };
    let by_ben = Clinician::assertion(Scope::assertion(account(&anna.me)), as_ben);
    let records = server.serving().opened.api.records.clone();
    let bytes = made(1);
    let mut intake = records.begin_intake(&by_ben, None).await.expect("room");
    intake.push(&bytes).expect("small");
    let key = (fresh_key().parse().expect("a key"), 0);
    let to = patient.parse().expect("an id");
    let stored = records
        .store_file(&by_ben, to, key, Sent::named("a.jpg"), intake.finish())
        .await
        .expect("stored");
    let FileOutcome::Stored(stored) = stored else {
        panic!("{stored:?}");
    };
    let image = stored.image;
    let path = format!("/api/v1/patients/{patient}/images/{}", image.id);

    let connection = rusqlite::Connection::open(server.data.database()).expect("opens");
    let call_ben = |name: &str| {
        without_triggers(&connection, |connection| {
            let sql = "UPDATE account SET first_name = ?1 WHERE username = 'ben'";
            connection.execute(sql, [name]).expect("changed by hand");
        });
    };
    call_ben("Bernd");
    // Nobody has read the name yet, so none is remembered. What is only shown is refused.
    anna.get(&path).await.problem(500, "integrity_mismatch");
    // What was changed is changed, and is answered so.
    let set = json!({ "version": 1, "set": { "caption": "Left arm" } });
    let changed = anna.patch(&path, &set).await.expect(200);
    let said = |image: &Value| (image["uploadedBy"].clone(), image["uploadedByName"].clone());
    let username = (json!("ben"), json!("ben"));
    assert_eq!(said(&changed), username, "{changed}");
    assert_eq!(changed["caption"], "Left arm");
    let again = anna
        .send(upload_call(&patient, &fresh_key(), &[File::new("b.jpg", bytes)]))
        .await
        .expect(200);
    let duplicate = &again["results"][0];
    assert_eq!(duplicate["outcome"], "duplicate", "{again}");
    assert_eq!(id_of(&duplicate["image"]), image.id.to_string());
    assert_eq!(said(&duplicate["image"]), username, "{again}");

    call_ben("Ben");
    let shown = anna.get(&path).await.expect(200);
    assert_eq!(
        (&shown["caption"], &shown["uploadedByName"]),
        (&json!("Left arm"), &json!("Ben Keller"))
    );
    server.finish().await;
}
