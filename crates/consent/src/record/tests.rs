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

fn parse(draft: &Draft) -> Result<NewRecord, Vec<(std::borrow::Cow<'static, str>, &'static str)>> {
    NewRecord::parse(draft, now(), &Zone::utc()).map_err(|faults| {
        faults
            .iter()
            .map(|fault| (fault.field.clone(), fault.invalid.code()))
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

/// A change that spoils a draft, the one field it spoils, and the code of what is wrong with it.
type Spoiling = (fn(&mut Draft), &'static str, &'static str);

fn each_is_named(table: &[Spoiling]) {
    assert!(parse(&draft()).is_ok(), "the unchanged draft is the control");
    for (spoil, field, code) in table {
        let mut faulty = draft();
        spoil(&mut faulty);
        assert_eq!(parse(&faulty).err(), Some(vec![((*field).into(), *code)]));
    }
}

/// N3: an unknown form, a missing or doubtful purpose is named, and nothing else is.
#[test]
fn n3_a_fault_of_form_or_purpose_is_named() {
    each_is_named(&[
        (|d| d.template = "tattoo".to_owned(), "template", "unknown_form"),
        (|d| d.template = String::new(), "template", "unknown_form"),
        (|d| d.version = 2, "version", "unknown_form"),
        (|d| d.language = "it".to_owned(), "language", "unknown_form"),
        (|d| d.purposes = purposes(&[]), "purposes", "required_purpose"),
        (
            |d| d.purposes = purposes(&["teaching"]),
            "purposes",
            "required_purpose",
        ),
        (
            |d| d.purposes = purposes(&["clinical_record", "fun"]),
            "purposes",
            "choice",
        ),
        (
            |d| d.purposes = purposes(&["clinical_record", "clinical_record"]),
            "purposes",
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
        (|d| d.method = blank(), "method.strokes", "blank_signature"),
        (
            |d| d.method = external("telepathic", None),
            "method.how",
            "choice",
        ),
        (|d| d.method = external("other", None), "method.notes", "empty"),
        (
            |d| d.method = external("other", Some(" \n ")),
            "method.notes",
            "empty",
        ),
        (
            |d| d.method = external("other", Some("\u{200b}-")),
            "method.notes",
            "empty",
        ),
        (
            |d| d.method = external("verbal", Some(&"a".repeat(2001))),
            "method.notes",
            "too_long",
        ),
    ]);
}

/// N3: an empty signer, also one of invisible characters, or an unknown role is named.
#[test]
fn n3_a_fault_of_signer_or_witness_is_named() {
    each_is_named(&[
        (|d| d.signer_name = String::new(), "signerName", "empty"),
        (|d| d.signer_name = " \t ".to_owned(), "signerName", "empty"),
        (
            |d| d.signer_name = "\u{200b}\u{2060}".to_owned(),
            "signerName",
            "empty",
        ),
        (|d| d.signer_name = "...".to_owned(), "signerName", "empty"),
        (
            |d| d.signer_name = "Anna\nWitness: Ben".to_owned(),
            "signerName",
            "characters",
        ),
        (|d| d.signer_name = "a".repeat(201), "signerName", "too_long"),
        (|d| d.signer_role = "neighbour".to_owned(), "signerRole", "choice"),
        (|d| d.signer_role = String::new(), "signerRole", "choice"),
        (|d| d.witness = Some("?".to_owned()), "witness", "empty"),
    ]);
}

/// N3: an expiry that is no day, not after today or absurdly far is named.
#[test]
fn n3_a_fault_of_expiry_is_named() {
    each_is_named(&[
        (|d| d.expires_on = Some(String::new()), "expiresOn", "date"),
        (
            |d| d.expires_on = Some("2027-02-30".to_owned()),
            "expiresOn",
            "date",
        ),
        (
            |d| d.expires_on = Some("9999-12-31".to_owned()),
            "expiresOn",
            "date",
        ),
        (
            |d| d.expires_on = Some("2026-11-21".to_owned()),
            "expiresOn",
            "past",
        ),
        (
            |d| d.expires_on = Some("2026-11-22".to_owned()),
            "expiresOn",
            "past",
        ),
        (
            |d| d.expires_on = Some("2226-11-22".to_owned()),
            "expiresOn",
            "range",
        ),
    ]);
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
        signer_name: "canary-name".to_owned(),
        witness: Some("canary-witness".to_owned()),
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
        signer_role: "canary-role".to_owned(),
        signer_name: "canary\n".repeat(9),
        ..named
    };
    let printed = format!(
        "{:?}",
        NewRecord::parse(&faulty, now(), &Zone::utc()).expect_err("faulty")
    );
    assert!(!printed.contains("canary"), "{printed}");
}
