//! Checkpoints beside the database and elsewhere (issue 6, point 3): a start is judged by them, verification says
//! when it could not compare, and a database that was lost, gone on without, and found again comes back. U4, I4.

use std::path::{Path, PathBuf};

use cutis_tests::client::Client;
use cutis_tests::database::trail_text;
use cutis_tests::images::made;
use cutis_tests::program::{Program, audit_verify, copy_folder, run};
use cutis_tests::server::PASSWORD;
use cutis_tests::{SignedIn, TestServer};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::start::{answer, copy, refused, refused_with, remove_database, state};

/// A practice with two images of one patient, stopped in order.
async fn practice() -> (TempDir, String, Vec<String>) {
    let (server, anna) = TestServer::set_up().await;
    let patient = anna.create_patient("p-1").await;
    let images = vec![
        anna.store(&patient, made(1)).await,
        anna.store(&patient, made(2)).await,
    ];
    (server.stop().await, patient, images)
}

async fn sign_in(program: &Program) -> SignedIn {
    let client = Client::new(program.place());
    let body = json!({ "username": "anna", "password": PASSWORD });
    let me = client.post("/api/v1/session", &body).await.expect(201);
    SignedIn::new(client, me)
}

/// Starts, signs in, and stops in order: more events and more checkpoints.
pub(crate) async fn use_for_a_while(data: &Path, more: &[&str]) {
    let program = Program::serve_with(data, &log_of(data), more);
    sign_in(&program).await;
    program.stop();
}

fn log_of(data: &Path) -> PathBuf {
    data.with_extension("log")
}

pub(crate) fn files_in(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .collect()
        })
        .unwrap_or_default();
    found.sort();
    found
}

/// Puts database and end of `from` into `to`, as an administrator who found an older pair would.
pub(crate) fn put_back(from: &Path, to: &Path) {
    remove_database(to);
    for name in ["cutis.db", "trail.head"] {
        std::fs::copy(from.join(name), to.join(name)).expect("copied");
    }
}

fn verdict(data: &Path, more: &[&str]) -> (Value, Option<i32>) {
    let output = run(&[&["audit", "verify"], more].concat(), data);
    (answer(&output), output.status.code())
}

fn first_line(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Point 3: an older database with the end that fits it is refused by the newer checkpoints that lie beside it, and
/// so is one that went on from there; the file is named. The command line refuses as the server does.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_start_is_judged_by_the_checkpoints_beside_it() {
    let (kept, ..) = practice().await;
    let older = copy(&kept);
    let data = kept.path();
    use_for_a_while(data, &[]).await;
    let newest = files_in(&data.join("checkpoints")).pop().expect("checkpoints");

    let rolled_back = copy(&kept);
    put_back(older.path(), rolled_back.path());
    let said = refused(rolled_back.path());
    assert!(
        said.contains(&newest) && said.contains("ends at event") && said.contains("has seen event"),
        "{said}"
    );
    let before = state(rolled_back.path());
    let listed = run(&["key", "show"], rolled_back.path());
    assert!(first_line(&listed).contains(&newest), "{}", first_line(&listed));
    assert_eq!(state(rolled_back.path()), before);

    // Used on from the older state until its trail is longer: another trail.
    let forked = copy(&older);
    use_for_a_while(forked.path(), &[]).await;
    use_for_a_while(forked.path(), &[]).await;
    copy_folder(&data.join("checkpoints"), &forked.path().join("checkpoints"));
    let said = refused(forked.path());
    assert!(said.contains("are not those that the checkpoint"), "{said}");

    // A file that says nothing of this trail stops no start, and administrators are told of it.
    let stray = data.join("checkpoints/cutis-20990101T000000Z-0000009999.checkpoint");
    std::fs::write(&stray, "not a checkpoint").expect("written");
    let program = Program::serve(data, &log_of(data));
    let anna = sign_in(&program).await;
    let notices = anna.get("/api/v1/practice/notices").await.expect(200);
    assert!(
        notices.to_string().contains("cutis-20990101T000000Z")
            && notices.to_string().contains("was not compared"),
        "{notices}"
    );
    program.kill();

    // Nor is it proof that something was changed: verification names it, and says that it could not compare it. So with
    // bytes that are no text, an empty file, a folder, and a copy of a genuine one in which a digit was changed.
    let folder = data.join("checkpoints");
    let genuine = files_in(&folder).into_iter().next().expect("one");
    let changed = std::fs::read_to_string(folder.join(genuine)).expect("text");
    let changed = changed.replacen(char::is_numeric, "x", 1);
    for bytes in [&b"not a checkpoint"[..], b"\xff\xfe\0", b"", changed.as_bytes()] {
        std::fs::write(&stray, bytes).expect("written");
        strayed(data, &stray);
    }
    std::fs::remove_file(&stray).expect("there");
    std::fs::create_dir(&stray).expect("made");
    strayed(data, &stray);
    std::fs::remove_dir(&stray).expect("there");
    let (said, code, _) = audit_verify(data);
    assert_eq!(code, Some(0), "{said}");
}

/// Verification reports a stray file among the checkpoints, in both forms, and of nothing else.
fn strayed(data: &Path, stray: &Path) {
    let name = stray.file_name().expect("a name").to_string_lossy().into_owned();
    let (said, code, complaint) = audit_verify(data);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("incomplete"), Some(1)),
        "{said} {complaint}"
    );
    assert_eq!(said["unable"].as_array().map(Vec::len), Some(1), "{said}");
    for list in [&said["unable"], &said["checkpoints"]["refused"]] {
        assert!(list.to_string().contains(&name), "{said}");
    }
    assert!(
        said["unable"]
            .to_string()
            .contains("could not be read as a checkpoint"),
        "{said}"
    );
}

/// Point 3: the second place is looked at too, also where nothing is left in the data folder; and a recovery that
/// knows of it makes later starts accept, without a file removed there.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_start_is_judged_by_the_second_place() {
    let (kept, ..) = practice().await;
    let earlier = copy(&kept);
    let elsewhere = TempDir::new().expect("a folder");
    let second = elsewhere.path().display().to_string();
    use_for_a_while(kept.path(), &["--checkpoints", &second]).await;
    let there = files_in(elsewhere.path());
    assert_eq!(there.len(), 2);

    let data = earlier.path();
    let said = refused_with(data, &["--checkpoints", &second]);
    assert!(
        said.contains(&there[1]) && said.contains(&format!("--checkpoints {second}")),
        "{said}"
    );
    let asked = answer(&run(&["recover", "--checkpoints", &second], data));
    let sentence = asked["sentence"].as_str().expect("a sentence").to_owned();
    assert!(sentence.starts_with("I accept that event"), "{sentence}");
    let own = files_in(&data.join("checkpoints"));
    let done = run(
        &["recover", "--checkpoints", &second, "--accept", &sentence],
        data,
    );
    assert_eq!(answer(&done)["recovered"], true);
    assert_eq!(
        files_in(elsewhere.path()),
        there,
        "the evidence stays where it was"
    );
    assert_eq!(files_in(&data.join("checkpoints")), own, "what fits stays");
    use_for_a_while(data, &["--checkpoints", &second]).await;
    let (said, code) = verdict(data, &["--against", &second]);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said}"
    );
    assert_eq!(
        (&said["checkpoints"]["overridden"], &said["checkpoints"]["given"]),
        (&json!(2), &json!(2)),
        "{said}"
    );
    assert!(
        said["recoveries"][0]
            .as_str()
            .is_some_and(|it| it.contains("older database")),
        "{said}"
    );

    // The override belongs to the trail that recorded it: over the state before it, all are evidence again.
    let again = copy(&earlier);
    put_back(kept.path(), again.path());
    let said = first_line(&run(
        &["serve", "--port", "0", "--http-port", "0", "--bind", "127.0.0.1"],
        again.path(),
    ));
    assert!(
        said.contains("are not those") || said.contains("has seen event"),
        "{said}"
    );

    // A folder without a database, whose key the second place knows, is no new practice.
    let bare = TempDir::new().expect("a folder");
    copy_folder(&data.join("keys"), &bare.path().join("keys"));
    std::fs::remove_dir_all(bare.path().join("keys/patients")).expect("removed");
    let output = run(
        &[
            "serve",
            "--port",
            "0",
            "--http-port",
            "0",
            "--bind",
            "127.0.0.1",
            "--checkpoints",
            &second,
        ],
        bare.path(),
    );
    assert!(
        first_line(&output).contains("has seen event"),
        "{}",
        first_line(&output)
    );
    assert!(!bare.path().join("cutis.db").exists() && !bare.path().join("trail.head").exists());
}

/// Point 13: what was asked for and could not be compared is no success: an end that is missing, a folder without
/// checkpoints, one with those of others only, a file that is not a checkpoint, checkpoints that the trail records and that are gone.
#[tokio::test(flavor = "multi_thread")]
async fn u4_what_could_not_be_compared_is_no_success() {
    let (kept, ..) = practice().await;
    let data = kept.path();
    let incomplete = |data: &Path, more: &[&str], words: &str| {
        let (said, code) = verdict(data, more);
        assert_eq!(
            (said["verdict"].as_str(), code),
            (Some("incomplete"), Some(1)),
            "{words}: {said}"
        );
        assert!(said["unable"].to_string().contains(words), "{words}: {said}");
    };
    let scratch = copy(&kept);
    std::fs::remove_file(scratch.path().join("trail.head")).expect("removed");
    incomplete(scratch.path(), &[], "trail.head is missing");
    let scratch = copy(&kept);
    std::fs::remove_dir_all(scratch.path().join("checkpoints")).expect("removed");
    incomplete(scratch.path(), &[], "holds none of the");

    let elsewhere = TempDir::new().expect("a folder");
    let against = elsewhere.path().display().to_string();
    incomplete(data, &["--against", &against], "which holds no checkpoints");
    let (others, ..) = practice().await;
    copy_folder(&others.path().join("checkpoints"), elsewhere.path());
    incomplete(data, &["--against", &against], "not signed by the expected key");
    let letter = elsewhere.path().join("letter.txt");
    std::fs::write(&letter, "mine").expect("written");
    incomplete(
        data,
        &["--against", &letter.display().to_string()],
        "not a checkpoint",
    );
    let missing = elsewhere.path().join("missing").display().to_string();
    assert_eq!(
        run(&["audit", "verify", "--against", &missing], data)
            .status
            .code(),
        Some(1)
    );
    assert_eq!(
        audit_verify(data).1,
        Some(0),
        "nothing of it was the practice's fault"
    );
}

/// Point 1 and 3, the whole walk: the database is lost, the practice goes on without it, the database is found and put
/// back. It comes back with everything it knows, nothing is deleted, and trail, verification and a notice report it.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_lost_database_comes_back_after_a_recovery() {
    let (kept, patient, images) = practice().await;
    let scratch = copy(&kept);
    let data = scratch.path();
    let own = files_in(&data.join("checkpoints"));
    remove_database(data);
    let sentence = answer(&run(&["recover"], data))["sentence"]
        .as_str()
        .expect("a sentence")
        .to_owned();
    assert_eq!(
        answer(&run(&["recover", "--accept", &sentence], data))["recovered"],
        true
    );
    // The practice in between is used; its start is no secret.
    let program = Program::serve(data, &log_of(data));
    assert!(program.ready["setupCode"].is_string());
    program.stop();
    let (said, code) = verdict(data, &[]);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said}"
    );
    assert!(
        said["recoveries"][0]
            .as_str()
            .is_some_and(|it| it.contains("started over")),
        "{said}"
    );
    let between = files_in(&data.join("checkpoints"));

    // Found: the other practice's database and end are kept, the old pair put back.
    let interim = trail_text(&data.join("cutis.db")).lines().count();
    std::fs::rename(data.join("cutis.db"), data.join("quarantine/interim.db")).expect("moved");
    std::fs::rename(data.join("trail.head"), data.join("quarantine/trail.head")).expect("moved");
    put_back(kept.path(), data);
    let said = refused(data);
    assert!(said.contains("cutis recover --data"), "{said}");
    let asked = answer(&run(&["recover"], data));
    let sentence = asked["sentence"].as_str().expect("a sentence").to_owned();
    assert!(
        sentence == format!("I put the lost database back and give up the {interim} events in between"),
        "{sentence}"
    );
    assert_eq!(
        answer(&run(&["recover", "--accept", &sentence], data))["recovered"],
        true
    );
    let trail = trail_text(&data.join("cutis.db"));
    let last = trail.lines().last().expect("events").to_owned();
    for part in [
        "practice.returned",
        "interim_events",
        "interim_root",
        "\"record\"",
    ] {
        assert!(last.contains(part), "{part}: {last}");
    }
    assert_eq!(
        files_in(&data.join("checkpoints")),
        own,
        "its own are back, and only those"
    );
    let aside: Vec<String> = files_in(&data.join("quarantine"))
        .into_iter()
        .filter(|name| name.starts_with("checkpoints-"))
        .flat_map(|folder| files_in(&data.join("quarantine").join(folder)))
        .collect();
    assert_eq!(aside, between, "those of the practice in between are kept");

    let program = Program::serve(data, &log_of(data));
    let anna = sign_in(&program).await;
    for image in &images {
        let original = format!("/api/v1/patients/{patient}/images/{image}/original?purpose=clinical_record");
        assert_eq!(anna.get(original).await.status, 200);
    }
    let notices = anna.get("/api/v1/practice/notices").await.expect(200).to_string();
    assert!(
        notices.contains("\"override\"") && notices.contains("lost database was restored"),
        "{notices}"
    );
    program.stop();
    let (said, code) = verdict(data, &[]);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said}"
    );
    assert!(
        said["recoveries"][0]
            .as_str()
            .is_some_and(|it| it.contains("restored")
                && it.ends_with(&format!("{interim} events of the other trail were seen"))),
        "{said}"
    );
    assert_eq!(answer(&run(&["recover"], data))["reason"], "nothing_lost");

    // From here on it is a practice as any other: an older state of it is a loss, and nothing is taken for a return.
    let before = copy(&scratch);
    use_for_a_while(data, &[]).await;
    put_back(before.path(), data);
    let asked = answer(&run(&["recover"], data));
    assert!(
        asked["sentence"]
            .as_str()
            .is_some_and(|it| it.starts_with("I accept that event")),
        "{asked}"
    );
}

/// Point 3: with nothing but the checkpoints of the practice in between, the number given up is theirs and not that of the
/// database that was put back with its own end, which is longer.
#[tokio::test(flavor = "multi_thread")]
async fn u4_what_is_given_up_is_counted_in_its_own_trail() {
    let (kept, ..) = practice().await;
    let scratch = copy(&kept);
    let data = scratch.path();
    let lost = trail_text(&data.join("cutis.db")).lines().count();
    remove_database(data);
    go_on(data);
    let program = Program::serve(data, &log_of(data));
    // Its first checkpoint is there once it can be asked to stop.
    for _ in 0..400 {
        if !files_in(&data.join("checkpoints")).is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    program.stop();
    let interim = trail_text(&data.join("cutis.db")).lines().count();
    assert!(interim < lost, "{interim} < {lost}");
    put_back(kept.path(), data);
    let sentence = go_on(data);
    // The last checkpoint was written before its own event.
    let seen = interim - 1;
    assert_eq!(
        sentence,
        format!("I put the lost database back and give up the {seen} events in between")
    );
    let (said, code) = verdict(data, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said["recoveries"][0]
            .as_str()
            .is_some_and(|it| it.ends_with(&format!("{seen} events of the other trail were seen"))),
        "{said}"
    );
}

/// Point 3: a lost database that was put back before the practice in between was ever started is a return too, and is
/// recorded; where nothing was seen of the other trail, no number is claimed.
#[tokio::test(flavor = "multi_thread")]
async fn u4_a_database_put_back_at_once_is_recorded() {
    let (kept, ..) = practice().await;
    let scratch = copy(&kept);
    let data = scratch.path();
    remove_database(data);
    go_on(data);
    put_back(kept.path(), data);
    let sentence = go_on(data);
    assert_eq!(
        sentence,
        "I put the lost database back and give up what was done in between"
    );
    let last = trail_text(&data.join("cutis.db"));
    let last = last.lines().last().expect("events");
    assert!(
        last.contains("practice.returned") && !last.contains("interim_events"),
        "{last}"
    );
    let (said, code) = verdict(data, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said["recoveries"][0]
            .as_str()
            .is_some_and(|it| it.ends_with("it is not known how many events the other trail had")),
        "{said}"
    );
    assert_eq!(answer(&run(&["recover"], data))["reason"], "nothing_lost");
    use_for_a_while(data, &[]).await;

    // The same words where the end is lost and nothing reports more.
    std::fs::remove_file(data.join("trail.head")).expect("removed");
    go_on(data);
    let (said, _) = verdict(data, &[]);
    assert!(
        said["recoveries"][1]
            .as_str()
            .is_some_and(|it| it.contains("without its trail.head") && it.contains("it is not known")),
        "{said}"
    );
}

/// Types the sentence that `cutis recover` asks for.
fn go_on(data: &Path) -> String {
    let asked = answer(&run(&["recover"], data));
    let sentence = asked["sentence"]
        .as_str()
        .unwrap_or_else(|| panic!("no sentence: {asked}"))
        .to_owned();
    let done = answer(&run(&["recover", "--accept", &sentence], data));
    assert_eq!(done["recovered"], true, "{done}");
    sentence
}

/// Point 3: what is put back must be what was lost: an older one is refused by the record of the recovery, even when
/// nothing else in the folder knows of it.
#[tokio::test(flavor = "multi_thread")]
async fn u4_an_older_database_is_no_return() {
    let (kept, ..) = practice().await;
    let older = copy(&kept);
    let data = kept.path();
    use_for_a_while(data, &[]).await;
    remove_database(data);
    let sentence = answer(&run(&["recover"], data))["sentence"]
        .as_str()
        .expect("a sentence")
        .to_owned();
    assert_eq!(
        answer(&run(&["recover", "--accept", &sentence], data))["recovered"],
        true
    );
    remove_database(data);
    std::fs::remove_dir_all(data.join("checkpoints")).ok();
    put_back(older.path(), data);
    let said = refused(data);
    assert!(said.contains("the record of a recovery"), "{said}");
    let asked = answer(&run(&["recover"], data));
    assert!(
        asked["sentence"]
            .as_str()
            .is_some_and(|it| it.starts_with("I accept that event")),
        "{asked}"
    );
}

/// Point 1: a recovery that was interrupted, and whose database was found before it went on, is given up: the checkpoints
/// and the end come back to their places, and the trail has an event of it.
#[tokio::test(flavor = "multi_thread")]
async fn i4_u4_a_recovery_that_is_given_up_is_recorded() {
    let (kept, ..) = practice().await;
    let scratch = copy(&kept);
    let data = scratch.path();
    let own = files_in(&data.join("checkpoints"));
    remove_database(data);
    let sentence = answer(&run(&["recover"], data))["sentence"]
        .as_str()
        .expect("a sentence")
        .to_owned();
    // Interrupted half-way: a folder lies where the quarantine's record of images should be written.
    let in_the_way = "quarantine/blobs/record.txt";
    std::fs::create_dir_all(data.join(in_the_way)).expect("made");
    let stopped = run(&["recover", "--accept", &sentence], data);
    assert_eq!(stopped.status.code(), Some(1));
    assert!(data.join("recovery.pending").exists(), "{}", first_line(&stopped));
    assert!(!data.join("trail.head").exists(), "the end was moved already");
    std::fs::remove_dir(data.join(in_the_way)).expect("removed");

    std::fs::copy(kept.path().join("cutis.db"), data.join("cutis.db")).expect("put back");
    let ended = run(&["recover"], data);
    assert_eq!(
        answer(&ended)["reason"],
        "database_is_back",
        "{}",
        first_line(&ended)
    );
    assert_eq!(files_in(&data.join("checkpoints")), own);
    let trail = trail_text(&data.join("cutis.db"));
    let last = trail.lines().last().expect("events").to_owned();
    assert!(
        last.contains("practice.returned") && last.contains("given_up"),
        "{last}"
    );
    use_for_a_while(data, &[]).await;
    let (said, code) = verdict(data, &[]);
    assert_eq!(
        (said["verdict"].as_str(), code),
        (Some("intact"), Some(0)),
        "{said}"
    );
    assert!(
        said["recoveries"][0]
            .as_str()
            .is_some_and(|it| it.contains("cancelled")),
        "{said}"
    );

    // Found too old, it is another loss, and nothing goes on by itself.
    let newer = copy(&kept);
    use_for_a_while(newer.path(), &[]).await;
    remove_database(newer.path());
    let sentence = answer(&run(&["recover"], newer.path()))["sentence"]
        .as_str()
        .expect("a sentence")
        .to_owned();
    std::fs::create_dir_all(newer.path().join(in_the_way)).expect("made");
    run(&["recover", "--accept", &sentence], newer.path());
    std::fs::remove_dir(newer.path().join(in_the_way)).expect("removed");
    std::fs::copy(kept.path().join("cutis.db"), newer.path().join("cutis.db")).expect("put back");
    let ended = run(&["recover"], newer.path());
    assert_eq!(
        (answer(&ended)["reason"].as_str(), ended.status.code()),
        (Some("database_is_other"), Some(1))
    );
    assert!(refused(newer.path()).contains("has seen event"));
}
