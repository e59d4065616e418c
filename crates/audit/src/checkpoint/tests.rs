use super::*;

fn signer() -> SigningKey {
    let origin = Origin::parse("cutis/018f3c5e-7b1a-7c3d-9a4b-2f6d8e1c0a57/audit/1").expect("valid");
    SigningKey::from_seed(origin, &[7; 32]).expect("a seed")
}

/// U4: what leaves the host can be checked by anybody with the public key, and by nobody else's.
#[test]
fn round_trip() {
    let signer = signer();
    let text = signer.sign_checkpoint(40, &[9; 32]);
    let opened = open_checkpoint(&text, signer.public_key()).expect("signed");
    assert_eq!(
        (opened.size, opened.root, &opened.origin),
        (40, [9; 32], signer.public_key().origin())
    );
    let other = SigningKey::from_seed(signer.public_key().origin().clone(), &[8; 32]).expect("a seed");
    assert_eq!(
        open_checkpoint(&text, other.public_key()),
        Err(CheckpointError::Unsigned)
    );
}

/// Ed25519 is deterministic, so the whole text is a promise.
#[test]
fn the_text_stays() {
    let text = signer().sign_checkpoint(40, &[9; 32]);
    assert_eq!(text, include_str!("../../tests/golden/checkpoint.txt"));
    let key = signer().public_key().to_string();
    assert_eq!(
        format!("{key}\n"),
        include_str!("../../tests/golden/checkpoint-key.txt")
    );
}

#[test]
fn every_changed_character_is_refused() {
    let signer = signer();
    let text = signer.sign_checkpoint(40, &[9; 32]);
    for (place, _) in text.char_indices() {
        let (before, rest) = text.split_at(place);
        let after: String = rest.chars().skip(1).collect();
        for other in ["", "A", "0", "\n", " ", "é", "\n\n"] {
            let changed = format!("{before}{other}{after}");
            if changed != text {
                assert!(
                    open_checkpoint(&changed, signer.public_key()).is_err(),
                    "{place} {other:?}"
                );
            }
        }
        assert!(
            open_checkpoint(before, signer.public_key()).is_err(),
            "cut at {place}"
        );
    }
}

#[test]
fn the_format_is_strict() {
    let signer = signer();
    let root = STANDARD.encode([9; 32]);
    let origin = signer.public_key().origin().as_str().to_owned();
    let sign = |body: &str| {
        let mut signature = signer.public.id().to_vec();
        signature.extend_from_slice(signer.pair.sign(body.as_bytes()).as_ref());
        format!("{body}\n— {origin} {}\n", STANDARD.encode(signature))
    };
    let open = |body: String| open_checkpoint(&sign(&body), signer.public_key());
    assert!(open(format!("{origin}\n40\n{root}\n")).is_ok());
    for (body, why) in [
        (format!("{origin}\n040\n{root}\n"), "leading zero"),
        (format!("{origin}\n+40\n{root}\n"), "sign"),
        (format!("{origin}\n-1\n{root}\n"), "negative"),
        (format!("{origin}\n18446744073709551616\n{root}\n"), "too large"),
        (format!("{origin}\n40\n{root}\nmore\n"), "extension line"),
        (format!("{origin}\n40\n"), "no root"),
        (
            format!("{origin}\n40\n{}\n", root.trim_end_matches('=')),
            "no padding",
        ),
        (
            format!("{origin}\n40\n{}\n", STANDARD.encode([9; 31])),
            "short root",
        ),
        (format!("{origin}\r\n40\n{root}\n"), "carriage return"),
        (format!("{origin}\n40\n{}\n", "A".repeat(20_000)), "too long"),
    ] {
        assert!(matches!(open(body), Err(CheckpointError::Format(_))), "{why}");
    }
    assert_eq!(
        open(format!("other\n40\n{root}\n")),
        Err(CheckpointError::OtherOrigin)
    );
}

/// An additional witness's line is accepted, a damaged one is not.
#[test]
fn other_signatures_are_left_alone() {
    let signer = signer();
    let text = signer.sign_checkpoint(40, &[9; 32]);
    let witness = format!("{text}— witness.example {}\n", STANDARD.encode([1; 77]));
    assert!(open_checkpoint(&witness, signer.public_key()).is_ok());
    assert!(open_checkpoint(&format!("{text}— witness.example !\n"), signer.public_key()).is_err());
    assert!(open_checkpoint(&format!("{text}witness.example AAAAAAAA\n"), signer.public_key()).is_err());
}

#[test]
fn keys_and_origins_parse() {
    let key = signer().public_key().clone();
    assert_eq!(PublicKey::parse(&key.to_string()), Ok(key.clone()));
    for (place, _) in key.to_string().char_indices() {
        let mut text: Vec<char> = key.to_string().chars().collect();
        text[place] = if text[place] == 'x' { 'y' } else { 'x' };
        let text: String = text.into_iter().collect();
        assert!(PublicKey::parse(&text).is_err(), "{text}");
    }
    for refused in ["", "a b", "a+b", "a\nb", "ä", &"a".repeat(201)] {
        assert_eq!(
            Origin::parse(refused),
            Err(CheckpointError::Origin),
            "{refused:?}"
        );
    }
    assert!(!format!("{:?}", signer()).contains("seed"));
}
