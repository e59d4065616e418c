use super::*;
use crate::Use;
use crate::testing::{PASSWORD, Rig, from, secret};
use cutis_domain::PatientId;

/// An attempt, and what is written once its answer has left.
async fn attempt(rig: &Rig, address: u8, login: &str, password: &str) -> Result<Started, SignInError> {
    let outcome = rig.auth.sign_in(from(address), login, &secret(password)).await;
    rig.auth.settle().await.expect("there is room");
    outcome
}

fn seconds(outcome: &Result<Started, SignInError>) -> u32 {
    match outcome {
        Err(SignInError::Throttled { seconds }) => *seconds,
        other => panic!("not throttled: {other:?}"),
    }
}

/// A1: by username or e-mail address, however they are written; each sign-in is a session of its own.
#[tokio::test]
async fn a1_by_username_or_email() {
    let (rig, _) = Rig::set_up().await;
    let mut tokens = Vec::new();
    for login in [
        "anna.weber",
        " Anna.Weber ",
        "anna@praxis.example",
        "ANNA@Praxis.Example",
    ] {
        let started = attempt(&rig, 20, login, PASSWORD).await.expect("signs in");
        assert_eq!(rig.last_events(1), ["session.started ok"]);
        assert_eq!(rig.last_records(1)[0].actor.name.as_deref(), Some("anna.weber"));
        assert_eq!(
            rig.last_records(1)[0].session,
            Some(started.signed_in.session_id().to_string())
        );
        tokens.push(started.token.digest());
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 4, "C14: a new token each time");
    assert!(
        rig.state()
            .sessions
            .iter()
            .all(|session| session.address.is_some() && session.agent.is_some())
    );
}

/// A8, C03: unknown name, wrong password, disabled, locked, pending, deleted, damaged: one answer,
/// one amount of work, and nothing is written before the answer; against an account one event each, told
/// apart by its detail only.
#[tokio::test]
async fn a8_one_answer_for_all_refusals() {
    let (rig, _) = Rig::set_up().await;
    let mut address = 100;
    let mut look = async |login: &str, password: &str, reason: &str| {
        address += 1;
        let (before, records) = (rig.auth.hasher.work_done(), rig.state().records.len());
        let refused = rig.auth.sign_in(from(address), login, &secret(password)).await;
        let refused = refused.expect_err(reason);
        assert_eq!(
            rig.state().records.len(),
            records,
            "{reason}: no commit to be timed"
        );
        rig.auth.settle().await.expect("there is room");
        assert!(matches!(refused, SignInError::Refused), "{reason}: {refused:?}");
        assert_eq!(refused.to_string(), "incorrect username or password");
        let event = if reason == "unknown_name" {
            "strangers.refused refused".to_owned()
        } else {
            format!("session.refused refused {reason}")
        };
        assert_eq!(rig.last_events(1), [event]);
        rig.auth.hasher.work_done() - before
    };
    let mut works = vec![
        look("nobody", PASSWORD, "unknown_name").await,
        look("nobody@praxis.example", PASSWORD, "unknown_name").await,
        look("", "", "unknown_name").await,
        look("anna.weber", "kL9#vQ2!mZp5", "wrong_password").await,
        look("anna.weber", "", "wrong_password").await,
    ];
    for state in [
        AccountState::Disabled,
        AccountState::Locked,
        AccountState::Pending,
        AccountState::Deleted,
    ] {
        rig.tamper(|held| held.throttles.clear());
        rig.set_account_state(state);
        works.push(look("anna.weber", PASSWORD, "account_not_active").await);
        works.push(look("anna.weber", "kL9#vQ2!mZp5", "wrong_password").await);
    }
    rig.tamper(|held| held.accounts[0].password = secret("c1$damaged"));
    rig.tamper(|held| held.throttles.clear());
    works.push(look("anna.weber", PASSWORD, "unreadable").await);
    assert!(works.iter().all(|work| *work == 1 << 5), "{works:?}");
}

/// A8, C03: an account whose password was stored at an older cost takes no less work.
#[tokio::test]
async fn a8_equal_work_after_the_cost_rose() {
    let (rig, _) = Rig::set_up().await;
    let rig = rig.restarted_at_cost(7);
    let before = rig.auth.hasher.work_done();
    assert!(attempt(&rig, 30, "anna.weber", "wrong").await.is_err());
    let known = rig.auth.hasher.work_done() - before;
    assert!(attempt(&rig, 31, "nobody", "wrong").await.is_err());
    assert_eq!(known, 1 << 7);
    assert_eq!(rig.auth.hasher.work_done() - before, 2 * known);
}

/// A5: rehash on sign-in when the cost rose, once, and the password stays what it was.
#[tokio::test]
async fn a5_rehash_on_sign_in() {
    let (rig, _) = Rig::set_up().await;
    let kept = |rig: &Rig| rig.state().accounts[0].password.expose().clone();
    let old = kept(&rig);
    assert!(attempt(&rig, 20, "anna.weber", PASSWORD).await.is_ok());
    assert_eq!(kept(&rig), old, "same cost, nothing to do");
    let rig = rig.restarted_at_cost(6);
    assert!(attempt(&rig, 20, "anna.weber", "wrong").await.is_err());
    assert_eq!(kept(&rig), old, "a wrong password changes nothing");
    assert!(attempt(&rig, 20, "anna.weber", PASSWORD).await.is_ok());
    let new = kept(&rig);
    assert!(new.starts_with("c2$$2b$06$"), "{new}");
    assert!(attempt(&rig, 20, "anna.weber", PASSWORD).await.is_ok());
    assert_eq!(kept(&rig), new);
}

/// A8: delays from the fifth failure on, a soft lock from the tenth, for a known and an unknown name
/// alike; nothing is hashed meanwhile; the right password gets in after the wait.
#[tokio::test]
async fn a8_throttled_by_account() {
    for login in ["anna.weber", "nobody"] {
        let (rig, _) = Rig::set_up().await;
        let mut waits = Vec::new();
        // From an address of its own each time, so that only the name counts.
        for address in 0..12 {
            assert!(matches!(
                attempt(&rig, address, login, "wrong").await,
                Err(SignInError::Refused)
            ));
            if address >= 4 {
                let work = rig.auth.hasher.work_done();
                let wait = seconds(&attempt(&rig, 200 + address, login, PASSWORD).await);
                assert_eq!(rig.auth.hasher.work_done(), work, "not even looked at");
                let counted = rig.last_records(1).remove(0);
                assert_eq!(counted.action, "strangers.refused");
                assert!(format!("{:?}", counted.details).contains("throttled"));
                assert_eq!(counted.target.is_some(), login == "anna.weber");
                waits.push(wait);
                rig.clock.advance(wait);
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 900, 900, 900], "{login}");
        assert_eq!(
            attempt(&rig, 250, login, PASSWORD).await.is_ok(),
            login == "anna.weber"
        );
    }
}

/// A8: username and e-mail address count together; success forgets the account's failures.
#[tokio::test]
async fn a8_success_forgets_the_accounts_failures() {
    let (rig, _) = Rig::set_up().await;
    for address in 0..4 {
        let login = if address % 2 == 0 {
            "anna.weber"
        } else {
            "anna@praxis.example"
        };
        assert!(attempt(&rig, address, login, "wrong").await.is_err());
    }
    let key = key::of_account(rig.state().accounts[0].id);
    assert_eq!(rig.state().throttles[&key].failures, 4);
    assert!(attempt(&rig, 20, "anna.weber", PASSWORD).await.is_ok());
    assert!(!rig.state().throttles.contains_key(&key));
}

/// A8: one address that tries many names is throttled; success does not clear it; others are not.
#[tokio::test]
async fn a8_throttled_by_address() {
    let (rig, _) = Rig::set_up().await;
    for number in 0..4 {
        assert!(
            attempt(&rig, 66, &format!("name{number}"), "wrong")
                .await
                .is_err()
        );
    }
    assert!(attempt(&rig, 66, "anna.weber", PASSWORD).await.is_ok());
    assert!(attempt(&rig, 66, "name9", "wrong").await.is_err());
    assert_eq!(seconds(&attempt(&rig, 66, "anna.weber", PASSWORD).await), 1);
    assert!(attempt(&rig, 20, "anna.weber", PASSWORD).await.is_ok());
    rig.clock.advance(3600);
    assert!(attempt(&rig, 66, "anna.weber", PASSWORD).await.is_ok());
}

/// C05: a burst is not looked at whole before the first of it is counted.
#[tokio::test]
async fn c05_a_burst_is_bounded() {
    let (rig, _) = Rig::set_up().await;
    let before = rig.auth.hasher.work_done();
    let mut burst: Vec<_> = (0..40)
        .map(|_| Box::pin(attempt(&rig, 66, "anna.weber", "wrong")))
        .collect();
    let mut outcomes = Vec::new();
    // All are begun before any is finished.
    std::future::poll_fn(|context| {
        burst.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(outcome) => {
                outcomes.push(outcome);
                false
            }
            std::task::Poll::Pending => true,
        });
        if burst.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    let looked_at = outcomes
        .iter()
        .filter(|one| matches!(one, Err(SignInError::Refused)))
        .count();
    assert!((1..=5).contains(&looked_at), "{looked_at}");
    assert_eq!(
        rig.auth.hasher.work_done() - before,
        32 * u64::try_from(looked_at).expect("few")
    );
    assert_eq!(
        looked_at
            + outcomes
                .iter()
                .filter(|one| matches!(one, Err(SignInError::Throttled { .. })))
                .count(),
        40
    );
}

/// C02: too long a password is refused before anything is done, and is no attempt.
#[tokio::test]
async fn c02_no_hash_over_a_flood() {
    let (rig, _) = Rig::set_up().await;
    let (work, records) = (rig.auth.hasher.work_done(), rig.state().records.len());
    let refused = attempt(&rig, 20, "anna.weber", &"a".repeat(1024 * 1024)).await;
    assert!(matches!(refused, Err(SignInError::PasswordTooLong(_))));
    assert_eq!(
        (rig.auth.hasher.work_done(), rig.state().records.len()),
        (work, records)
    );
}

/// Signs in so often that so many sessions are open, the first one included.
async fn fill(rig: &Rig, open: usize) {
    for _ in rig.state().sessions.len()..open {
        attempt(rig, 20, "anna.weber", PASSWORD).await.expect("signs in");
    }
}

async fn is_open(rig: &Rig, started: &Started) -> bool {
    let cookie = started.token.cookie_value();
    rig.auth
        .authenticate(from(20), cookie.expose(), Use::Person)
        .await
        .is_ok()
}

/// A7: the eleventh sign-in, and the hundredth, end nobody's session, and all are listed.
#[tokio::test]
async fn a7_no_sign_in_ends_anothers_session() {
    let (rig, first) = Rig::set_up().await;
    fill(&rig, 99).await;
    let last = attempt(&rig, 20, "anna.weber", PASSWORD).await.expect("signs in");
    assert_eq!(rig.last_events(1), ["session.started ok"]);
    assert!(is_open(&rig, &first).await);
    let listed = rig.auth.sessions(&last.signed_in).await.expect("listed");
    assert_eq!(listed.len(), 100);
    assert_eq!(listed.iter().filter(|one| one.current).count(), 1);
}

/// A7: with a hundred open, a right password gets the list, which is recorded and changes nothing, and the
/// chosen ones end with the sign-in that names them. A wrong password learns nothing of it.
#[tokio::test]
async fn a7_at_a_hundred_the_person_chooses() {
    let (rig, first) = Rig::set_up().await;
    fill(&rig, 100).await;
    let before = rig.state();
    let Err(SignInError::TooManySessions { sessions }) = attempt(&rig, 21, "anna.weber", PASSWORD).await
    else {
        panic!("there are a hundred")
    };
    assert_eq!(sessions.len(), 100);
    assert_eq!(rig.last_events(1), ["session.refused refused too_many_sessions"]);
    assert_eq!(rig.state().sessions.len(), 100);
    assert!(
        rig.state()
            .sessions
            .iter()
            .all(|session| session.ended_at.is_none())
    );
    assert!(
        rig.state().throttles == before.throttles,
        "no attempt that failed"
    );
    let wrong = attempt(&rig, 21, "anna.weber", "wrong").await;
    assert!(matches!(wrong, Err(SignInError::Refused)));

    let strange = SessionId::from_bytes([9; 16]);
    let oldest = sessions.last().expect("a hundred").id;
    assert_eq!(oldest, first.signed_in.session_id());
    let sign_in = async |ending| {
        let password = secret(PASSWORD);
        rig.auth
            .sign_in_ending(from(21), "anna.weber", &password, ending)
            .await
    };
    assert!(matches!(
        sign_in(vec![strange]).await,
        Err(SignInError::TooManySessions { .. })
    ));
    assert!(is_open(&rig, &first).await);
    let started = sign_in(vec![oldest, strange]).await.expect("there is room");
    assert_eq!(
        rig.last_events(2),
        ["session.started ok", "session.ended ok chosen_at_sign_in"]
    );
    assert!(!is_open(&rig, &first).await && is_open(&rig, &started).await);
    assert_eq!(
        rig.auth.sessions(&started.signed_in).await.expect("listed").len(),
        100
    );
}

/// A7: sessions that programs left behind end when their time is over, so that they fill no list, and one that a
/// person uses stays.
#[tokio::test]
async fn a7_what_programs_leave_behind_is_not_counted() {
    let (rig, first) = Rig::set_up().await;
    fill(&rig, 100).await;
    rig.clock.advance(10 * 60);
    assert!(is_open(&rig, &first).await);
    rig.clock.advance(6 * 60);
    let started = attempt(&rig, 21, "anna.weber", PASSWORD).await.expect("signs in");
    let ended = rig.last_events(100);
    assert_eq!(ended.first().map(String::as_str), Some("session.started ok"));
    assert!(ended.iter().skip(1).all(|event| event == "session.expired ok"));
    assert!(is_open(&rig, &first).await);
    assert_eq!(
        rig.auth.sessions(&started.signed_in).await.expect("listed").len(),
        2
    );
}

/// C15: a password or state that changed while the old one was being looked at wins.
#[tokio::test]
async fn c15_a_change_meanwhile_wins() {
    let (rig, _) = Rig::set_up().await;
    let sessions = rig.state().sessions.len();
    let changes: [fn(&mut crate::testing::State); 2] = [
        |held| held.accounts[0].state = AccountState::Disabled,
        |held| held.accounts[0].password = secret("c1$another"),
    ];
    for change in changes {
        let kept = rig.state();
        let identified = rig.auth.identify(&from(20), "anna.weber").await.expect("open");
        let candidate = Candidate::parse(&secret(PASSWORD)).expect("short");
        let Ok(Looked::Proven(proven)) = rig.auth.prove(identified, candidate).await else {
            panic!("it is right")
        };
        rig.tamper(change);
        assert!(matches!(
            rig.auth.begin(from(20), *proven, Vec::new()).await,
            Err(SignInError::Refused)
        ));
        rig.auth.write_failures().await;
        assert_eq!(rig.last_events(1), ["session.refused refused changed_meanwhile"]);
        assert_eq!(rig.state().sessions.len(), sessions);
        rig.tamper(|held| held.accounts = kept.accounts);
    }
}

/// U2, G11: what a failed sign-in leaves names the account by id and holds neither the name that was
/// tried nor the password.
#[tokio::test]
async fn g11_a_refusal_holds_nothing_that_was_typed() {
    let (rig, _) = Rig::set_up().await;
    assert!(
        attempt(&rig, 20, "my-secret-typed-as-name", "the-password")
            .await
            .is_err()
    );
    assert!(attempt(&rig, 20, "anna.weber", "the-password").await.is_err());
    let [unknown, known] = &rig.last_records(2)[..] else {
        panic!("two")
    };
    assert!(unknown.target.is_none());
    let id = rig.state().accounts[0].id.to_string();
    assert!(
        known
            .target
            .as_ref()
            .is_some_and(|target| format!("{target:?}").contains(&id))
    );
    let everything = format!("{:?}{:?}", rig.state().records, rig.state().throttles);
    assert!(!everything.contains("my-secret") && !everything.contains("the-password"));
}

/// A8: a failure counts once. Before it is written, the next attempt is told the same wait as afterwards.
#[tokio::test]
async fn a8_the_wait_is_told_as_it_is() {
    let (rig, _) = Rig::set_up().await;
    let mut told = Vec::new();
    for failures in 1..=9 {
        let wrong = rig
            .auth
            .sign_in(from(30), "anna.weber", &secret("Wrong-2026-xyz"))
            .await;
        assert!(
            matches!(wrong, Err(SignInError::Refused)),
            "{failures}: {wrong:?}"
        );
        if failures >= 5 {
            let unwritten = seconds(&rig.auth.sign_in(from(30), "nobody-else", &secret("x")).await);
            rig.auth.settle().await.expect("there is room");
            let written = seconds(&rig.auth.sign_in(from(30), "nobody-else", &secret("x")).await);
            told.push((unwritten, written));
            rig.clock.advance(written);
        } else {
            rig.auth.settle().await.expect("there is room");
        }
    }
    assert_eq!(told, [(1, 1), (2, 2), (4, 4), (8, 8), (16, 16)]);
}

/// N6: in a patient's hands a session carries no rights but to record their consent; the right password takes it back.
#[tokio::test]
async fn n6_a_session_that_is_handed_over_carries_no_rights() {
    let (rig, started) = Rig::set_up().await;
    let asks = async || {
        let cookie = started.token.cookie_value();
        let by = rig
            .auth
            .authenticate(from(20), cookie.expose(), Use::Person)
            .await;
        by.expect("signed in")
    };
    let (patient, other) = (PatientId::from_bytes([7; 16]), PatientId::from_bytes([8; 16]));
    let by = asks().await;
    assert!(by.clinician().is_some() && by.administrator().is_some());
    assert!(by.clinician_for_consent_of(patient).is_some() && by.handed_to().is_none());

    rig.tamper(|held| held.sessions[0].handed_to = Some(patient));
    let by = asks().await;
    assert_eq!(by.handed_to(), Some(patient));
    assert!(by.clinician().is_none() && by.administrator().is_none());
    assert!(by.clinician_for_consent_of(patient).is_some());
    assert!(by.clinician_for_consent_of(other).is_none());

    let wrong = rig.auth.confirm_password(&by, &secret("Wrong-2026-xyz")).await;
    assert!(matches!(wrong, Err(SignInError::Refused)), "{wrong:?}");
    assert!(asks().await.clinician().is_none());
    rig.auth
        .confirm_password(&by, &secret(PASSWORD))
        .await
        .expect("it is the password");
    let by = asks().await;
    assert!(by.clinician().is_some() && by.administrator().is_some() && by.handed_to().is_none());
}

/// N6: a device that is handed over while a password is being checked stays handed over, and a session that ends meanwhile
/// is not confirmed.
#[tokio::test]
async fn n6_a_device_handed_over_during_the_check_stays_handed_over() {
    let (rig, started) = Rig::set_up().await;
    let (by, patient) = (started.signed_in, PatientId::from_bytes([7; 16]));
    rig.tamper(|held| held.sessions[0].handed_to = Some(patient));
    let late = rig.auth.confirm_password(&by, &secret(PASSWORD)).await;
    assert!(matches!(late, Err(SignInError::Refused)), "{late:?}");
    assert_eq!(rig.state().sessions[0].handed_to, Some(patient));
    assert!(rig.auth.confirmed(&by).is_none());
    rig.tamper(|held| held.sessions[0].handed_to = None);
    rig.auth.sign_out(&by).await.expect("ends");
    let late = rig.auth.confirm_password(&by, &secret(PASSWORD)).await;
    assert!(matches!(late, Err(SignInError::Refused)), "{late:?}");
    assert!(rig.auth.confirmed(&by).is_none());
}

/// N6: who is signed in is asked for their password again: the same waits as at sign-in, an event either way, and the
/// session stays.
#[tokio::test]
async fn n6_a_password_is_confirmed() {
    let (rig, started) = Rig::set_up().await;
    let by = started.signed_in;
    for _ in 0..3 {
        let wrong = rig.auth.confirm_password(&by, &secret("Wrong-2026-xyz")).await;
        rig.auth.settle().await.expect("there is room");
        assert!(matches!(wrong, Err(SignInError::Refused)), "{wrong:?}");
        assert_eq!(rig.last_events(1), ["session.refused refused wrong_password"]);
    }
    rig.auth
        .confirm_password(&by, &secret(PASSWORD))
        .await
        .expect("it is the password");
    assert_eq!(rig.last_events(1), ["session.confirmed ok"]);
    let record = &rig.last_records(1)[0];
    assert_eq!(record.session, Some(by.session_id().to_string()));
    let key = key::of_account(by.account().id);
    assert!(
        !rig.state().throttles.contains_key(&key),
        "the account's failures are forgotten"
    );
    // The address's are not: its fifth failure slows it down.
    for _ in 0..2 {
        let wrong = rig.auth.confirm_password(&by, &secret("Wrong-2026-xyz")).await;
        rig.auth.settle().await.expect("there is room");
        assert!(matches!(wrong, Err(SignInError::Refused)), "{wrong:?}");
    }
    let slowed = rig.auth.confirm_password(&by, &secret(PASSWORD)).await;
    assert!(matches!(slowed, Err(SignInError::Throttled { .. })), "{slowed:?}");
}
