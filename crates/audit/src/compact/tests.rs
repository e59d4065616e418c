use cutis_domain::account::Username;
use cutis_domain::{AccountId, Caller, Digest, ImageId, PatientId, RequestId, SessionId, Text, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::event::{Action, Detail, Event, Target};
use crate::key::TrailKey;
use crate::record::{Record, RowState};
use crate::wire;

/// Bytes in which nothing repeats, as in ids.
fn odd<const BYTES: usize>(seed: u8) -> [u8; BYTES] {
    let mut state = u32::from(seed);
    [0; BYTES].map(|_: u8| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
}

fn caller() -> Caller {
    let mut caller = Caller::system().signed_in(
        AccountId::from_bytes(odd(0xA1)),
        Username::parse("dr.weber").expect("valid"),
        SessionId::from_bytes(odd(0xB2)),
    );
    caller.address = Some("192.168.1.20".parse().expect("valid"));
    let agent = "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 Zoë \"quoted\" \\ \u{1}";
    caller.agent = Some(Text::parse(&agent.replace('\u{1}', "")).expect("valid"));
    caller.request = Some(RequestId::from_bytes(odd(0xC3)));
    caller
}

fn bytes(caller: Caller, event: Event, state: Vec<RowState>) -> Vec<u8> {
    let record = Record {
        sequence: 4_711,
        at: Timestamp::from_micros(1_790_000_000_123_456),
        caller,
        event,
        state,
    };
    wire::encode(&TrailKey::from_bytes([9; 32]), &record)
}

fn viewed() -> Vec<u8> {
    let patient = PatientId::from_bytes(odd(0xD4));
    let event = Event::new(Action::PatientViewed)
        .target(Target::Patient(patient))
        .patient(patient)
        .detail(Detail::ids(
            "images",
            vec![ImageId::from_bytes(odd(0xE5)).to_string()],
        ));
    bytes(caller(), event, Vec::new())
}

fn changed() -> Vec<u8> {
    let patient = PatientId::from_bytes(odd(0xD4));
    let state = RowState {
        table: "patient".to_owned(),
        row: 12,
        before: Some(Digest::from_bytes(odd(1))),
        after: Some(Digest::from_bytes(odd(2))),
    };
    let event = Event::new(Action::PatientChanged)
        .target(Target::Patient(patient))
        .patient(patient);
    bytes(caller(), event, vec![state])
}

fn listed(patients: u8) -> Vec<u8> {
    let ids = (0..patients).map(|number| PatientId::from_bytes(odd(number)).to_string());
    let event = Event::new(Action::PatientsListed)
        .detail(Detail::number("count", i64::from(patients)))
        .detail(Detail::ids("patients", ids.collect()));
    bytes(caller(), event, Vec::new())
}

/// U4: an event is had back to the letter, whatever it says.
#[test]
fn events_come_back_to_the_letter() {
    for event in [
        viewed(),
        changed(),
        listed(0),
        listed(1),
        listed(50),
        listed(200),
        bytes(Caller::system(), Event::new(Action::ServerStarted), Vec::new()),
        bytes(
            Caller::operator(),
            Event::new(Action::TrailVerified).failed(),
            Vec::new(),
        ),
    ] {
        let around = Surroundings::of(&event);
        let compact = compacted(&event, around.as_ref());
        assert_eq!(expanded(&compact, around.as_ref()).as_deref(), Some(&event[..]));
        assert!(
            compact.len() < event.len(),
            "{} of {}",
            compact.len(),
            event.len()
        );
    }
}

/// Issue 9: what is stored of an event is what is new in it.
#[test]
fn little_is_left() {
    for (event, most) in [(viewed(), 110), (changed(), 165), (listed(50), 16 * 50 + 60)] {
        let around = Surroundings::of(&event).expect("a session's");
        let compact = compacted(&event, Some(&around));
        assert!(compact.len() <= most, "{} of {}", compact.len(), event.len());
    }
}

#[test]
fn surroundings_are_what_the_events_of_a_session_share() {
    let around = Surroundings::of(&viewed()).expect("a session's");
    assert_eq!(Surroundings::of(&changed()), Some(around.clone()));
    let text = String::from_utf8(around.as_bytes().to_vec()).expect("text");
    assert!(text.starts_with("{\"id\":\"") && text.contains("Zoë \\\"quoted\\\""));
    assert!(text.contains(",\"ip\":\"192.168.1.20\"") && text.contains(",\"session\":\""));
    let system = bytes(Caller::system(), Event::new(Action::ServerStarted), Vec::new());
    assert_eq!(Surroundings::of(&system), None);
}

/// Other surroundings, or none, give nothing or something else, and the commitment tells; nothing panics.
#[test]
fn wrong_surroundings_do_not_go_unnoticed() {
    let event = viewed();
    let around = Surroundings::of(&event).expect("a session's");
    let compact = compacted(&event, Some(&around));
    let other = Surroundings::stored(around.as_bytes().to_ascii_uppercase());
    for wrong in [None, Some(&other)] {
        assert_ne!(expanded(&compact, wrong), Some(event.clone()));
    }
}

/// This must never change: stored events are in this form.
#[test]
fn the_form_stays() {
    let golden = include_str!("../../tests/golden/compact.hex").lines();
    let events = [viewed(), changed(), listed(3)];
    for (event, line) in events.into_iter().zip(golden) {
        let around = Surroundings::of(&event);
        let stored = data_encoding::HEXLOWER.decode(line.as_bytes()).expect("digits");
        assert_eq!(expanded(&stored, around.as_ref()), Some(event.clone()));
        assert_eq!(compacted(&event, around.as_ref()), stored);
    }
    assert_eq!(include_str!("../../tests/golden/compact.hex").lines().count(), 3);
}

proptest! {
    /// Any text at all comes back, with any surroundings.
    #[test]
    fn any_bytes_come_back(
        parts in prop::collection::vec(prop_oneof![
            "\\PC{0,40}",
            "\"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\",?",
            "\"[0-9a-fA-F]{64}\"",
            "\"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,7})?Z\"",
            "[\\x00-\\x08]{0,3}",
        ], 0..12),
        around in prop::option::of("(\\PC{0,40}\n){0,3}"),
    ) {
        let event = parts.concat().into_bytes();
        // What is no event may begin like a compact one; events begin with a brace.
        let event = [&b"{"[..], &event].concat();
        let around = around.map(|text| Surroundings::stored(text.into_bytes()));
        let compact = compacted(&event, around.as_ref());
        prop_assert_eq!(expanded(&compact, around.as_ref()), Some(event));
    }

    /// Whatever was made of stored bytes, reading them ends.
    #[test]
    fn damaged_bytes_are_survived(mut damaged in prop::collection::vec(any::<u8>(), 0..300), at in 0usize..90, byte in any::<u8>()) {
        drop(expanded(&damaged, None));
        damaged.insert(0, COMPACT);
        drop(expanded(&damaged, None));
        let event = viewed();
        let around = Surroundings::of(&event);
        let mut compact = compacted(&event, around.as_ref());
        if let Some(place) = compact.get_mut(at) {
            *place = byte;
        }
        drop(expanded(&compact, around.as_ref()));
    }
}
