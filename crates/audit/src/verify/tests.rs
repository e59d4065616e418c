//! U4: whatever is done to a stored trail without the key is found, at its place.

use std::collections::HashMap;
use std::sync::LazyLock;

use cutis_domain::account::Username;
use cutis_domain::{AccountId, Caller, Digest, ImageId, PatientId, SessionId};

use super::*;
use crate::checkpoint::{Origin, SigningKey, open_checkpoint};
use crate::event::{Detail, Event, Target};
use crate::head::head;
use crate::leaf::{leaf_bytes, seal};
use crate::record::{Record, RowState};
use crate::tree::leaf_hash;

mod properties;

const EVENTS: u64 = 24;

/// A stored trail, as somebody with the database file but not the key may change it.
#[derive(Clone)]
struct Stored {
    leaves: Vec<Leaf>,
    head: Head,
    frontier: Frontier,
}

fn key() -> TrailKey {
    TrailKey::from_bytes([0x42; 32])
}

fn place(sequence: u64) -> usize {
    usize::try_from(sequence - 1).expect("small")
}

fn record(sequence: u64, salt: u8) -> Record {
    let byte = u8::try_from(sequence % 200).expect("small");
    let patient = PatientId::from_bytes([byte; 16]);
    let username = Username::parse("dr.weber").expect("valid");
    let caller = Caller::system().signed_in(
        AccountId::from_bytes([1; 16]),
        username,
        SessionId::from_bytes([2; 16]),
    );
    let action = Action::ALL[place(sequence) % Action::ALL.len()];
    let event = Event::new(action)
        .patient(patient)
        .target(Target::Image(ImageId::from_bytes([byte; 16])))
        .detail(Detail::number("bytes", i64::from(salt)))
        .detail(Detail::ids(
            "images",
            vec![ImageId::from_bytes([salt; 16]).to_string()],
        ));
    let seconds = i64::try_from(sequence).expect("small") * 40_000;
    let state = RowState {
        table: "images".to_owned(),
        row: i64::from(byte % 5),
        // Five rows, so what a row was is what the event five before it made of it.
        before: byte
            .checked_sub(5)
            .filter(|_| sequence > 5)
            .map(|byte| Digest::from_bytes([byte; 32])),
        after: Some(Digest::from_bytes([byte; 32])),
    };
    let at = Timestamp::parse("2026-11-22T09:30:00Z")
        .expect("valid")
        .plus_seconds(seconds);
    Record {
        sequence,
        at,
        caller,
        event,
        state: vec![state],
    }
}

/// A trail of `count` events by the real writer, from the one given.
fn grown(mut stored: Stored, count: u64, salt: u8) -> Stored {
    for _ in 0..count {
        let day = stored.leaves.last().map_or(0, |leaf| leaf.day);
        let record = record(stored.frontier.size() + 1, salt);
        let salt = [salt ^ u8::try_from(record.sequence).expect("small"); 32];
        stored
            .leaves
            .push(seal(&key(), &mut stored.frontier, day, &record, salt).expect("in turn"));
    }
    stored.head = head(&key(), &stored.frontier);
    stored
}

fn empty() -> Stored {
    let frontier = Frontier::new();
    Stored {
        leaves: Vec::new(),
        head: head(&key(), &frontier),
        frontier,
    }
}

static SOUND: LazyLock<Stored> = LazyLock::new(|| grown(empty(), EVENTS, 7));

fn run(mut verifier: Verifier, stored: &Stored) -> Result<Report, Fault> {
    for leaf in &stored.leaves {
        verifier.push(leaf)?;
    }
    verifier.finish(Some(&stored.head), Some(&stored.frontier))
}

fn verify(stored: &Stored) -> Result<Report, Fault> {
    run(Verifier::new(&key()), stored)
}

fn verify_with(stored: &Stored, witnesses: Vec<Witness>) -> Result<Report, Fault> {
    run(Verifier::new(&key()).expecting(witnesses), stored)
}

/// Gives leaves the numbers of their places, as somebody who hides a gap would.
fn renumber(leaves: &mut [Leaf]) {
    (1..)
        .zip(leaves)
        .for_each(|(sequence, leaf)| leaf.sequence = sequence);
}

/// Recomputes everything that needs no key: commitments, frontier, the head's size and root.
fn recompute(stored: &mut Stored) {
    stored.frontier = Frontier::new();
    for leaf in &mut stored.leaves {
        if let (Some(salt), Some(payload)) = (&leaf.salt, &leaf.payload) {
            leaf.commit = commitment(salt, payload);
        }
        stored
            .frontier
            .push(leaf_hash(&leaf_bytes(leaf.class, leaf.day, &leaf.commit)));
    }
    stored.head.size = stored.frontier.size();
    stored.head.root = stored.frontier.root();
}

fn flip(bytes: &mut [u8], bit: usize) {
    bytes[bit / 8] ^= 1 << (bit % 8);
}

#[test]
fn a_sound_trail_verifies_at_every_length() {
    for count in 0..=EVENTS {
        let stored = grown(empty(), count, 7);
        let report = verify(&stored).expect("sound");
        assert_eq!((report.events, report.root), (count, stored.head.root));
    }
}

/// Every single bit of one event in the middle: commitment, code, salt, payload, class, day.
#[test]
fn every_flipped_bit_of_an_event_is_found_at_its_place() {
    let sound = grown(empty(), 3, 7);
    let original = &sound.leaves[1];
    let payload_bits = original.payload.as_ref().map_or(0, Vec::len) * 8;
    let mut stored = sound.clone();
    let mut cases = 0;
    let mut expect = |change: &dyn Fn(&mut Leaf), fault: &Fault| {
        stored.leaves[1] = original.clone();
        change(&mut stored.leaves[1]);
        assert_eq!(verify(&stored).expect_err("changed"), *fault);
        cases += 1;
    };
    let (content, foreign) = (Fault::Content { sequence: 2 }, Fault::Foreign { sequence: 2 });
    for bit in 0..256 {
        expect(&|leaf| flip(&mut leaf.commit, bit), &content);
        expect(&|leaf| flip(leaf.salt.as_mut().expect("present"), bit), &content);
        expect(&|leaf| flip(&mut leaf.mac, bit), &foreign);
    }
    for bit in 0..payload_bits {
        expect(
            &|leaf| flip(leaf.payload.as_mut().expect("present"), bit),
            &content,
        );
    }
    for bit in 0..8 {
        expect(&|leaf| leaf.class ^= 1 << bit, &foreign);
    }
    for bit in 0..32 {
        expect(&|leaf| leaf.day ^= 1 << bit, &foreign);
    }
    assert!(cases > 4000, "{cases}");
}

/// Nor does it help to recompute all that needs no key.
#[test]
fn an_edit_with_all_hashes_recomputed_is_found() {
    for sequence in 1..=EVENTS {
        let mut stored = SOUND.clone();
        let leaf = &mut stored.leaves[place(sequence)];
        let payload = String::from_utf8(leaf.payload.take().expect("present")).expect("UTF-8");
        leaf.payload = Some(payload.replace("dr.weber", "dr.meyer").into_bytes());
        recompute(&mut stored);
        let fault = verify(&stored).expect_err("edited");
        assert_eq!(fault, Fault::Foreign { sequence });
        assert!(
            fault
                .to_string()
                .starts_with(&format!("event {sequence} was not written by this installation"))
        );
    }
}

/// An event made up with a key of one's own, put anywhere, the end included.
#[test]
fn a_made_up_event_is_found() {
    for sequence in 1..=EVENTS + 1 {
        let mut stored = SOUND.clone();
        let mut before = Frontier::new();
        stored.leaves[..place(sequence)]
            .iter()
            .for_each(|leaf| before.push(leaf.leaf_hash()));
        let mine = TrailKey::from_bytes([0x66; 32]);
        let made_up = seal(&mine, &mut before, 0, &record(sequence, 9), [5; 32]).expect("in turn");
        stored.leaves.insert(place(sequence), made_up);
        renumber(&mut stored.leaves);
        recompute(&mut stored);
        assert_eq!(
            verify(&stored).expect_err("inserted"),
            Fault::Foreign { sequence }
        );
    }
}

#[test]
fn the_end_of_the_trail_is_guarded_too() {
    let fault = |change: &dyn Fn(&mut Stored)| {
        let mut stored = SOUND.clone();
        change(&mut stored);
        verify(&stored).expect_err("changed")
    };
    let newest_gone = fault(&|stored| {
        stored.leaves.pop();
    });
    assert_eq!(newest_gone.sequence(), Some(EVENTS));
    assert_eq!(
        newest_gone.to_string(),
        "the trail ends at event 23, but the head in the database has seen event 24"
    );
    let recomputed = fault(&|stored| {
        stored.leaves.pop();
        recompute(stored);
    });
    assert_eq!(recomputed, Fault::HeadForged);
    assert_eq!(
        fault(&|stored| stored.head = grown(empty(), 20, 7).head),
        Fault::HeadBehind { head: 20, trail: 24 }
    );
    assert_eq!(
        fault(&|stored| stored.head = grown(empty(), 24, 8).head),
        Fault::HeadDiffers { size: 24 }
    );
    assert_eq!(
        fault(&|stored| stored.frontier = grown(empty(), 24, 8).frontier),
        Fault::FrontierDiffers
    );
    let mut stored = grown(empty(), 2, 7);
    let bytes = stored.head.to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes;
        flip(&mut flipped, bit);
        stored.head = Head::from_bytes(&flipped).expect("the length is right");
        assert_eq!(verify(&stored).expect_err("forged"), Fault::HeadForged);
    }
    let no_end = |head: Option<&Head>, frontier: Option<&Frontier>| {
        let mut verifier = Verifier::new(&key());
        SOUND
            .leaves
            .iter()
            .for_each(|leaf| assert!(verifier.push(leaf).is_ok()));
        verifier.finish(head, frontier).expect_err("missing")
    };
    assert_eq!(no_end(None, Some(&SOUND.frontier)), Fault::HeadMissing);
    assert_eq!(no_end(Some(&SOUND.head), None), Fault::FrontierDiffers);
}

/// The whole database put back to an earlier, genuine state: only a head outside can tell.
#[test]
fn a_rollback_is_found_by_what_was_seen_outside() {
    let earlier = grown(empty(), 20, 7);
    assert_eq!(verify(&earlier).expect("genuine").witnesses, 0);
    let at = Timestamp::parse("2026-11-22T10:00:00Z").expect("valid");
    let witness = || vec![Witness::head(&SOUND.head, "the head file").seen(at)];
    assert_eq!(verify_with(&SOUND, witness()).expect("sound").witnesses, 1);
    let fault = verify_with(&earlier, witness()).expect_err("rolled back");
    assert_eq!(
        fault.to_string(),
        "the trail ends at event 20, but the head file has seen event 24 (on 2026-11-22T10:00:00Z)"
    );
    // The server went on after the rollback: as long as before, and longer.
    for more in [4, 5] {
        let forked = grown(earlier.clone(), more, 9);
        let fault = verify_with(&forked, witness()).expect_err("forked");
        assert!(matches!(fault, Fault::Forked { size: EVENTS, .. }), "{fault}");
    }
    // A head that lags behind is no fault: the file is written after the commit.
    assert!(verify_with(&SOUND, vec![Witness::head(&earlier.head, "the head file")]).is_ok());
    assert!(verify_with(&SOUND, vec![Witness::head(&empty().head, "the head file")]).is_ok());
}

#[test]
fn a_made_up_head_file_is_found_but_does_not_hide_the_place() {
    let forged = || {
        vec![Witness::head(
            &Head {
                size: 99,
                ..SOUND.head.clone()
            },
            "the head file",
        )]
    };
    let fault = verify_with(&SOUND, forged()).expect_err("forged");
    assert_eq!(
        fault.to_string(),
        "the head file was not written by this installation"
    );
    let mut stored = SOUND.clone();
    stored.leaves.remove(4);
    assert_eq!(
        verify_with(&stored, forged()).expect_err("gap").sequence(),
        Some(5)
    );
}

/// Somebody without the key relies on a checkpoint on paper.
#[test]
fn a_checkpoint_suffices_without_the_key() {
    let origin = Origin::parse("cutis/test/audit/1").expect("valid");
    let signer = SigningKey::from_seed(origin, &[3; 32]).expect("a seed");
    let text = signer.sign_checkpoint(SOUND.head.size, &SOUND.head.root);
    let checkpoint = open_checkpoint(&text, signer.public_key()).expect("signed");
    let verify = |stored: &Stored| {
        let mut verifier = Verifier::without_key()
            .expecting(vec![Witness::checkpoint(&checkpoint, "the printed checkpoint")]);
        stored
            .leaves
            .iter()
            .try_for_each(|leaf| verifier.push(leaf).map(drop))?;
        verifier.finish(None, None)
    };
    assert_eq!(verify(&SOUND).expect("sound").witnesses, 1);
    let mut edited = SOUND.clone();
    edited.leaves[3].payload = edited.leaves[3].payload.as_ref().map(|bytes| {
        String::from_utf8_lossy(bytes)
            .replace("dr.weber", "dr.meyer")
            .into_bytes()
    });
    assert_eq!(
        verify(&edited).expect_err("edited"),
        Fault::Content { sequence: 4 }
    );
    recompute(&mut edited);
    assert!(matches!(verify(&edited), Err(Fault::Forked { size: EVENTS, .. })));
    edited.leaves.truncate(10);
    assert!(matches!(
        verify(&edited),
        Err(Fault::Content { .. } | Fault::Truncated { ends_at: 10, .. })
    ));
}

/// No purge exists yet, so a hole is a fault; half a hole is one for good.
#[test]
fn an_emptied_event_is_found() {
    for (salt, payload) in [(true, true), (true, false), (false, true)] {
        let mut stored = SOUND.clone();
        let leaf = &mut stored.leaves[16];
        leaf.salt = leaf.salt.filter(|_| !salt);
        leaf.payload = leaf.payload.take().filter(|_| !payload);
        assert_eq!(
            verify(&stored).expect_err("emptied"),
            Fault::Emptied { sequence: 17 }
        );
    }
}

/// A genuine code over something the writer never makes shows a broken program, not an attack.
#[test]
fn authentic_nonsense_is_refused() {
    let build = |class: u8, day: u32, payload: Vec<u8>| {
        let commit = commitment(&[0; 32], &payload);
        let hash = leaf_hash(&leaf_bytes(class, day, &commit));
        let mac = key().leaf_mac(1, &hash);
        let leaf = Leaf {
            sequence: 1,
            class,
            day,
            commit,
            mac,
            salt: Some([0; 32]),
            payload: Some(payload),
        };
        Verifier::new(&key()).push(&leaf)
    };
    let sound = SOUND.leaves[0].clone();
    let payload = sound.payload.expect("present");
    assert!(build(sound.class, sound.day, payload.clone()).is_ok());
    let leaf = Err(Fault::Leaf { sequence: 1 });
    assert_eq!(build(sound.class + 1, sound.day, payload.clone()), leaf);
    assert_eq!(build(sound.class, sound.day + 1, payload.clone()), leaf);
    assert_eq!(build(sound.class, sound.day - 1, payload.clone()), leaf);
    let spaced = [b" ", payload.as_slice()].concat();
    let why = wire::WireError::NotCanonical;
    assert_eq!(
        build(sound.class, sound.day, spaced),
        Err(Fault::Unreadable { sequence: 1, why })
    );
}

#[test]
fn after_a_fault_nothing_is_taken() {
    let mut verifier = Verifier::new(&key());
    let fault = verifier.push(&SOUND.leaves[1]).expect_err("the first is missing");
    assert_eq!(fault, Fault::Missing { sequence: 1, next: 2 });
    assert_eq!(verifier.push(&SOUND.leaves[0]), Err(fault.clone()));
    assert_eq!(verifier.finish(None, None).map(drop), Err(fault));
}

/// U4: the rows as they were written are as the trail says.
#[test]
fn untouched_rows_pass() {
    let report = verify(&SOUND).expect("sound");
    let mut newest: HashMap<i64, Digest> = HashMap::new();
    for sequence in 1..=EVENTS {
        let RowState { row, after, .. } = record(sequence, 7).state.remove(0);
        newest.extend(after.map(|digest| (row, digest)));
    }
    let mut check = report.check_rows(&key());
    for (row, digest) in &newest {
        check.seen("images", *row, digest);
    }
    assert_eq!(check.finish(), Ok(5));

    // Two rows that changed places, and a key that is not the trail's.
    let mut check = verify(&SOUND).expect("sound").check_rows(&key());
    check.seen("images", 1, &newest[&2]);
    let faults = check.finish().expect_err("differs");
    // The row shown, and the four that were not.
    assert_eq!(faults.count(), 5);
    assert_eq!(
        faults.listed().first(),
        Some(&Fault::Row {
            table: "images".to_owned(),
            row: 1,
            kind: RowFault::Changed,
            before: None,
        })
    );
    let mut check = verify(&SOUND)
        .expect("sound")
        .check_rows(&TrailKey::from_bytes([1; 32]));
    check.seen("images", 1, &newest[&1]);
    assert!(check.finish().is_err());
}

/// Issue 6, 2: a row that somebody changed and the program then wrote shows for good, with the event
/// before which it happened; the verifier goes on and finds the next.
#[test]
fn what_an_event_met_changed_stays_a_fault() {
    let state = |row, before: Option<u8>, after: Option<u8>| RowState {
        table: "patient".to_owned(),
        row,
        before: before.map(|byte| Digest::from_bytes([byte; 32])),
        after: after.map(|byte| Digest::from_bytes([byte; 32])),
    };
    let writes = [
        state(1, None, Some(1)),
        // Row 1 was changed by hand before event 2, and the program wrote it.
        state(1, Some(9), Some(2)),
        // Row 2 was put in by hand.
        state(2, Some(3), Some(4)),
        // Row 1 was removed by hand, and the program used its number again.
        state(1, None, Some(5)),
        state(1, Some(5), None),
        // Row 1 was deleted by the program and put back by hand.
        state(1, Some(5), Some(6)),
        state(1, Some(6), Some(7)),
    ];
    let mut stored = empty();
    for (write, sequence) in writes.into_iter().zip(1..) {
        let mut record = record(sequence, 1);
        record.state = vec![write];
        let day = stored.leaves.last().map_or(0, |leaf| leaf.day);
        stored
            .leaves
            .push(seal(&key(), &mut stored.frontier, day, &record, [0; 32]).expect("in turn"));
    }
    stored.head = head(&key(), &stored.frontier);
    let report = verify(&stored).expect("the trail itself is sound");
    let said: Vec<String> = report
        .row_faults()
        .listed()
        .iter()
        .map(Fault::to_string)
        .collect();
    assert_eq!(
        said,
        [
            "row 1 of table patient was changed by something other than this program before event 2",
            "row 2 of table patient was inserted by something other than this program before event 3",
            "row 1 of table patient was removed by something other than this program before event 4",
            "row 1 of table patient was inserted by something other than this program before event 6",
        ]
    );
    // The rows now are as the program wrote them, and that does not help.
    let compared = |mut check: RowCheck| {
        check.seen("patient", 1, &Digest::from_bytes([7; 32]));
        check.seen("patient", 2, &Digest::from_bytes([4; 32]));
        check.finish().expect_err("for good")
    };
    let faults = compared(report.check_rows(&key()));
    assert_eq!(faults.count(), 4);
    assert_eq!(faults.listed().first().and_then(Fault::sequence), Some(2));

    // Issue 8: part by part, keeping fewer rows than there are, the same is found in the same order.
    let (mut rows, mut parts) = (0, Faults::default());
    for part in Part::among(7) {
        let mut walk = RowWalk::new(part, 1);
        for leaf in &stored.leaves {
            walk.note(&wire::decode(leaf.payload.as_deref().expect("whole")).expect("readable"));
        }
        assert!(walk.fits());
        rows += [1, 2].iter().filter(|row| part.has("patient", **row)).count();
        let mut check = walk.check(&key());
        check.seen("patient", 1, &Digest::from_bytes([7; 32]));
        check.seen("patient", 2, &Digest::from_bytes([4; 32]));
        if let Err(found) = check.finish() {
            parts = parts.and(found);
        }
    }
    assert_eq!((rows, &parts), (2, &faults));
}

/// Issue 8: a verifier keeps no more rows than it may, whatever the trail says of; a walk over a part as well.
#[test]
fn no_more_rows_are_kept_than_allowed() {
    let report = |most| {
        let mut verifier = Verifier::new(&key()).keeping(most);
        for leaf in &SOUND.leaves {
            verifier.push(leaf).expect("sound");
        }
        verifier
            .finish(Some(&SOUND.head), Some(&SOUND.frontier))
            .expect("sound")
    };
    assert!(report(5).has_rows());
    let few = report(4);
    assert!(!few.has_rows() && few.expected_rows().next().is_none());
    assert_eq!(few.events, EVENTS, "the trail itself is verified");
    let mut walk = RowWalk::new(Part::ALL, 4);
    for leaf in &SOUND.leaves {
        walk.note(&wire::decode(leaf.payload.as_deref().expect("whole")).expect("readable"));
    }
    assert!(!walk.fits());
}

/// A thousand changed rows are counted and a hundred listed.
#[test]
fn the_list_of_changed_rows_is_bounded() {
    let mut check = verify(&SOUND).expect("sound").check_rows(&key());
    for row in 1000..2000 {
        check.seen("images", row, &Digest::from_bytes([1; 32]));
    }
    let faults = check.finish().expect_err("changed");
    assert_eq!((faults.count(), faults.listed().len()), (1005, Faults::LISTED));
    let said = faults.to_string();
    assert!(said.ends_with("\nand 905 more rows"), "{said}");
    assert_eq!(said.lines().count(), Faults::LISTED + 1);
}
