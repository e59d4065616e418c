use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::*;

const TERMS: Terms = Terms {
    whole: 10,
    per_account: 6,
    per_session: 4,
    waiting: 3,
    patience: Duration::from_secs(30),
};

type Asking<'a> = Pin<Box<dyn Future<Output = Result<Share, Busy>> + 'a>>;

fn account(number: u8) -> AccountId {
    format!("018f3c5e-7b1a-7c3d-9a4b-0000000000{number:02x}")
        .parse()
        .expect("an id")
}

fn holder(account_number: u8, session: u8) -> Holder {
    let session = format!("018f3c5e-7b1a-7c3d-9a4b-0000000001{session:02x}");
    Holder {
        account: account(account_number),
        session: Some(session.parse().expect("an id")),
    }
}

fn ask(fair: &Fair, holder: Holder, amount: u64) -> Asking<'_> {
    let mut asking: Asking<'_> = Box::pin(fair.acquire(holder, amount));
    // Requests queue when they are first polled.
    match poll(&mut asking) {
        Poll::Ready(ended) => Box::pin(std::future::ready(ended)),
        Poll::Pending => asking,
    }
}

fn poll(asking: &mut Asking<'_>) -> Poll<Result<Share, Busy>> {
    asking.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn granted(asking: &mut Asking<'_>) -> Option<Share> {
    match poll(asking) {
        Poll::Ready(ended) => Some(ended.expect("granted")),
        Poll::Pending => None,
    }
}

/// Issue 6, point 6: two that need all there is, one after the other, and neither holds a part meanwhile.
#[tokio::test(start_paused = true)]
async fn all_or_nothing_never_a_part() {
    let fair = Fair::new(Terms {
        per_account: 10,
        per_session: 10,
        ..TERMS
    });
    let first = fair.acquire(holder(1, 1), 7).await.expect("free");
    let mut second = ask(&fair, holder(2, 1), 7);
    let mut third = ask(&fair, holder(3, 1), 7);
    assert!(granted(&mut second).is_none() && granted(&mut third).is_none());
    drop(first);
    let second = granted(&mut second).expect("it was its turn");
    assert!(granted(&mut third).is_none());
    drop(second);
    assert!(granted(&mut third).is_some());
    drop(third);
    assert!(lock(&fair.state).is_pristine());
}

/// One account, however often it asks, leaves room for others; and one session for its account's others.
#[tokio::test(start_paused = true)]
async fn shares_of_accounts_and_sessions_hold() {
    let fair = Fair::new(TERMS);
    let mut asking: Vec<_> = (0..4).map(|_| ask(&fair, holder(1, 1), 2)).collect();
    let held: Vec<_> = asking.iter_mut().filter_map(granted).collect();
    assert_eq!(held.len(), 2, "the session's share is 4");
    let tablet = fair
        .acquire(holder(1, 2), 2)
        .await
        .expect("another session of the account");
    let mut beyond = ask(&fair, holder(1, 3), 1);
    assert!(granted(&mut beyond).is_none(), "the account's share is 6");
    let other = fair
        .acquire(holder(2, 1), 4)
        .await
        .expect("another account passes those who wait for their own");
    drop((held, tablet, other));
}

/// Accounts take turns, and each one's requests keep their order.
#[tokio::test(start_paused = true)]
async fn accounts_take_turns() {
    let fair = Fair::new(Terms {
        whole: 1,
        per_account: 1,
        per_session: 1,
        waiting: 9,
        patience: TERMS.patience,
    });
    let mut running = fair.acquire(holder(1, 1), 1).await.expect("free");
    let mut asking: Vec<_> = [1, 1, 1, 2, 3, 2]
        .into_iter()
        .map(|number| Some(ask(&fair, holder(number, 1), 1)))
        .collect();
    let mut order = Vec::new();
    while order.len() < 6 {
        drop(running);
        let served = asking.iter_mut().enumerate().find_map(|(at, asking)| {
            let share = granted(asking.as_mut()?)?;
            *asking = None;
            Some((at, share))
        });
        let (at, share) = served.expect("one is served");
        order.push(at);
        running = share;
    }
    assert_eq!(order, [0, 3, 4, 1, 5, 2]);
}

/// A large request is not overtaken by small ones forever.
#[tokio::test(start_paused = true)]
async fn whoever_waits_for_room_is_not_overtaken() {
    let fair = Fair::new(TERMS);
    let held = (
        fair.acquire(holder(1, 1), 4).await.expect("free"),
        fair.acquire(holder(2, 1), 4).await.expect("free"),
    );
    let mut large = ask(&fair, holder(3, 1), 4);
    let mut small = ask(&fair, holder(4, 1), 1);
    assert!(granted(&mut large).is_none() && granted(&mut small).is_none());
    drop(held.0);
    assert!(granted(&mut large).is_some() && granted(&mut small).is_some());
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_busy_and_leaves_nothing_behind() {
    let fair = Fair::new(TERMS);
    let held = fair.acquire(holder(1, 1), 4).await.expect("free");
    let before = tokio::time::Instant::now();
    assert_eq!(
        fair.acquire(holder(1, 1), 1)
            .await
            .expect_err("its session holds 4"),
        Busy
    );
    assert_eq!(before.elapsed(), TERMS.patience);
    assert_eq!(
        fair.acquire(holder(1, 2), 5)
            .await
            .expect_err("more than a session may ever hold"),
        Busy
    );
    let queued: Vec<_> = (0..3).map(|_| ask(&fair, holder(1, 1), 1)).collect();
    let now = tokio::time::Instant::now();
    assert_eq!(
        fair.acquire(holder(1, 1), 1)
            .await
            .expect_err("three wait already"),
        Busy
    );
    assert_eq!(now.elapsed(), Duration::ZERO, "refused at once");
    drop(queued);
    drop(held);
    assert!(lock(&fair.state).is_pristine());
}

/// A request that was served in the moment its caller went away gives back what it got.
#[tokio::test(start_paused = true)]
async fn nothing_is_lost_when_a_caller_goes_away() {
    let fair = Fair::new(TERMS);
    let held = fair.acquire(holder(1, 1), 4).await.expect("free");
    let waits = ask(&fair, holder(1, 1), 4);
    drop(held);
    drop(waits);
    assert!(lock(&fair.state).is_pristine());
    let mut shrunk = fair.acquire(holder(1, 1), 4).await.expect("free");
    shrunk.shrink_to(1);
    shrunk.shrink_to(3);
    drop(fair.acquire(holder(1, 1), 3).await.expect("three came back"));
    drop(shrunk);
    assert!(lock(&fair.state).is_pristine());
}
