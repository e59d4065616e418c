use super::*;
use crate::{Form, Purpose, form};

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
        template: "standard".to_owned(),
        version: 1,
        language: "en".to_owned(),
        purposes: vec!["clinical_record".to_owned(), "teaching".to_owned()],
        method: DraftMethod::Digital(Ok(facts())),
        signer_name: " Anna Muster ".to_owned(),
        signer_role: "patient".to_owned(),
        witness: None,
        expires_on: None,
    }
}

fn external(how: &str, notes: Option<&str>) -> DraftMethod {
    DraftMethod::External {
        how: how.to_owned(),
        notes: notes.map(str::to_owned),
    }
}

fn purposes(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

fn parse(draft: &Draft) -> Result<NewRecord, Vec<(&'static str, &'static str)>> {
    NewRecord::parse(draft, now(), &Zone::utc()).map_err(|faults| {
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
        language: "de".to_owned(),
        witness: Some("Ben Zeuge".to_owned()),
        expires_on: Some("2027-11-23".to_owned()),
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

/// N3: each field at fault is named, and only that one.
#[test]
fn n3_each_fault_is_named() {
    let blank = SignatureFacts::new(Digest::from_bytes([1; 32]), Digest::from_bytes([2; 32]), 0, 0);
    type Change = Box<dyn Fn(&mut Draft)>;
    let change = |change: fn(&mut Draft)| -> Change { Box::new(change) };
    let table: Vec<(Change, &str, &str)> = vec![
        (
            change(|d| d.template = "tattoo".to_owned()),
            "template",
            "unknown_form",
        ),
        (change(|d| d.template = String::new()), "template", "unknown_form"),
        (change(|d| d.version = 2), "version", "unknown_form"),
        (
            change(|d| d.language = "it".to_owned()),
            "language",
            "unknown_form",
        ),
        (
            change(|d| d.purposes = purposes(&[])),
            "purposes",
            "required_purpose",
        ),
        (
            change(|d| d.purposes = purposes(&["teaching"])),
            "purposes",
            "required_purpose",
        ),
        (
            change(|d| d.purposes = purposes(&["clinical_record", "fun"])),
            "purposes",
            "choice",
        ),
        (
            change(|d| d.purposes = purposes(&["clinical_record", "clinical_record"])),
            "purposes",
            "duplicate",
        ),
        (
            Box::new(move |d| d.method = DraftMethod::Digital(blank.clone())),
            "method.strokes",
            "blank_signature",
        ),
        (
            change(|d| d.method = external("telepathic", None)),
            "method.how",
            "choice",
        ),
        (
            change(|d| d.method = external("other", None)),
            "method.notes",
            "empty",
        ),
        (
            change(|d| d.method = external("other", Some(" \n "))),
            "method.notes",
            "empty",
        ),
        (
            change(|d| d.method = external("other", Some("\u{200b}-"))),
            "method.notes",
            "empty",
        ),
        (
            change(|d| d.method = external("verbal", Some(&"a".repeat(2001)))),
            "method.notes",
            "too_long",
        ),
        (change(|d| d.signer_name = String::new()), "signerName", "empty"),
        (
            change(|d| d.signer_name = " \t ".to_owned()),
            "signerName",
            "empty",
        ),
        (
            change(|d| d.signer_name = "\u{200b}\u{2060}".to_owned()),
            "signerName",
            "empty",
        ),
        (
            change(|d| d.signer_name = "...".to_owned()),
            "signerName",
            "empty",
        ),
        (
            change(|d| d.signer_name = "Anna\nWitness: Ben".to_owned()),
            "signerName",
            "characters",
        ),
        (
            change(|d| d.signer_name = "a".repeat(201)),
            "signerName",
            "too_long",
        ),
        (
            change(|d| d.signer_role = "neighbour".to_owned()),
            "signerRole",
            "choice",
        ),
        (change(|d| d.signer_role = String::new()), "signerRole", "choice"),
        (change(|d| d.witness = Some("?".to_owned())), "witness", "empty"),
        (
            change(|d| d.expires_on = Some(String::new())),
            "expiresOn",
            "date",
        ),
        (
            change(|d| d.expires_on = Some("2027-02-30".to_owned())),
            "expiresOn",
            "date",
        ),
        (
            change(|d| d.expires_on = Some("2026-11-21".to_owned())),
            "expiresOn",
            "past",
        ),
        (
            change(|d| d.expires_on = Some("2026-11-22".to_owned())),
            "expiresOn",
            "past",
        ),
        (
            change(|d| d.expires_on = Some("2226-11-22".to_owned())),
            "expiresOn",
            "range",
        ),
        (
            change(|d| d.expires_on = Some("9999-12-31".to_owned())),
            "expiresOn",
            "date",
        ),
    ];
    assert!(parse(&draft()).is_ok(), "the unchanged draft is the control");
    for (change, field, code) in table {
        let mut faulty = draft();
        change(&mut faulty);
        assert_eq!(parse(&faulty).err(), Some(vec![(field, code)]));
    }
}

/// N3: all faults are named at once, in the order of the form.
#[test]
fn n3_all_faults_are_named_at_once() {
    let faulty = Draft {
        template: "tattoo".to_owned(),
        version: 0,
        language: String::new(),
        purposes: Vec::new(),
        method: external("telepathic", Some(&"a".repeat(2001))),
        signer_name: String::new(),
        signer_role: String::new(),
        witness: Some("\u{202e}x".to_owned()),
        expires_on: Some("tomorrow".to_owned()),
    };
    let fields: Vec<_> = parse(&faulty)
        .expect_err("faulty")
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(
        fields,
        [
            "template",
            "purposes",
            "method.how",
            "method.notes",
            "signerName",
            "signerRole",
            "witness",
            "expiresOn"
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
                language: form.language.to_owned(),
                ..draft()
            })
            .is_ok()
        );
    }
    for role in SignerRole::ALL {
        let record = recorded(&Draft {
            signer_role: role.code().to_owned(),
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
        witness: Some("  ".to_owned()),
        ..draft()
    });
    assert_eq!(nobody.witness, None);
}

/// N3: today is the practice's, and a consent ends when its day begins there.
#[test]
fn n3_expiry_follows_the_practices_time_zone() {
    // 23:30 UTC on the 22nd: in Zurich it is the 23rd already, in Toronto still the 22nd.
    let tomorrow = Draft {
        expires_on: Some("2026-11-23".to_owned()),
        ..draft()
    };
    let zurich = Zone::parse("Europe/Zurich").expect("bundled");
    let toronto = Zone::parse("America/Toronto").expect("bundled");
    let refused = NewRecord::parse(&tomorrow, now(), &zurich).expect_err("that is today in Zurich");
    assert_eq!(
        refused.iter().map(|f| f.invalid.code()).collect::<Vec<_>>(),
        ["past"]
    );
    let id = ConsentId::from_bytes([5; 16]);
    let record = NewRecord::parse(&tomorrow, now(), &toronto)
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
    assert_eq!(revoked.clone().revoke(revocation("again")), Err(AlreadyRevoked));
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
        signer_name: "canary-name".to_owned(),
        witness: Some("canary-witness".to_owned()),
        ..draft()
    };
    let mut printed = format!(
        "{named:?} {:?} {:?} {:?}",
        named.method,
        parse(&named),
        recorded(&named)
    );
    let faulty = Draft {
        signer_role: "canary-role".to_owned(),
        signer_name: "canary\n".repeat(9),
        ..named
    };
    printed += &format!(
        "{:?}",
        NewRecord::parse(&faulty, now(), &Zone::utc()).expect_err("faulty")
    );
    assert!(!printed.contains("canary"), "{printed}");
}
