use super::*;
use crate::{Form, Purpose, form};
use cutis_domain::faults::filled;
use cutis_domain::{Read, time::Day};

const ALL_PURPOSES: [&str; 6] = [
    "clinical_record",
    "treating_clinicians",
    "teaching",
    "publication",
    "marketing",
    "research",
];

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22T23:30:00Z").expect("valid")
}

fn facts() -> SignatureFacts {
    SignatureFacts::new(Digest::from_bytes([1; 32]), Digest::from_bytes([2; 32]), 2, 40).expect("ink")
}

/// A draft without fault.
fn draft() -> Draft {
    Draft {
        form: form_shown("standard", 1, "en"),
        purposes: purposes(&["clinical_record", "teaching"]),
        method: DraftMethod::Digital(Ok(facts())),
        signer_name: PersonName::parse(" Anna Muster "),
        signer_role: Ok(SignerRole::Patient),
        witness: Ok(None),
        expires_on: Ok(None),
    }
}

fn external(how: &str, notes: Option<&str>) -> DraftMethod {
    DraftMethod::External {
        how: External::parse(how),
        notes: filled(notes).map(Notes::parse).transpose(),
    }
}

fn purposes(codes: &[&str]) -> Vec<Read<Purpose>> {
    codes.iter().map(|code| Purpose::parse(code)).collect()
}

fn witness(name: &str) -> Read<Option<PersonName>> {
    filled(Some(name)).map(PersonName::parse).transpose()
}

fn day(text: &str) -> Read<Option<Day>> {
    Day::parse(text).map(Some)
}

fn parse(draft: &Draft) -> Result<NewRecord, Vec<(Field, &'static str)>> {
    NewRecord::parse(draft.clone(), now(), &Zone::utc()).map_err(|faults| {
        faults
            .iter()
            .map(|fault| (fault.field, fault.invalid.code()))
            .collect()
    })
}

fn recorder() -> Recorder {
    Recorder {
        account: AccountId::from_bytes([8; 16]),
        username: Username::parse("dr.weber").expect("valid"),
    }
}

fn recorded(draft: &Draft) -> ConsentRecord {
    let id = ConsentId::from_bytes([5; 16]);
    let patient = PatientId::from_bytes([6; 16]);
    parse(draft)
        .expect("no fault")
        .record(id, patient, recorder(), None)
}

fn revocation(reason: &str) -> Revocation {
    Revocation {
        at: now().plus_seconds(60),
        by: recorder(),
        reason: Reason::parse(reason).expect("valid"),
    }
}

/// N3: a record keeps the exact text shown, and everything that was agreed.
#[test]
fn n3_a_record_keeps_what_was_shown_and_agreed() {
    let draft = Draft {
        form: form_shown("standard", 1, "de"),
        witness: witness("Ben Zeuge"),
        expires_on: day("2027-11-23"),
        ..draft()
    };
    let record = recorded(&draft);
    let shown = form::find("standard", 1, "de").map(Form::shown);
    assert_eq!(Some(&record.text), shown.as_ref());
    assert_eq!(
        Some(record.text_sha256()),
        form::find("standard", 1, "de").map(Form::shown_sha256),
    );
    assert_eq!(
        (record.template.as_str(), record.version, record.language.as_str()),
        ("standard", 1, "de")
    );
    assert_eq!(record.purposes.codes(), ["clinical_record", "teaching"]);
    assert_eq!(record.method, Method::Digital { signature: facts() });
    assert_eq!(record.signature(), Some(&facts()));
    assert_eq!(record.signer_name.as_str(), "Anna Muster");
    assert_eq!(record.signer_role, SignerRole::Patient);
    assert_eq!(record.witness.as_ref().map(PersonName::as_str), Some("Ben Zeuge"));
    assert_eq!(
        (record.recorded_at, record.recorded_by.clone()),
        (now(), recorder())
    );
    assert_eq!(
        record.expiry.map(|e| e.day().to_string()),
        Some("2027-11-23".to_owned())
    );
    assert_eq!(record.revocation, None);
    assert_eq!(
        record.grant(),
        Grant {
            consent: record.id,
            purposes: [Purpose::ClinicalRecord, Purpose::Teaching].into_iter().collect(),
            given_at: now(),
            expires_at: Timestamp::parse("2027-11-23T00:00:00Z").ok(),
            revoked_at: None,
        }
    );
}

/// A change that spoils a draft, the one field it spoils, and the code of what is wrong with it.
type Spoiling = (fn(&mut Draft), Field, &'static str);

fn each_is_named(table: &[Spoiling]) {
    assert!(parse(&draft()).is_ok(), "the unchanged draft is the control");
    for (spoil, field, code) in table {
        let mut faulty = draft();
        spoil(&mut faulty);
        assert_eq!(parse(&faulty).err(), Some(vec![(*field, *code)]));
    }
}

/// N3: an unknown form, a missing or doubtful purpose is named, and nothing else is.
#[test]
fn n3_a_fault_of_form_or_purpose_is_named() {
    each_is_named(&[
        (
            |d| d.form = form_shown("tattoo", 1, "en"),
            Field::Template,
            "unknown_form",
        ),
        (
            |d| d.form = form_shown("", 1, "en"),
            Field::Template,
            "unknown_form",
        ),
        (
            |d| d.form = form_shown("standard", 2, "en"),
            Field::Version,
            "unknown_form",
        ),
        (
            |d| d.form = form_shown("standard", 1, "it"),
            Field::Language,
            "unknown_form",
        ),
        (
            |d| d.purposes = purposes(&[]),
            Field::Purposes,
            "required_purpose",
        ),
        (
            |d| d.purposes = purposes(&["teaching"]),
            Field::Purposes,
            "required_purpose",
        ),
        (
            |d| d.purposes = purposes(&["clinical_record", "fun"]),
            Field::Purposes,
            "choice",
        ),
        (
            |d| d.purposes = purposes(&["clinical_record", "clinical_record"]),
            Field::Purposes,
            "duplicate",
        ),
    ]);
}

/// N3: a blank signature, an unknown method or missing notes are named, and nothing else is.
#[test]
fn n3_a_fault_of_method_is_named() {
    fn blank() -> DraftMethod {
        let digest = Digest::from_bytes([1; 32]);
        DraftMethod::Digital(SignatureFacts::new(digest, digest, 0, 0))
    }
    each_is_named(&[
        (|d| d.method = blank(), Field::Strokes, "blank_signature"),
        (|d| d.method = external("telepathic", None), Field::How, "choice"),
        (|d| d.method = external("other", None), Field::Notes, "empty"),
        (
            |d| d.method = external("other", Some(" \n ")),
            Field::Notes,
            "empty",
        ),
        (
            |d| d.method = external("other", Some("\u{200b}-")),
            Field::Notes,
            "empty",
        ),
        (
            |d| d.method = external("verbal", Some(&"a".repeat(2001))),
            Field::Notes,
            "too_long",
        ),
    ]);
}

/// N3: an empty signer, also one of invisible characters, or an unknown role is named.
#[test]
fn n3_a_fault_of_signer_or_witness_is_named() {
    each_is_named(&[
        (
            |d| d.signer_name = PersonName::parse(""),
            Field::SignerName,
            "empty",
        ),
        (
            |d| d.signer_name = PersonName::parse(" \t "),
            Field::SignerName,
            "empty",
        ),
        (
            |d| d.signer_name = PersonName::parse("\u{200b}\u{2060}"),
            Field::SignerName,
            "characters",
        ),
        (
            |d| d.signer_name = PersonName::parse("..."),
            Field::SignerName,
            "empty",
        ),
        (
            |d| d.signer_name = PersonName::parse("Anna\nWitness: Ben"),
            Field::SignerName,
            "characters",
        ),
        (
            |d| d.signer_name = PersonName::parse(&"a".repeat(201)),
            Field::SignerName,
            "too_long",
        ),
        (
            |d| d.signer_role = SignerRole::parse("neighbour"),
            Field::SignerRole,
            "choice",
        ),
        (
            |d| d.signer_role = SignerRole::parse(""),
            Field::SignerRole,
            "choice",
        ),
        (|d| d.witness = witness("?"), Field::Witness, "empty"),
    ]);
}

/// N3: an expiry that is no day, not after today or absurdly far is named.
#[test]
fn n3_a_fault_of_expiry_is_named() {
    each_is_named(&[
        (|d| d.expires_on = day(""), Field::ExpiresOn, "date"),
        (|d| d.expires_on = day("2027-02-30"), Field::ExpiresOn, "date"),
        (|d| d.expires_on = day("9999-12-31"), Field::ExpiresOn, "date"),
        (|d| d.expires_on = day("2026-11-21"), Field::ExpiresOn, "past"),
        (|d| d.expires_on = day("2026-11-22"), Field::ExpiresOn, "past"),
        (|d| d.expires_on = day("2226-11-22"), Field::ExpiresOn, "range"),
    ]);
}

/// N3: all faults are named at once, in the order of the form.
#[test]
fn n3_all_faults_are_named_at_once() {
    let faulty = Draft {
        form: form_shown("tattoo", 0, ""),
        purposes: Vec::new(),
        method: external("telepathic", Some(&"a".repeat(2001))),
        signer_name: PersonName::parse(""),
        signer_role: SignerRole::parse(""),
        witness: witness("\u{202e}x"),
        expires_on: day("tomorrow"),
    };
    let fields: Vec<_> = parse(&faulty)
        .expect_err("faulty")
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(
        fields,
        [
            Field::Template,
            Field::Purposes,
            Field::How,
            Field::Notes,
            Field::SignerName,
            Field::SignerRole,
            Field::Witness,
            Field::ExpiresOn
        ]
    );
}

/// N3: every purpose, role and external method can be recorded; notes are only needed for `other`.
#[test]
fn n3_everything_offered_can_be_recorded() {
    let all = Draft {
        purposes: purposes(&ALL_PURPOSES),
        ..draft()
    };
    assert_eq!(recorded(&all).purposes.codes(), ALL_PURPOSES);
    for form in form::all() {
        assert!(
            parse(&Draft {
                form: Ok(form),
                ..draft()
            })
            .is_ok()
        );
    }
    for role in SignerRole::ALL {
        let record = recorded(&Draft {
            signer_role: Ok(*role),
            ..draft()
        });
        assert_eq!(record.signer_role, *role);
    }
    for (how, notes, kept) in [
        (External::Verbal, None, None),
        (External::Written, Some(""), None),
        (
            External::Written,
            Some(" In the folder. "),
            Some("In the folder."),
        ),
        (
            External::Other,
            Some("By sign language."),
            Some("By sign language."),
        ),
    ] {
        let record = recorded(&Draft {
            method: external(how.code(), notes),
            ..draft()
        });
        let notes = kept.map(|kept| Notes::parse(kept).expect("valid"));
        assert_eq!(record.method, Method::External { how, notes });
        assert_eq!(record.signature(), None);
    }
    let nobody = recorded(&Draft {
        witness: witness("  "),
        ..draft()
    });
    assert_eq!(nobody.witness, None);
}

/// N3: today is the practice's, and a consent ends when its day begins there.
#[test]
fn n3_expiry_follows_the_practices_time_zone() {
    // 23:30 UTC on the 22nd: in Zurich it is the 23rd already, in Toronto still the 22nd.
    let tomorrow = Draft {
        expires_on: day("2026-11-23"),
        ..draft()
    };
    let zurich = Zone::parse("Europe/Zurich").expect("bundled");
    let toronto = Zone::parse("America/Toronto").expect("bundled");
    let refused = NewRecord::parse(tomorrow.clone(), now(), &zurich).expect_err("that is today in Zurich");
    assert_eq!(
        refused.iter().map(|f| f.invalid.code()).collect::<Vec<_>>(),
        ["past"]
    );
    let id = ConsentId::from_bytes([5; 16]);
    let record = NewRecord::parse(tomorrow, now(), &toronto)
        .expect("tomorrow in Toronto")
        .record(id, PatientId::from_bytes([6; 16]), recorder(), None);
    let end = Timestamp::parse("2026-11-23T05:00:00Z").expect("valid");
    assert_eq!(record.expiry.map(Expiry::instant), Some(end));
    assert_eq!(
        record.status(Timestamp::from_micros(end.as_micros() - 1)),
        Status::Given
    );
    assert_eq!(record.status(end), Status::Expired);
}

/// N4: a revocation is final and takes a reason.
#[test]
fn n4_revoking_is_final_and_takes_a_reason() {
    let revoked = recorded(&draft()).revoke(revocation("moved away")).expect("once");
    assert_eq!(revoked.status(now()), Status::Revoked);
    assert_eq!(revoked.grant().revoked_at, Some(now().plus_seconds(60)));
    assert_eq!(revoked.revoke(revocation("again")), Err(AlreadyRevoked));
    for (reason, code) in [
        ("", "empty"),
        (" \n", "empty"),
        ("\u{200b}", "empty"),
        ("-", "empty"),
    ] {
        assert_eq!(
            Reason::parse(reason).map_err(|e| e.code()),
            Err(code),
            "{reason:?}"
        );
    }
    assert_eq!(
        Reason::parse(&"a".repeat(501)).map_err(|e| e.code()),
        Err("too_long")
    );
    assert!(Reason::parse(&"a".repeat(500)).is_ok());
}

/// G11: neither draft, record nor fault prints a name or a note.
#[test]
fn g11_nothing_prints_a_name() {
    let named = Draft {
        method: external("other", Some("canary-note")),
        signer_name: PersonName::parse("canary-name"),
        witness: witness("canary-witness"),
        ..draft()
    };
    let printed = format!(
        "{named:?} {:?} {:?} {:?}",
        named.method,
        parse(&named),
        recorded(&named)
    );
    assert!(!printed.contains("canary"), "{printed}");
    let faulty = Draft {
        signer_role: SignerRole::parse("canary-role"),
        signer_name: PersonName::parse(&"canary\n".repeat(9)),
        ..named
    };
    let printed = format!(
        "{:?}",
        NewRecord::parse(faulty, now(), &Zone::utc()).expect_err("faulty")
    );
    assert!(!printed.contains("canary"), "{printed}");
}
