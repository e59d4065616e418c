use super::*;
use crate::testing::{PASSWORD, Rig, from, operator, secret};
use cutis_domain::Clock as _;
use cutis_domain::account::Roles;

async fn asks(rig: &Rig, started: &Started, usage: Use) -> Result<SignedIn, AuthenticateError> {
    rig.auth
        .authenticate(from(20), started.token.cookie_value().expose(), usage)
        .await
}

async fn again(rig: &Rig) -> Started {
    rig.auth
        .sign_in(from(21), "anna.weber", &secret(PASSWORD))
        .await
        .expect("signs in")
}

/// C12: only the digest is kept; nothing in the database opens a session.
#[tokio::test]
async fn c12_only_the_digest_is_kept() {
    let (rig, started) = Rig::set_up().await;
    let cookie = started.token.cookie_value().expose().clone();
    let state = rig.state();
    assert!(!format!("{state:?}").contains(&cookie));
    assert_eq!(state.sessions[0].token, started.token.digest());
    for other in [
        String::new(),
        state.sessions[0].id.to_string(),
        state.sessions[0].token.to_string(),
        "A".repeat(43),
    ] {
        let answer = rig.auth.authenticate(from(20), &other, Use::Person).await;
        assert!(
            matches!(answer, Err(AuthenticateError::Unauthenticated)),
            "{other}"
        );
    }
}

/// A7, C13: idle for a quarter of an hour ends a session, once, with an event; work keeps it alive.
#[tokio::test]
async fn c13_idle_limit() {
    let (rig, started) = Rig::set_up().await;
    for _ in 0..5 {
        rig.clock.advance(15 * 60 - 1);
        assert!(asks(&rig, &started, Use::Person).await.is_ok());
    }
    rig.clock.advance(15 * 60);
    assert!(asks(&rig, &started, Use::Person).await.is_err());
    assert_eq!(rig.last_events(1), ["session.expired ok"]);
    let records = rig.state().records.len();
    assert!(asks(&rig, &started, Use::Person).await.is_err());
    assert_eq!(rig.state().records.len(), records, "said once");
}

/// C13: what the client asks by itself does not keep a session alive.
#[tokio::test]
async fn c13_background_is_no_use() {
    let (rig, started) = Rig::set_up().await;
    for _ in 0..14 {
        rig.clock.advance(60);
        assert!(asks(&rig, &started, Use::Background).await.is_ok());
    }
    assert_eq!(rig.state().touches, 0);
    rig.clock.advance(60);
    assert!(asks(&rig, &started, Use::Background).await.is_err());
}

/// A7: the absolute limit holds whatever happens, and a shorter setting holds at once.
#[tokio::test]
async fn a7_absolute_limit() {
    let (rig, started) = Rig::set_up().await;
    assert_eq!(
        started.signed_in.expires_at(),
        rig.clock.now().plus_seconds(12 * 3600)
    );
    for _ in 0..(12 * 6 - 1) {
        rig.clock.advance(600);
        assert!(asks(&rig, &started, Use::Person).await.is_ok());
    }
    rig.clock.advance(600);
    assert!(asks(&rig, &started, Use::Person).await.is_err());

    let started = again(&rig).await;
    rig.tamper(|held| {
        let hour = Setting::parse(Key::SessionAbsoluteHours, "1").expect("valid");
        held.settings.insert(Key::SessionAbsoluteHours, hour);
    });
    for _ in 0..5 {
        rig.clock.advance(600);
        assert!(asks(&rig, &started, Use::Person).await.is_ok());
    }
    rig.clock.advance(600);
    assert!(asks(&rig, &started, Use::Person).await.is_err());
}

/// A7: the last use is noted at most once in thirty seconds.
#[tokio::test]
async fn a7_last_use_is_noted_sparingly() {
    let (rig, started) = Rig::set_up().await;
    for _ in 0..60 {
        rig.clock.advance(1);
        assert!(asks(&rig, &started, Use::Person).await.is_ok());
    }
    assert_eq!(rig.state().touches, 2);
    assert_eq!(rig.state().sessions[0].last_seen_at, rig.clock.now());
}

/// A clock that is set back ends no session and locks nobody out.
#[tokio::test]
async fn a_clock_set_back_is_survived() {
    let (rig, started) = Rig::set_up().await;
    rig.clock.set_by(-86_400);
    assert!(asks(&rig, &started, Use::Person).await.is_ok());
}

/// A7, C13: a session that was used while the clock ran ahead still ends a quarter of an hour after its last use
/// once the clock is right again.
#[tokio::test]
async fn c13_idle_limit_after_the_clock_ran_ahead() {
    let (rig, _) = Rig::set_up().await;
    rig.clock.set_by(3 * 3600);
    let started = again(&rig).await;
    rig.clock.advance(60);
    assert!(asks(&rig, &started, Use::Person).await.is_ok());
    rig.clock.set_by(-3 * 3600);
    rig.clock.advance(15 * 60 - 1);
    assert!(asks(&rig, &started, Use::Background).await.is_ok());
    rig.clock.advance(1);
    assert!(asks(&rig, &started, Use::Person).await.is_err());
    assert_eq!(rig.last_events(1), ["session.expired ok"]);
}

/// A7: work keeps such a session alive, and its uses are noted as sparingly as ever.
#[tokio::test]
async fn a7_work_goes_on_after_the_clock_ran_ahead() {
    let (rig, _) = Rig::set_up().await;
    rig.clock.set_by(3 * 3600);
    let started = again(&rig).await;
    rig.clock.set_by(-3 * 3600);
    for _ in 0..120 {
        rig.clock.advance(15);
        assert!(asks(&rig, &started, Use::Person).await.is_ok());
    }
    let touches = rig.state().touches;
    assert!((1..=60).contains(&touches), "{touches}");
}

/// A7: nor does signing in while the clock runs ahead buy more than the absolute limit.
#[tokio::test]
async fn a7_absolute_limit_after_the_clock_ran_ahead() {
    let (rig, _) = Rig::set_up().await;
    rig.clock.set_by(8 * 3600);
    let started = again(&rig).await;
    rig.clock.set_by(-8 * 3600);
    for _ in 0..(12 * 6 - 1) {
        rig.clock.advance(600);
        assert!(asks(&rig, &started, Use::Person).await.is_ok());
    }
    rig.clock.advance(600);
    assert!(asks(&rig, &started, Use::Person).await.is_err());
}

/// A7, C13: after a restart such a session has one span of the idle limit from the start at most.
#[tokio::test]
async fn c13_idle_limit_over_a_restart_after_the_clock_ran_ahead() {
    let (rig, _) = Rig::set_up().await;
    rig.clock.set_by(3 * 3600);
    let started = again(&rig).await;
    rig.clock.set_by(-3 * 3600);
    let rig = rig.restarted_at_cost(4);
    rig.clock.advance(15 * 60 - 1);
    assert!(asks(&rig, &started, Use::Background).await.is_ok());
    rig.clock.advance(1);
    assert!(asks(&rig, &started, Use::Person).await.is_err());
}

/// A7: signing out ends this session and no other; doing it twice is not an error and leaves one event.
#[tokio::test]
async fn a7_sign_out() {
    let (rig, one) = Rig::set_up().await;
    let two = again(&rig).await;
    rig.auth.sign_out(&one.signed_in).await.expect("ends");
    assert_eq!(rig.last_events(1), ["session.ended ok"]);
    let records = rig.state().records.len();
    rig.auth.sign_out(&one.signed_in).await.expect("no error");
    assert_eq!(rig.state().records.len(), records);
    assert!(asks(&rig, &one, Use::Person).await.is_err());
    assert!(asks(&rig, &two, Use::Person).await.is_ok());
}

/// A7: own sessions are listed with where and when, newest first, without those that are over.
#[tokio::test]
async fn a7_list() {
    let (rig, one) = Rig::set_up().await;
    rig.clock.advance(10 * 60);
    let two = again(&rig).await;
    let three = again(&rig).await;
    rig.auth.sign_out(&three.signed_in).await.expect("ends");
    let list = rig.auth.sessions(&two.signed_in).await.expect("lists");
    let ids: Vec<_> = list.iter().map(|session| (session.id, session.current)).collect();
    assert_eq!(
        ids,
        [
            (two.signed_in.session_id(), true),
            (one.signed_in.session_id(), false)
        ]
    );
    assert!(
        list.iter()
            .all(|session| session.address.is_some() && session.agent.is_some())
    );
    rig.clock.advance(5 * 60);
    let list = rig.auth.sessions(&two.signed_in).await.expect("lists");
    assert_eq!(list.len(), 1, "the other has been idle for too long");
}

/// A7, A10: one's own session can be ended; another's answers like none at all, and is recorded.
#[tokio::test]
async fn a10_only_ones_own_session() {
    let (rig, anna) = Rig::set_up().await;
    let roles = Roles {
        administrator: true,
        clinician: false,
    };
    let profile = crate::testing::profile("bruno", None);
    let add = crate::account::AddAccount {
        profile,
        roles,
        password: secret("7gH!wonder-Lamp"),
    };
    rig.auth.add_account(&operator(), add).await.expect("adds");
    let bruno = rig
        .auth
        .sign_in(from(30), "bruno", &secret("7gH!wonder-Lamp"))
        .await
        .expect("signs in");

    let none = SessionId::from_bytes([1; 16]);
    for session in [anna.signed_in.session_id(), none] {
        let answer = rig.auth.end_session(&bruno.signed_in, session).await;
        assert_eq!(
            answer.map_err(|error| error.to_string()),
            Err("there is no such session".to_owned())
        );
        assert_eq!(rig.last_events(1), ["access.refused refused not_found"]);
    }
    assert!(asks(&rig, &anna, Use::Person).await.is_ok());
    assert!(
        rig.auth
            .sessions(&bruno.signed_in)
            .await
            .is_ok_and(|list| list.len() == 1)
    );

    let other = again(&rig).await;
    rig.auth
        .end_session(&anna.signed_in, other.signed_in.session_id())
        .await
        .expect("ends");
    assert!(asks(&rig, &other, Use::Person).await.is_err());
    assert!(
        rig.auth
            .end_session(&anna.signed_in, other.signed_in.session_id())
            .await
            .is_err(),
        "ended before"
    );
}

/// A7: log out everywhere ends every session including this one, and nobody else's.
#[tokio::test]
async fn a7_everywhere() {
    let (rig, one) = Rig::set_up().await;
    let two = again(&rig).await;
    rig.auth.end_all_sessions(&one.signed_in).await.expect("ends");
    assert_eq!(rig.last_events(1), ["session.ended_all ok"]);
    for session in [&one, &two] {
        assert!(asks(&rig, session, Use::Person).await.is_err());
    }
    assert!(asks(&rig, &again(&rig).await, Use::Person).await.is_ok());
}

/// C17, G1, G2: rights are read again for each request: state and roles count at once.
#[tokio::test]
async fn c17_rights_are_read_anew() {
    let (rig, started) = Rig::set_up().await;
    let rights = |signed_in: &SignedIn| {
        (
            signed_in.clinician().is_some(),
            signed_in.administrator().is_some(),
        )
    };
    let set = |administrator, clinician| {
        rig.tamper(|held| {
            held.accounts[0].roles = Roles {
                administrator,
                clinician,
            }
        });
    };
    for (administrator, clinician) in [(true, true), (true, false), (false, true), (false, false)] {
        set(administrator, clinician);
        let signed_in = asks(&rig, &started, Use::Person).await.expect("signed in");
        assert_eq!(rights(&signed_in), (clinician, administrator));
        if let Some(clinician) = signed_in.clinician() {
            assert_eq!(clinician.scope().owner(), signed_in.account().id);
            assert_eq!(clinician.caller().session, Some(signed_in.session_id()));
        }
    }
    rig.set_account_state(AccountState::Disabled);
    assert!(matches!(
        asks(&rig, &started, Use::Person).await,
        Err(AuthenticateError::Unauthenticated)
    ));
}

/// C17: what was read is used again for a second at most, and not after anything that this program changed.
#[tokio::test]
async fn c17_what_was_read_is_used_again_for_a_second_at_most() {
    let (rig, started) = Rig::set_up().await;
    let manages = async || {
        let signed_in = asks(&rig, &started, Use::Background).await.expect("signed in");
        signed_in.administrator().is_some()
    };
    let set =
        |administrator| rig.tamper_just_now(|held| held.accounts[0].roles.administrator = administrator);
    assert!(manages().await);
    set(false);
    assert!(manages().await, "changed by something else, a moment ago");
    rig.clock.advance(1);
    assert!(!manages().await);
    set(true);
    rig.clock.advance(1);
    assert!(manages().await);
    // Whatever this program commits about accounts, sessions or settings: everything is read again.
    set(false);
    again(&rig).await;
    assert!(!manages().await);
}

/// A7, C17: a session that was used a moment ago is over as soon as its end was acknowledged, whichever way it ended.
#[tokio::test]
async fn a7_a_session_that_was_just_used_ends_at_once() {
    let (rig, one) = Rig::set_up().await;
    for way in 0..3 {
        let two = again(&rig).await;
        assert!(asks(&rig, &two, Use::Person).await.is_ok());
        match way {
            0 => rig.auth.sign_out(&two.signed_in).await.expect("ends"),
            1 => rig
                .auth
                .end_session(&one.signed_in, two.signed_in.session_id())
                .await
                .expect("ends"),
            _ => rig.auth.end_all_sessions(&one.signed_in).await.expect("ends"),
        }
        assert!(asks(&rig, &two, Use::Person).await.is_err(), "way {way}");
    }
}
