use super::*;

fn candidate(text: &str) -> Candidate {
    Candidate::parse(&Secret::new(text.to_owned())).expect("within the limits")
}

fn broken(text: &str, policy: Policy) -> Vec<&'static str> {
    let report = check(&candidate(text), policy, false, &Context::new().person("weber"));
    let broken: Vec<_> = report
        .rules()
        .iter()
        .filter(|rule| !rule.satisfied)
        .map(|rule| rule.code.code())
        .collect();
    assert_eq!(report.is_acceptable(), broken.is_empty());
    broken
}

/// A5: `complex` wants twelve characters of four kinds, and names each rule that is broken.
#[test]
fn a5_complex() {
    let broken = |text| broken(text, Policy::Complex);
    assert_eq!(broken("kL9#vQ2!mZp4"), Vec::<&str>::new());
    assert_eq!(broken("kL9#vQ2!mZp"), ["length"]);
    assert_eq!(broken("kl9#vq2!mzp4"), ["upper"]);
    assert_eq!(broken("KL9#VQ2!MZP4"), ["lower"]);
    assert_eq!(broken("kLx#vQy!mZpz"), ["digit"]);
    assert_eq!(broken("kL9xvQ2ymZp4"), ["symbol"]);
    assert_eq!(broken("kL9#vWeberQ2!mZp4"), ["names"]);
    assert_eq!(broken("Password123!"), ["common"]);
    assert_eq!(broken("Grüße vom Fjord 7"), Vec::<&str>::new());
    assert_eq!(
        broken(""),
        ["length", "upper", "lower", "digit", "symbol", "names", "common"]
    );
}

/// A5: `passphrase` wants fifteen characters, twelve beside a second factor, and no composition.
#[test]
fn a5_passphrase() {
    let broken = |text| broken(text, Policy::Passphrase);
    assert_eq!(broken("correcthorsebat"), Vec::<&str>::new());
    assert_eq!(broken("correcthorseba"), ["length"]);
    assert_eq!(broken("iloveyouforever"), ["common"]);
    assert_eq!(broken("our weber sings nicely"), ["names"]);
    let fourteen = candidate("correcthorseba");
    assert!(check(&fourteen, Policy::Passphrase, true, &Context::new()).is_acceptable());
    let codes: Vec<_> = check(&fourteen, Policy::Passphrase, false, &Context::new())
        .rules()
        .iter()
        .map(|rule| rule.code.code())
        .collect();
    assert_eq!(codes, ["length", "names", "common"]);
}

/// A5: length counts code points after NFC, 1,024 at most; C02: longer input is refused at once.
#[test]
fn a5_limits() {
    let parse = |text: String| Candidate::parse(&Secret::new(text)).map_err(|refused| refused.code());
    assert!(parse("é".repeat(1024)).is_ok());
    assert!(parse("e\u{301}".repeat(1024)).is_ok());
    assert_eq!(parse("é".repeat(1025)).map(|_| ()), Err("password_too_long"));
    assert_eq!(
        parse("a".repeat(1024 * 1024)).map(|_| ()),
        Err("password_too_long")
    );
    // Twelve letters that a keyboard may send as twenty-four code points are twelve.
    assert!(
        !check(
            &candidate(&"e\u{301}".repeat(11)),
            Policy::Complex,
            false,
            &Context::new()
        )
        .keeps(RuleCode::Length)
    );
    assert!(
        check(
            &candidate(&"e\u{301}".repeat(12)),
            Policy::Complex,
            false,
            &Context::new()
        )
        .keeps(RuleCode::Length)
    );
}

/// A5: the practice chooses between two policies by their codes.
#[test]
fn a5_policy_codes() {
    for policy in [Policy::Complex, Policy::Passphrase] {
        assert_eq!(Policy::parse(policy.code()), Ok(policy));
    }
    assert!(Policy::parse("none").is_err());
}

/// G11: neither a password nor what was said about it prints it.
#[test]
fn g11_a_password_does_not_print() {
    let typed = candidate("kL9#vQ2!mZp4");
    let report = check(&typed, Policy::Complex, false, &Context::new());
    assert!(!format!("{typed:?} {report:?}").contains("vQ2"));
}

/// A5: only an accepted password can become an account's.
#[test]
fn a5_accept_hands_on_only_what_is_acceptable() {
    let report = accept(candidate("short"), Policy::Complex, false, &Context::new()).map(|_| ());
    assert!(report.is_err_and(|report| !report.keeps(RuleCode::Length)));
    assert!(accept(candidate("kL9#vQ2!mZp4"), Policy::Complex, false, &Context::new()).is_ok());
}
