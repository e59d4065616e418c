use cutis_domain::settings::{Key, Setting};

use super::*;
use crate::testing::{PASSWORD, Rig, from, profile, secret};
use crate::{Policy, RuleCode, Use};

/// A2: the code makes the first account, administrator and clinician, signed in; one unit, three
/// events, made by that account.
#[tokio::test]
async fn a2_the_code_makes_the_first_account() {
    let rig = Rig::fresh();
    let before = rig.auth.setup_state().await.expect("reads");
    assert!(before.needed && before.policy == Policy::Complex);
    let started = rig.auth.set_up(from(20), rig.input()).await.expect("sets up");
    assert!(!rig.auth.setup_state().await.expect("reads").needed);
    assert!(started.signed_in.clinician().is_some() && started.signed_in.administrator().is_some());

    let state = rig.state();
    assert_eq!(
        (state.accounts.len(), state.sessions.len(), state.settings.len()),
        (1, 1, 3)
    );
    assert_eq!(state.settings[&Key::PracticeName].value(), "Hautpraxis am See");
    assert_eq!(
        rig.last_events(9),
        ["practice.set_up ok", "account.created ok", "session.started ok"]
    );
    for record in rig.last_records(3) {
        assert_eq!(record.actor.name.as_deref(), Some("anna.weber"));
        assert_eq!(record.ip.as_deref(), Some("192.168.1.20"));
    }
    let cookie = started.token.cookie_value();
    assert!(
        rig.auth
            .authenticate(from(20), cookie.expose(), Use::Person)
            .await
            .is_ok()
    );
    assert!(
        rig.auth
            .sign_in(from(20), "anna@praxis.example", &secret(PASSWORD))
            .await
            .is_ok()
    );
}

/// A2: only when no account exists, whatever code is given; and it is in the trail.
#[tokio::test]
async fn a2_only_once() {
    let (rig, _) = Rig::set_up().await;
    let mut second = rig.input();
    second.profile = profile("mallory", None);
    assert!(matches!(
        rig.auth.set_up(from(66), second).await,
        Err(SetUpError::Done)
    ));
    assert_eq!(rig.state().accounts.len(), 1);
    rig.auth.settle().await.expect("there is room");
    assert_eq!(rig.last_events(1), ["strangers.refused refused"]);
    assert_eq!(rig.last_records(1)[0].actor.kind, "anonymous");
    assert_eq!(rig.last_records(1)[0].ip.as_deref(), Some("192.168.1.66"));
}

/// A2: two at once with the right code make one account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2_two_at_once_make_one() {
    let rig = Rig::fresh();
    let mut other = rig.input();
    other.profile = profile("bruno", None);
    let (one, two) = tokio::join!(
        rig.auth.set_up(from(20), rig.input()),
        rig.auth.set_up(from(21), other)
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(rig.state().accounts.len(), 1);
    assert!(matches!(one.and(two), Err(SetUpError::Done)));
}

/// A2, C09: without the code nothing happens but an event, and guessing waits.
#[tokio::test]
async fn c09_a_wrong_code_does_nothing() {
    let rig = Rig::fresh();
    let attempt = |code: &str| {
        let mut input = rig.input();
        input.code = secret(code);
        rig.auth.set_up(from(66), input)
    };
    for _ in 0..5 {
        assert!(matches!(
            attempt("0000-0000-0000").await,
            Err(SetUpError::CodeWrong)
        ));
    }
    assert!(matches!(
        attempt("0000-0000-0000").await,
        Err(SetUpError::Throttled { seconds: 1 })
    ));
    rig.auth.settle().await.expect("there is room");
    assert_eq!(
        rig.last_events(2),
        ["strangers.refused refused"],
        "counted in one event"
    );
    assert!(format!("{:?}", rig.last_records(1)[0].details).contains('6'));
    assert!(rig.state().accounts.is_empty());
    assert_eq!(
        rig.auth.hasher.work_done(),
        0,
        "no hash is run for somebody without the code"
    );
    // Issue 6, 19: at once, even from where all the wrong ones came.
    assert!(
        rig.auth.set_up(from(66), rig.input()).await.is_ok(),
        "the right code still opens"
    );
}

/// A5: the practice's and the user's names are refused, the report says which rule, and the code
/// stays good.
#[tokio::test]
async fn a5_the_password_keeps_the_rules() {
    let rig = Rig::fresh();
    for (password, rule) in [
        ("My Hautpraxis 2026!", RuleCode::Names),
        ("Frau Weber 2026!!", RuleCode::Names),
        ("Password123!", RuleCode::Common),
        ("short 1A", RuleCode::Length),
    ] {
        let mut input = rig.input();
        input.password = secret(password);
        let refused = rig.auth.set_up(from(20), input).await;
        let Err(SetUpError::PasswordRefused(report)) = refused else {
            panic!("{password} was accepted")
        };
        assert!(!report.keeps(rule), "{password}");
    }
    assert!(
        rig.state().records.is_empty(),
        "choosing a password is nothing to record"
    );
    assert!(rig.auth.set_up(from(20), rig.input()).await.is_ok());
}

/// A5: a practice that chooses passphrases at set-up may begin with one.
#[tokio::test]
async fn a5_the_chosen_policy_holds_at_once() {
    let rig = Rig::fresh();
    let mut input = rig.input();
    input.password = secret("blue kettle over montana");
    assert!(matches!(
        rig.auth.set_up(from(20), input).await,
        Err(SetUpError::PasswordRefused(_))
    ));
    let mut input = rig.input();
    input.password = secret("blue kettle over montana");
    input
        .settings
        .push(Setting::parse(Key::PasswordPolicy, "passphrase").expect("valid"));
    assert!(rig.auth.set_up(from(20), input).await.is_ok());
    assert_eq!(
        rig.auth.setup_state().await.expect("reads").policy,
        Policy::Passphrase
    );
}

/// C02: a password of a mebibyte is refused before anything is done with it.
#[tokio::test]
async fn c02_no_hash_over_a_flood() {
    let rig = Rig::fresh();
    let mut input = rig.input();
    input.password = secret(&"a".repeat(1024 * 1024));
    assert!(matches!(
        rig.auth.set_up(from(20), input).await,
        Err(SetUpError::PasswordTooLong(_))
    ));
    assert_eq!(rig.auth.hasher.work_done(), 0);
}

/// A5: the rules are shown live by the policy in force; nothing is left behind.
#[tokio::test]
async fn a5_live_check() {
    let rig = Rig::fresh();
    let check = |text: &str| {
        let candidate = Candidate::parse(&secret(text)).expect("within the limits");
        rig.auth.check_password(candidate, Context::new().person("weber"))
    };
    assert!(check(PASSWORD).await.is_ok_and(|report| report.is_acceptable()));
    assert!(
        check("Frau Weber 2026!!")
            .await
            .is_ok_and(|report| !report.keeps(RuleCode::Names))
    );
    assert!(rig.state().records.is_empty());
    assert_eq!(rig.auth.hasher.work_done(), 0);
}
