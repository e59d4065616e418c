//! A host's name in the form that devices use and a certificate holds.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization as _;

/// The name of a host without a usable name.
const NAMELESS: &str = "cutis-server";
/// The most characters of a label (RFC 1035).
const LABEL: usize = 63;

/// The name of a host as DNS and certificates have it (RFC 1123): lower case, letters, digits and hyphens.
///
/// A valid name is only converted to lower case. In other names, a letter beyond ASCII becomes what browsers send for
/// it (RFC 3492, `xn--…`), and everything else, including underscores and spaces, becomes a hyphen. If the result still
/// cannot be a name, `cutis-server` is used.
pub fn valid_form(host: &str) -> String {
    let plain: String = host.trim().trim_end_matches('.').nfc().collect();
    let plain = plain.to_lowercase();
    if is_host_name(&plain) && !is_number(&plain) {
        return plain;
    }
    let labels: Vec<String> = plain.split('.').filter_map(label).collect();
    // Browsers take a name that ends in a number for an address.
    let name = match labels.join(".") {
        number if is_number(&number) => format!("cutis-{}", number.replace('.', "-")),
        name => name,
    };
    if is_host_name(&name) {
        name
    } else {
        NAMELESS.to_owned()
    }
}

/// Whether the last label of a name is a number.
fn is_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())
}

/// One label, or nothing when no letter or digit is in it.
fn label(text: &str) -> Option<String> {
    let plain = hyphenated(text, char::is_alphanumeric);
    let encoded = if plain.is_ascii() {
        Some(plain.clone())
    } else {
        punycode(&plain).map(|code| format!("xn--{code}"))
    };
    let short = encoded.filter(|label| label.len() <= LABEL);
    let cut = || hyphenated(&plain, |c| c.is_ascii_alphanumeric());
    let label: String = short.unwrap_or_else(cut).chars().take(LABEL).collect();
    let label = label.trim_matches('-');
    (!label.is_empty()).then(|| label.to_owned())
}

/// The characters that may stay, with one hyphen for each run of others, and none at the ends.
fn hyphenated(text: &str, stays: impl Fn(char) -> bool) -> String {
    let words = text.split(|c| !stays(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The text after `xn--` for a label (RFC 3492, section 6.3); `None` if its arithmetic overflows.
fn punycode(label: &str) -> Option<String> {
    let input: Vec<u32> = label.chars().map(u32::from).collect();
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(output.len()).ok()?;
    if basic > 0 {
        output.push('-');
    }
    let (mut next, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while usize::try_from(handled).ok()? < input.len() {
        let smallest = *input.iter().filter(|code| **code >= next).min()?;
        let skipped = smallest.checked_sub(next)?.checked_mul(handled.checked_add(1)?)?;
        delta = delta.checked_add(skipped)?;
        next = smallest;
        for code in &input {
            if *code < next {
                delta = delta.checked_add(1)?;
            } else if *code == next {
                variable_length(delta, bias, &mut output)?;
                bias = adapted(delta, handled.checked_add(1)?, handled == basic)?;
                delta = 0;
                handled = handled.checked_add(1)?;
            }
        }
        delta = delta.checked_add(1)?;
        next = next.checked_add(1)?;
    }
    Some(output)
}

const BASE: u32 = 36;

/// A number in digits whose weights depend on the bias.
fn variable_length(number: u32, bias: u32, output: &mut String) -> Option<()> {
    let (mut rest, mut at) = (number, BASE);
    loop {
        let threshold = at.saturating_sub(bias).clamp(1, 26);
        if rest < threshold {
            output.push(digit(rest)?);
            return Some(());
        }
        let (over, span) = (rest.checked_sub(threshold)?, BASE.checked_sub(threshold)?);
        output.push(digit(threshold.checked_add(over.checked_rem(span)?)?)?);
        rest = over.checked_div(span)?;
        at = at.checked_add(BASE)?;
    }
}

/// `a` to `z`, then `0` to `9`.
fn digit(number: u32) -> Option<char> {
    let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
    letters
        .get(usize::try_from(number).ok()?)
        .map(|byte| char::from(*byte))
}

/// The bias for the next number (RFC 3492, section 6.1).
fn adapted(delta: u32, handled: u32, first: bool) -> Option<u32> {
    let mut delta = delta / if first { 700 } else { 2 };
    delta = delta.checked_add(delta.checked_div(handled)?)?;
    let mut turns = 0_u32;
    while delta > 455 {
        delta /= 35;
        turns = turns.checked_add(BASE)?;
    }
    turns.checked_add(delta.checked_mul(BASE)?.checked_div(delta.checked_add(38)?)?)
}

/// Letters, digits and hyphens (RFC 1123); an address is not a name.
pub(super) fn is_host_name(name: &str) -> bool {
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label_ok) && name.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The samples of RFC 3492, section 7.1, and names of computers as registries write them.
    #[test]
    fn punycode_is_what_others_make_of_it() {
        for (label, code) in [
            ("bücher", "bcher-kva"),
            ("münchen", "mnchen-3ya"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
        ] {
            assert_eq!(punycode(label).as_deref(), Some(code), "{label}");
        }
    }

    /// W6: whatever a host is called, its name can be asked for.
    #[test]
    fn every_name_has_a_valid_form() {
        for (host, valid) in [
            ("Reception-PC", "reception-pc"),
            ("srv.clinic.lan.", "srv.clinic.lan"),
            ("a--b", "a--b"),
            ("praxis_pc", "praxis-pc"),
            ("_praxis__pc_", "praxis-pc"),
            ("Anna's iMac", "anna-s-imac"),
            ("Empfang Müller", "xn--empfang-mller-4ob"),
            ("Mu\u{308}nchen", "xn--mnchen-3ya"),
            ("MÜNCHEN", "xn--mnchen-3ya"),
            ("診察室", "xn--wbt3ez73l"),
            ("😀", "cutis-server"),
            ("😀pc😀", "pc"),
            ("", "cutis-server"),
            ("...", "cutis-server"),
            ("-", "cutis-server"),
            ("17", "cutis-17"),
            ("1.2.3.4", "cutis-1-2-3-4"),
            ("<script>", "script"),
        ] {
            assert_eq!(valid_form(host), valid, "{host}");
        }
        let long = valid_form(&"x".repeat(100));
        assert_eq!(long.len(), 63);
        for odd in ["ä".repeat(100), format!("{}ä", "x".repeat(62)), "é.".repeat(200)] {
            assert!(is_host_name(&valid_form(&odd)), "{odd}");
        }
    }
}
