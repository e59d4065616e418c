//! How text becomes searchable: case and accents do not matter (P4).

use cutis_domain::patient::{PatientProfile, UniqueId};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Separates fields, so that no search text matches across two of them. Folded text never contains it.
const FENCE: char = '\n';

/// Text in lower case, without accents, with compatibility forms decomposed and single spaces.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let plain = word.to_lowercase();
        for character in plain.nfkd().filter(|character| !is_combining_mark(*character)) {
            // Letters that Unicode does not take apart but people do.
            match character {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'þ' => folded.push_str("th"),
                'ı' => folded.push('i'),
                other => folded.push(other),
            }
        }
    }
    folded
}

/// The text by which a patient is found: unique id, names in the orders in which people write them, MRN.
pub(crate) fn searchable(unique_id: &UniqueId, profile: &PatientProfile) -> String {
    let name = |name: &Option<_>| {
        name.as_ref()
            .map(cutis_domain::Text::as_str)
            .map(fold)
            .unwrap_or_default()
    };
    let (first, middle, last) = (
        name(&profile.first_name),
        name(&profile.middle_name),
        name(&profile.last_name),
    );
    let joined = |parts: &[&str]| {
        parts
            .iter()
            .copied()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut lines = vec![
        fold(unique_id.as_str()),
        joined(&[&first, &middle, &last]),
        joined(&[&last, &first, &middle]),
        name(&profile.preferred_name),
        profile
            .mrn
            .as_ref()
            .map(|mrn| fold(mrn.as_str()))
            .unwrap_or_default(),
    ];
    if !middle.is_empty() {
        lines.push(joined(&[&first, &last]));
    }
    lines.retain(|line| !line.is_empty());
    lines.dedup();
    lines.join(&FENCE.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cutis_domain::Text;

    /// P4: case and accents do not matter.
    #[test]
    fn folding() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("MÜLLER", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("  Zoë\tSørensen ", "zoe sorensen"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Łukasz Đỗ", "lukasz do"),
            ("İstanbul", "istanbul"),
            ("ﬁna", "fina"),
            ("Ｍａｒｉａ", "maria"),
            ("Ωμέγα", "ωμεγα"),
            ("\n", ""),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    /// P4: unique id, names and MRN are searched, nothing else, and never across two fields.
    #[test]
    fn what_is_searched() {
        let text = |text: &str| Some(Text::parse(text).expect("valid"));
        let profile = PatientProfile {
            first_name: text("Anna"),
            middle_name: text("Maria"),
            last_name: text("Weber"),
            preferred_name: text("Anni"),
            mrn: Some(Text::parse("MRN-7").expect("valid")),
            allergies: Some(Text::parse("penicillin").expect("valid")),
            ..PatientProfile::default()
        };
        let found = searchable(&UniqueId::parse("aw-1").expect("valid"), &profile);
        for needle in [
            "aw-1",
            "Anna Weber",
            "anna maria weber",
            "WEBER ANNA",
            "anni",
            "mrn-7",
        ] {
            assert!(found.contains(&fold(needle)), "{needle} in {found:?}");
        }
        for needle in ["penicillin", "aw-1 anna", "weber anni"] {
            assert!(!found.contains(&fold(needle)), "{needle} in {found:?}");
        }
    }
}
