use cutis_domain::AccountId;

use super::*;
use crate::Use;
use crate::testing::{PASSWORD, Rig, from, secret};
use crate::throttle::key;

/// Issue 6, 5: however many requests strangers send, what they leave is bounded: one event for each of a
/// few addresses and one for all others, with every request counted.
#[tokio::test]
async fn a_flood_leaves_a_bounded_number_of_events() {
    let (rig, _) = Rig::set_up().await;
    let records = rig.state().records.len();
    let mut input = rig.input();
    input.code = secret("0000-0000-0000");
    let mut refused = 0;
    for round in 0..20_000_u32 {
        let address = IpAddr::from(round.to_be_bytes());
        let caller = Caller {
            address: Some(address),
            ..from(1)
        };
        rig.auth
            .strangers
            .count(&caller, None, Refused::SetUp, rig.auth.now());
        refused += 1;
    }
    assert_eq!(
        rig.state().records.len(),
        records,
        "no request has a commit of its own"
    );
    rig.clock.advance(60);
    rig.auth.settle().await.expect("there is room");
    let written = &rig.state().records[records..];
    assert_eq!(written.len(), PLACES + 1);
    let counted: u64 = written
        .iter()
        .map(|record| {
            let count = record.details.iter().find(|(key, _)| key == "set_up");
            count.map_or(0, |(_, value)| value.parse::<u64>().expect("a number"))
        })
        .sum();
    assert_eq!(counted, refused, "every request is in a count");
    rig.auth.settle().await.expect("there is room");
    assert_eq!(
        rig.state().records.len(),
        records + PLACES + 1,
        "nothing new, nothing written"
    );
}

/// Issue 6, 5: a locked account's further failures are counted in one event that names the account.
#[tokio::test]
async fn attempts_at_a_locked_account_are_counted_together() {
    let (rig, _) = Rig::set_up().await;
    for address in 0..10 {
        drop(
            rig.auth
                .sign_in(from(address), "anna.weber", &secret("wrong"))
                .await,
        );
        rig.auth.write_failures().await;
        rig.clock.advance(16);
    }
    let records = rig.state().records.len();
    for _ in 0..3_000 {
        drop(rig.auth.sign_in(from(77), "anna.weber", &secret("wrong")).await);
    }
    rig.auth.settle().await.expect("there is room");
    let written = &rig.state().records[records..];
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].action, "strangers.refused");
    assert!(written[0].target.is_some());
    assert!(format!("{:?}", written[0].details).contains("3000"));
}

/// A8: failures against addresses and unknown names are not lost with the program; those that make
/// somebody wait are stored once a minute, and removed when they mean nothing any more.
#[tokio::test]
async fn what_makes_somebody_wait_outlives_a_restart() {
    let (rig, _) = Rig::set_up().await;
    for number in 0..5 {
        drop(
            rig.auth
                .sign_in(from(66), &format!("name{number}"), &secret("wrong"))
                .await,
        );
    }
    assert!(rig.state().throttles.is_empty());
    rig.auth.settle().await.expect("there is room");
    assert_eq!(
        rig.state().throttles.len(),
        1,
        "the address; no name failed often enough"
    );
    let rig = rig.restarted_at_cost(5);
    let again = rig.auth.sign_in(from(66), "anna.weber", &secret(PASSWORD)).await;
    assert!(again.is_err(), "the address still waits");
    rig.clock.advance(2 * 3600);
    for number in 0..5 {
        drop(
            rig.auth
                .sign_in(from(67), &format!("name{number}"), &secret("wrong"))
                .await,
        );
    }
    rig.auth.settle().await.expect("there is room");
    let keys: Vec<String> = rig.state().throttles.keys().cloned().collect();
    assert_eq!(keys, ["address:192.168.1.67"]);
}

/// A7, issue 6, 5: while the disk takes nothing, signing out ends the session all the same, nobody is
/// signed out by it, failures stay throttled, and all of it is stored once there is room.
#[tokio::test]
async fn a_full_disk_ends_sessions_and_nobody_elses() {
    let (rig, first) = Rig::set_up().await;
    let other = rig.auth.sign_in(from(21), "anna.weber", &secret(PASSWORD)).await;
    let other = other.expect("signs in");
    rig.fill(true);
    let cookie = first.token.cookie_value();
    let records = rig.state().records.len();
    rig.auth.sign_out(&first.signed_in).await.expect("always");
    let opened = rig
        .auth
        .authenticate(from(20), cookie.expose(), Use::Person)
        .await;
    assert!(opened.is_err(), "over, from memory");
    assert_eq!(rig.state().records.len(), records);
    let kept = other.token.cookie_value();
    for _ in 0..40 {
        rig.clock.advance(60);
        let used = rig.auth.authenticate(from(21), kept.expose(), Use::Person).await;
        assert!(
            used.is_ok(),
            "used all the time, and its last use could not be stored"
        );
    }
    let listed = rig.auth.sessions(&other.signed_in).await.expect("readable");
    assert_eq!(listed.len(), 1);
    for address in 0..5 {
        drop(
            rig.auth
                .sign_in(from(address), "anna.weber", &secret("wrong"))
                .await,
        );
        rig.auth.write_failures().await;
    }
    let throttled = rig.auth.sign_in(from(99), "anna.weber", &secret(PASSWORD)).await;
    assert!(
        throttled
            .expect_err("waits")
            .to_string()
            .contains("too many attempts")
    );
    assert!(rig.auth.settle().await.is_err(), "there is no room yet");
    rig.fill(false);
    rig.auth.settle().await.expect("there is room");
    assert!(rig.state().sessions[0].ended_at.is_some());
    let late = rig
        .state()
        .records
        .into_iter()
        .find(|record| record.action == "session.ended");
    let late = late.expect("the end is in the trail");
    assert!(format!("{:?}", late.details).contains("late"));
    let unwritten = rig.state().records.into_iter().any(|record| {
        record.action == "strangers.refused" && format!("{:?}", record.details).contains("unwritten")
    });
    assert!(unwritten, "the failures are counted");
    let account: AccountId = rig.state().accounts[0].id;
    assert_eq!(rig.state().throttles[&key::of_account(account)].failures, 5);
    let opened = rig
        .auth
        .authenticate(from(20), cookie.expose(), Use::Person)
        .await;
    assert!(opened.is_err(), "over, from the database");
}

/// A7: all sessions at once, on a full disk too.
#[tokio::test]
async fn a_full_disk_ends_every_session() {
    let (rig, first) = Rig::set_up().await;
    let other = rig.auth.sign_in(from(21), "anna.weber", &secret(PASSWORD)).await;
    let other = other.expect("signs in");
    rig.fill(true);
    rig.auth.end_all_sessions(&first.signed_in).await.expect("always");
    for token in [&first.token, &other.token] {
        let cookie = token.cookie_value();
        let opened = rig
            .auth
            .authenticate(from(20), cookie.expose(), Use::Background)
            .await;
        assert!(opened.is_err());
    }
    rig.fill(false);
    rig.auth.settle().await.expect("there is room");
    assert!(
        rig.state()
            .sessions
            .iter()
            .all(|session| session.ended_at.is_some())
    );
}
