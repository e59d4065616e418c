//! What pages are told while something changes as they begin to listen, in every order of the two, and when they do not read.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use cutis_audit::{Action, Target};
use cutis_domain::{AccountId, EntryId, PatientId};
use cutis_records::outcome::Committed;
use futures_util::FutureExt as _;
use serde_json::{Value, json};

use super::Live;
use super::hub::Limits;
use super::outbox::Inbox;
use super::said::Said;
use super::seat::Seat;

const ANNA: AccountId = AccountId::from_bytes([1; 16]);
const PATIENT: PatientId = PatientId::from_bytes([2; 16]);
const OTHER: PatientId = PatientId::from_bytes([3; 16]);
const VISIT: EntryId = EntryId::from_bytes([4; 16]);

fn live() -> Live {
    Live::new(7, Limits::default(), Arc::new(|| Duration::ZERO))
}

/// A connection, and what is said to it.
fn seat(live: &Live) -> (Seat, Inbox) {
    let mut seat = Seat::take(&live.hub, ANNA, None).expect("there is room");
    let inbox = seat.inbox.take().expect("taken once");
    (seat, inbox)
}

fn object(value: &Value) -> Said {
    Said::Text(value.to_string().into())
}

fn text_of(said: &Said) -> &str {
    match said {
        Said::Text(text) => text.as_str(),
        Said::Ask => "",
    }
}

/// What was said next, if anything was.
fn next(inbox: &mut Inbox) -> Option<Said> {
    let said = inbox.next().now_or_never()??;
    inbox.written(&said);
    Some(said)
}

/// What was said since this was asked last.
fn heard(inbox: &mut Inbox) -> Vec<Value> {
    std::iter::from_fn(|| next(inbox))
        .map(|said| serde_json::from_str(text_of(&said)).expect("JSON"))
        .collect()
}

/// How many of these are of this kind.
fn count(heard: &[Value], kind: &str) -> usize {
    heard.iter().filter(|said| said["kind"] == kind).count()
}

/// A photo of this patient was stored, and the pages are told.
fn store(live: &Live, patient: PatientId) {
    tell(live, patient, Action::ImageStored, None);
}

fn tell(live: &Live, patient: PatientId, action: Action, target: Option<Target>) {
    live.hub.tell(&[Committed {
        account: ANNA,
        action,
        target,
        patient: Some(patient),
    }]);
}

/// A page that opens a visit while another types into it ends with what is stored, wherever the edit falls. It keeps only
/// changes of what it has.
#[tokio::test]
async fn a_visit_is_opened_while_it_changes_and_nothing_is_missed() {
    for falls in [
        "before it is opened",
        "before it is read",
        "after it was read",
        "after it was shown",
    ] {
        let live = live();
        let (seat, mut inbox) = seat(&live);
        let stored = Cell::new(0_u64);
        // As an edit goes: in the turn of its visit it is stored, then told.
        let mut edit = pin!(
            async {
                let turn = live.turn(VISIT).await;
                let base = stored.replace(stored.get() + 1);
                live.hub.tell_text(ANNA, None, VISIT, |_| {
                    object(&json!({ "kind": "text", "base": base, "version": stored.get() }))
                });
                drop(turn);
            }
            .fuse()
        );
        if falls == "before it is opened" {
            edit.as_mut().now_or_never();
        }
        let read = async {
            if falls == "before it is read" {
                edit.as_mut().now_or_never();
            }
            let version = stored.get();
            if falls == "after it was read" {
                edit.as_mut().now_or_never();
            }
            Ok::<_, Infallible>(object(&json!({ "kind": "opened", "version": version })))
        };
        assert!(live.open(&seat, VISIT, read).await.is_ok());
        if !futures_util::future::FusedFuture::is_terminated(&edit) {
            edit.await;
        }
        let mut shown = None;
        for said in heard(&mut inbox) {
            let version = said["version"].as_u64();
            if said["kind"] == "opened" || (said["kind"] == "text" && said["base"].as_u64() == shown) {
                shown = version;
            }
        }
        assert_eq!(shown, Some(1), "the edit falls {falls}");
    }
}

/// S1: a page says hello, fetches a patient and watches them: what it did not fetch it is told, wherever the change falls.
#[test]
fn a_patient_is_watched_while_they_change_and_nothing_is_missed() {
    for falls in 0..4 {
        let live = live();
        let (seat, mut inbox) = seat(&live);
        let steps: [&dyn Fn(); 3] = [&|| drop(seat.missed(None)), &|| {}, &|| {
            assert!(seat.watch(PATIENT, object(&json!({ "kind": "watching" }))));
        }];
        // The second step is that it fetches, over HTTP.
        for (number, step) in steps.iter().enumerate() {
            if number == falls {
                store(&live, PATIENT);
            }
            step();
        }
        if falls == 3 {
            store(&live, PATIENT);
        }
        store(&live, OTHER);
        let has_fetched = falls < 2;
        let heard = heard(&mut inbox);
        assert!(has_fetched || count(&heard, "changed") == 1, "{falls}: {heard:?}");
        assert!(
            heard.iter().all(|said| said["patient"] != OTHER.to_string()),
            "{heard:?}"
        );
    }
}

/// What changed long before a page watches, it fetched already.
#[test]
fn what_changed_long_ago_is_not_told_again() {
    let live = live();
    let (seat, mut inbox) = seat(&live);
    store(&live, PATIENT);
    let mut watched_after = |times: usize| {
        for _ in 0..times {
            seat.time_passed();
        }
        assert!(seat.watch(PATIENT, object(&json!({ "kind": "watching" }))));
        let told = heard(&mut inbox);
        seat.unwatch(PATIENT);
        count(&told, "changed")
    };
    assert_eq!((watched_after(0), watched_after(1), watched_after(1)), (1, 1, 0));
}

/// A page that was away while others worked for minutes is told each thing once, and is not taken for slow; with too many
/// different ones it fetches everything.
#[test]
fn a_page_that_missed_much_is_not_told_more_than_it_can_hold() {
    let live = live();
    let (seat, mut inbox) = seat(&live);
    let (mark, _) = seat.missed(None);
    for _ in 0..400 {
        store(&live, PATIENT);
        tell(&live, PATIENT, Action::EntryChanged, Some(Target::Entry(VISIT)));
    }
    // Half of them are not known any more.
    assert_eq!(seat.missed(Some(mark)).1, None);
    let (mark, _) = seat.missed(None);
    for _ in 0..200 {
        store(&live, PATIENT);
        tell(&live, PATIENT, Action::EntryChanged, Some(Target::Entry(VISIT)));
    }
    let missed = seat.missed(Some(mark)).1.expect("known");
    assert_eq!(missed.len(), 2, "{missed:?}");
    for number in 0..100 {
        let entry = EntryId::from_bytes([number; 16]);
        tell(&live, PATIENT, Action::EntryChanged, Some(Target::Entry(entry)));
    }
    assert_eq!(seat.missed(Some(mark)).1, None);
    assert!(seat.watch(PATIENT, object(&json!({ "kind": "watching" }))));
    assert!(!*seat.is_slow.borrow());
    let told = heard(&mut inbox);
    assert!(told.len() <= 66, "{} are told", told.len());
}

/// Bounds: 256 messages wait for a client, with one more it is slow; what waits for many is kept once; and nobody else is.
#[test]
fn a_client_that_does_not_read_is_slow_after_256_messages() {
    let live = live();
    let (sleeper, mut asleep) = seat(&live);
    let (reader, mut awake) = seat(&live);
    assert!(sleeper.open(VISIT) && reader.open(VISIT));
    for number in 0..257 {
        assert!(!*sleeper.is_slow.borrow(), "{number}");
        live.hub
            .tell_text(ANNA, None, VISIT, |_| object(&json!({ "number": number })));
        let said = next(&mut awake).expect("told at once");
        assert_eq!(text_of(&said), json!({ "number": number }).to_string());
        if number == 0 {
            let same = next(&mut asleep).expect("told");
            assert_eq!(text_of(&same).as_ptr(), text_of(&said).as_ptr(), "kept once");
            sleeper.say(object(&json!({})));
        }
    }
    assert!(*sleeper.is_slow.borrow() && !*reader.is_slow.borrow());
}
