//! The stored forms are a promise. The files in `golden/` were made by another program from the
//! documented formats alone, so they check the formats and not only that nothing changed. Version 2 is
//! what is written (`trail-v2.jsonl`); version 1 is what was, and stays readable (`trail.jsonl`).

#[cfg(test)]
mod tests {
    use cutis_audit::event::{Action, Detail, Event, Target};
    use cutis_audit::wire::{self, StoredBefore, StoredTarget, WireError};
    use cutis_audit::{Frontier, Head, Record, RowState, TrailKey, Verifier, export, head, seal};
    use cutis_domain::account::Username;
    use cutis_domain::patient::Field;
    use cutis_domain::principal::Actor;
    use cutis_domain::settings::{Key, Setting};
    use cutis_domain::{
        AccountId, Caller, Digest, ImageId, PatientId, RequestId, SessionId, Text, Timestamp,
    };
    use data_encoding::HEXLOWER;

    const TRAIL: &str = include_str!("golden/trail-v2.jsonl");
    const HEAD: &str = include_str!("golden/head-v2.hex");
    const TRAIL_1: &str = include_str!("golden/trail.jsonl");
    const HEAD_1: &str = include_str!("golden/head.hex");

    fn key() -> TrailKey {
        TrailKey::from_bytes([0x42; 32])
    }

    fn weber(address: Option<&str>, agent: Option<&str>, request: Option<u8>) -> Caller {
        let caller = Caller {
            address: address.map(|text| text.parse().expect("an address")),
            agent: agent.map(|text| Text::parse(text).expect("valid")),
            request: request.map(|byte| RequestId::from_bytes([byte; 16])),
            ..Caller::system()
        };
        let username = Username::parse("dr.weber").expect("valid");
        caller.signed_in(
            AccountId::from_bytes([1; 16]),
            username,
            SessionId::from_bytes([0x44; 16]),
        )
    }

    fn record(sequence: u64, at: &str, caller: Caller, event: Event) -> Record {
        let at = Timestamp::parse(at).expect("valid");
        Record {
            sequence,
            at,
            caller,
            event,
            state: Vec::new(),
        }
    }

    /// One event of every shape: no particulars, all of them, refused, failed, a clock set back.
    fn records() -> Vec<Record> {
        let patient = PatientId::from_bytes([0x22; 16]);
        let image = ImageId::from_bytes([0x33; 16]);
        let stranger = Caller {
            actor: Actor::Anonymous,
            ..weber(
                Some("192.168.1.20"),
                Some("Mozilla/5.0 \"quoted\" \\ Zoë\ttab"),
                Some(0x55),
            )
        };
        let stored = Event::new(Action::ImageStored)
            .target(Target::Image(image))
            .patient(patient)
            .detail(Detail::id("sha256", Digest::from_bytes([0xab; 32])))
            .detail(Detail::number("bytes", 4_194_304))
            .detail(Detail::number("large", 9_007_199_254_740_992))
            .detail(Detail::ids(
                "images",
                vec![image.to_string(), ImageId::from_bytes([0x34; 16]).to_string()],
            ));
        let setting = |text| Setting::parse(Key::PracticeName, text).expect("valid");
        let setting_changed = Event::new(Action::SettingChanged)
            .target(Target::Setting(Key::PracticeName))
            .detail(Detail::setting_value(
                "old",
                &Setting::default_of(Key::PracticeName),
            ))
            .detail(Detail::setting_value("new", &setting("Praxis Müller")));
        let patient_changed = Event::new(Action::PatientChanged)
            .failed()
            .target(Target::Patient(patient))
            .patient(patient)
            .detail(Detail::fields("fields", &[Field::FirstName, Field::BirthDate]));
        let refused = Event::new(Action::SessionRefused)
            .refused()
            .detail(Detail::code("reason", "wrong_password"));
        let system = Event::new(Action::ServerStarted);
        let verified = Event::new(Action::TrailVerified).target(Target::Trail);

        let mut records = vec![
            record(1, "2026-11-22T09:30:00Z", Caller::system(), system),
            record(
                2,
                "2026-11-22T09:30:01.25Z",
                Caller {
                    session: None,
                    ..stranger
                },
                refused,
            ),
            record(
                3,
                "2026-11-22T09:31:00.000001Z",
                weber(Some("fe80::1"), Some("Mozilla/5.0"), Some(0x56)),
                stored,
            ),
            record(
                4,
                "2026-11-21T23:59:59Z",
                weber(None, None, None),
                setting_changed,
            ),
            record(
                5,
                "2026-11-23T00:00:00Z",
                weber(None, None, None),
                patient_changed,
            ),
            record(6, "2026-11-23T08:00:00Z", Caller::operator(), verified),
        ];
        let state = |table: &str, row, before: Option<u8>, after: Option<u8>| RowState {
            table: table.to_owned(),
            row,
            before: before.map(|byte| Digest::from_bytes([byte; 32])),
            after: after.map(|byte| Digest::from_bytes([byte; 32])),
        };
        records[2].state = vec![
            state("images", 7, None, Some(9)),
            state("uploads", -3, Some(8), None),
        ];
        records[4].state = vec![
            state("images", 7, Some(9), Some(10)),
            state("patients", 1, None, Some(11)),
        ];
        records
    }

    fn push_all(verifier: &mut Verifier, trail: &str) -> Vec<wire::StoredRecord> {
        let push = |line| verifier.push(&export::from_line(line).expect("a line"));
        trail.lines().map(push).collect::<Result<_, _>>().expect("sound")
    }

    #[test]
    fn sealing_writes_exactly_the_golden_trail() {
        let mut frontier = Frontier::new();
        let mut day = 0;
        for ((record, salt), line) in records().iter().zip(1u8..).zip(TRAIL.lines()) {
            let entry = seal(&key(), &mut frontier, day, record, [salt; 32]).expect("in turn");
            day = entry.day;
            assert_eq!(export::to_line(&entry), line);
            assert!(entry.payload.is_some_and(|bytes| wire::is_canonical(&bytes)));
        }
        let head = head(&key(), &frontier);
        assert_eq!(frontier.size(), 6);
        let hex = |bytes: &[u8]| Digest::from_bytes(bytes.try_into().expect("32")).to_string();
        let text = format!("{:016x}{}{}", head.size, hex(&head.root), hex(&head.mac));
        assert_eq!(text, HEAD.trim_end());
        assert_eq!(Head::from_bytes(&head.to_bytes()), Some(head));
    }

    #[test]
    fn the_golden_trail_reads_back() {
        let read = push_all(&mut Verifier::new(&key()), TRAIL);
        let third = &read[2];
        assert_eq!(
            (third.sequence, third.action.as_str(), third.outcome.as_str()),
            (3, "image.stored", "ok")
        );
        assert_eq!(third.actor.name.as_deref(), Some("dr.weber"));
        assert_eq!(third.ip.as_deref(), Some("fe80::1"));
        let id = ImageId::from_bytes([0x33; 16]).to_string();
        assert_eq!(
            third.target,
            Some(StoredTarget {
                kind: "image".to_owned(),
                id: id.clone()
            })
        );
        let keys: Vec<&str> = third.details.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["bytes", "images", "large", "sha256"]);
        assert!(third.details[1].1.starts_with(&format!("{id}, ")));
        assert_eq!(third.details[2].1, "9007199254740992");
        assert_eq!(third.state.len(), 2);
        assert_eq!(third.state[0].before, StoredBefore::Nothing);
        assert_eq!(third.state[1].after, None);
        let after = third.state[0].after.expect("it is there");
        assert_eq!(read[4].state[0].before, StoredBefore::Was(after));
        assert_eq!(read[1].actor.kind, "anonymous");
        assert_eq!(
            read[1].agent.as_deref(),
            Some("Mozilla/5.0 \"quoted\" \\ Zoë\ttab")
        );
        assert_eq!(
            read[3].details,
            [
                ("new".into(), "Praxis Müller".into()),
                ("old".into(), "Practice".into())
            ]
        );
    }

    /// Version 1 is read for good, and says of no row what it was.
    #[test]
    fn a_trail_of_version_1_reads_back() {
        let mut verifier = Verifier::new(&key());
        let read = push_all(&mut verifier, TRAIL_1);
        let third = &read[2];
        assert_eq!(third.state.len(), 2);
        assert!(third.state.iter().all(|row| row.before == StoredBefore::Unsaid));
        assert!(third.state[0].after.is_some());
        assert_eq!(third.state[1].after, None);
        let bytes = HEXLOWER
            .decode(HEAD_1.trim_end().as_bytes())
            .expect("hexadecimal");
        let head = Head::from_bytes(&bytes).expect("a head");
        let mut frontier = Frontier::new();
        for line in TRAIL_1.lines() {
            frontier.push(export::from_line(line).expect("a line").leaf_hash());
        }
        let report = verifier.finish(Some(&head), Some(&frontier)).expect("sound");
        assert!(report.row_faults().is_empty());
    }

    /// Strictness: one spelling, known members only.
    #[test]
    fn other_spellings_are_refused() {
        let payload = |line: usize| {
            let line = TRAIL.lines().nth(line).expect("present");
            let payload = export::from_line(line).expect("a line").payload.expect("present");
            String::from_utf8(payload).expect("UTF-8")
        };
        let (started, stored) = (payload(0), payload(2));
        assert!(wire::decode(started.as_bytes()).is_ok());
        let refused = |text: String| wire::decode(text.as_bytes()).expect_err(&text);
        assert_eq!(refused(String::new()), WireError::NotJson);
        assert_eq!(refused(format!("{started} ")), WireError::NotCanonical);
        assert_eq!(
            refused(started.replace("\"seq\":1", "\"seq\":1,\"seq\":1")),
            WireError::NotCanonical
        );
        assert_eq!(
            refused(started.replace("\"seq\":1", "\"seq\":1.0")),
            WireError::NotCanonical
        );
        assert_eq!(
            refused(started.replace("system", "\\u0073ystem")),
            WireError::NotCanonical
        );
        assert_eq!(refused(started.replace("\"v\":2", "\"v\":3")), WireError::Version);
        assert_eq!(refused(started.replace("\"v\":2", "\"v\":0")), WireError::Version);
        assert_eq!(refused(started.replace(",\"v\":2", "")), WireError::Member("v"));
        assert_eq!(
            refused(started.replace("\"v\":2", "\"v\":2,\"w\":1")),
            WireError::Member("event")
        );
        assert_eq!(
            refused(started.replace("\"seq\":1", "\"seq\":-1")),
            WireError::Member("seq")
        );
        assert_eq!(
            refused(started.replace("\"seq\":1", "\"seq\":\"1\"")),
            WireError::Member("seq")
        );
        assert_eq!(
            refused(started.replace("system", "somebody")),
            WireError::Member("actor")
        );
        assert_eq!(
            refused(started.replace("system", "account")),
            WireError::Member("actor")
        );
        assert_eq!(
            refused(started.replace("\"ok\"", "\"fine\"")),
            WireError::Member("outcome")
        );
        assert_eq!(refused(started.replace("00Z", "00.0Z")), WireError::Member("at"));
        assert_eq!(
            refused(started.replace("2026-11", "2026-13")),
            WireError::Member("at")
        );
        assert_eq!(refused("[]".to_owned()), WireError::Member("event"));
        assert_eq!(
            refused(stored.replace("\"row\":7", "\"row\":\"7\"")),
            WireError::Member("row")
        );
        assert_eq!(
            refused(stored.replace("\"after\":\"", "\"after\":\"0")),
            WireError::Member("after")
        );
        assert_eq!(
            refused(stored.replace("\"before\":\"", "\"before\":\"0")),
            WireError::Member("before")
        );
        // What version 1 says of a row is nothing that version 2 may say, and the other way round.
        assert_eq!(
            refused(stored.replace("\"v\":2", "\"v\":1")),
            WireError::Member("state")
        );
        let older = TRAIL_1.lines().nth(2).expect("present");
        let older = export::from_line(older)
            .expect("a line")
            .payload
            .expect("present");
        let older = String::from_utf8(older).expect("UTF-8");
        assert!(wire::decode(older.as_bytes()).is_ok());
        assert_eq!(
            refused(older.replace("\"v\":1", "\"v\":2")),
            WireError::Member("state")
        );
        assert_eq!(
            refused(stored.replace("\"bytes\":4194304", "\"bytes\":{}")),
            WireError::Member("details")
        );
        for cut in 0..stored.len() {
            assert!(wire::decode(&stored.as_bytes()[..cut]).is_err(), "{cut}");
        }
    }
}
