use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::EPOCH.plus_seconds(1_000_000_000 + seconds)
}

fn failures(policy: Policy, count: u32, now: Timestamp) -> Option<ThrottleRow> {
    (0..count).fold(None, |row, _| Some(policy.next(row, now)))
}

/// A8: nothing for four failures, 1, 2, 4, 8, 16 s from the fifth on, a quarter of an hour from the
/// tenth on.
#[test]
fn a8_delays_grow_and_end_in_a_soft_lock() {
    let waits: Vec<u32> = (0..=12)
        .map(
            |count| match Policy::ACCOUNT.gate(failures(Policy::ACCOUNT, count, at(0)), 0, at(0)) {
                Gate::Open => 0,
                Gate::Wait { seconds } => seconds,
            },
        )
        .collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 900, 900, 900]);
}

/// A8: never permanent; the lock opens by itself, and one more failure closes it again.
#[test]
fn a8_the_lock_opens_by_itself() {
    let locked = failures(Policy::ACCOUNT, 10, at(0));
    assert_eq!(
        Policy::ACCOUNT.gate(locked, 0, at(899)),
        Gate::Wait { seconds: 1 }
    );
    assert_eq!(Policy::ACCOUNT.gate(locked, 0, at(900)), Gate::Open);
    let again = Some(Policy::ACCOUNT.next(locked, at(900)));
    assert_eq!(
        Policy::ACCOUNT.gate(again, 0, at(900)),
        Gate::Wait { seconds: 900 }
    );
}

/// A8: failures are forgotten, by an address sooner than by an account.
#[test]
fn a8_failures_are_forgotten() {
    for (policy, day) in [(Policy::ACCOUNT, 86_400), (Policy::ADDRESS, 3_600)] {
        let row = failures(policy, 9, at(0));
        assert_eq!(policy.next(row, at(day - 1)).failures, 10);
        assert_eq!(policy.next(row, at(day)).failures, 1);
    }
}

/// A8, C05: a burst counts before it is decided.
#[test]
fn c05_a_burst_is_not_looked_at_whole() {
    let gate = |in_flight| Policy::ACCOUNT.gate(None, in_flight, at(0));
    assert_eq!(gate(4), Gate::Open);
    assert_eq!(gate(5), Gate::Wait { seconds: 1 });
    assert_eq!(gate(100), Gate::Wait { seconds: 900 });
    let four = failures(Policy::ACCOUNT, 4, at(0));
    assert_eq!(Policy::ACCOUNT.gate(four, 0, at(0)), Gate::Open);
    assert_eq!(Policy::ACCOUNT.gate(four, 1, at(0)), Gate::Wait { seconds: 1 });
}

/// A8: a clock that was set back locks nobody out.
#[test]
fn a8_a_clock_set_back_locks_nobody_out() {
    let locked = failures(Policy::ACCOUNT, 10, at(1_000_000));
    assert_eq!(Policy::ACCOUNT.gate(locked, 0, at(0)), Gate::Open);
}

#[test]
fn the_stricter_gate_holds() {
    let wait = |seconds| Gate::Wait { seconds };
    assert_eq!(Gate::Open.or(Gate::Open), Gate::Open);
    assert_eq!(Gate::Open.or(wait(3)), wait(3));
    assert_eq!(wait(9).or(Gate::Open), wait(9));
    assert_eq!(wait(9).or(wait(3)), wait(9));
}

proptest! {
    /// A8: whatever the history, no wait exceeds the lock, and whoever waits as told gets in.
    #[test]
    fn a8_no_history_locks_for_ever(steps in prop::collection::vec(-200_000_i64..200_000, 0..60), in_flight in 0_u32..40) {
        for policy in [Policy::ACCOUNT, Policy::ADDRESS, Policy::SETUP_CODE] {
            let (mut row, mut now) = (None, at(100_000_000));
            for step in &steps {
                now = now.plus_seconds(*step);
                row = Some(policy.next(row, now));
                if let Gate::Wait { seconds } = policy.gate(row, in_flight, now) {
                    prop_assert!(i64::from(seconds) <= policy.lock_seconds);
                }
                if let Gate::Wait { seconds } = policy.gate(row, 0, now) {
                    prop_assert!(seconds >= 1);
                    prop_assert_eq!(policy.gate(row, 0, now.plus_seconds(i64::from(seconds))), Gate::Open);
                }
            }
        }
    }

    /// A8: one more failure never makes the wait shorter, and undecided attempts never help.
    #[test]
    fn a8_failing_more_never_helps(count in 0_u32..40, in_flight in 0_u32..10) {
        let seconds = |gate| match gate { Gate::Open => 0, Gate::Wait { seconds } => seconds };
        let wait = |count, in_flight| seconds(Policy::ACCOUNT.gate(failures(Policy::ACCOUNT, count, at(0)), in_flight, at(0)));
        prop_assert!(wait(count + 1, in_flight) >= wait(count, in_flight));
        prop_assert!(wait(count, in_flight + 1) >= wait(count, in_flight));
    }

    /// C05: somebody who guesses as fast as the gate lets them gets about a hundred tries a day.
    #[test]
    fn c05_tries_in_a_day_are_bounded(pause in 0_i64..600) {
        let (mut row, mut now, mut tries) = (None, at(0), 0);
        while now < at(86_400) {
            match Policy::ACCOUNT.gate(row, 0, now) {
                Gate::Open => { row = Some(Policy::ACCOUNT.next(row, now)); tries += 1; now = now.plus_seconds(pause); }
                Gate::Wait { seconds } => now = now.plus_seconds(i64::from(seconds)),
            }
        }
        prop_assert!(tries <= 106, "{tries}");
    }
}
