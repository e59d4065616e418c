//! The text that a patient is shown. A published form never changes: a different text is a new version.
//!
//! The standard form describes this program as it is. It is not legal advice; a practice should have it reviewed under
//! the law of its country.

use cutis_domain::Digest;
use sha2::{Digest as _, Sha256};

use crate::Purpose;

mod standard_de;
mod standard_en;
mod standard_fr;

/// A consent form in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// What the form is for; the same in every version and language.
    pub template: &'static str,
    /// Increases with every change of the text.
    pub version: u32,
    /// Language, ISO 639-1.
    pub language: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The text: paragraphs separated by an empty line, headings on their own line.
    pub text: &'static str,
    /// What may be agreed to, in the order shown, in the form's language.
    pub purposes: &'static [FormPurpose],
}

/// A purpose as a form offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormPurpose {
    /// The purpose.
    pub purpose: Purpose,
    /// Its name.
    pub label: &'static str,
    /// What agreeing to it means.
    pub description: &'static str,
    /// Whether the form cannot be signed without it.
    pub required: bool,
}

impl Form {
    /// Exactly what is shown, as one text: title, text, and each purpose with its description.
    /// This is what a record keeps (N3).
    pub fn shown(&self) -> String {
        let purposes = self
            .purposes
            .iter()
            .map(|p| format!("\n\n{}\n{}", p.label, p.description));
        [format!("{}\n\n{}", self.title, self.text)]
            .into_iter()
            .chain(purposes)
            .collect()
    }

    /// SHA-256 of [`Self::shown`].
    pub fn shown_sha256(&self) -> Digest {
        Digest::from_bytes(Sha256::digest(self.shown().as_bytes()).into())
    }

    /// Whether the form asks for this purpose.
    pub fn offers(&self, purpose: Purpose) -> bool {
        self.purposes.iter().any(|offered| offered.purpose == purpose)
    }

    /// Whether the form cannot be signed without this purpose.
    pub fn requires(&self, purpose: Purpose) -> bool {
        self.purposes
            .iter()
            .any(|offered| offered.purpose == purpose && offered.required)
    }
}

static FORMS: [Form; 3] = [standard_en::V1, standard_de::V1, standard_fr::V1];

/// The language that is shown if there is no form in the patient's.
static FALLBACK: &Form = &standard_en::V1;

/// Every form ever published.
pub fn all() -> &'static [Form] {
    &FORMS
}

/// The form of this template, version and language, superseded ones included: a page that was loaded before an update
/// shows, and so records, the text of that time.
pub fn find(template: &str, version: u32, language: &str) -> Option<&'static Form> {
    FORMS
        .iter()
        .find(|f| f.template == template && f.version == version && f.language == language)
}

/// The newest standard form for a language tag such as `de` or `fr-CH`; English for any other.
pub fn current(language: &str) -> &'static Form {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    FORMS
        .iter()
        .filter(|form| form.template == FALLBACK.template && form.language.eq_ignore_ascii_case(primary))
        .max_by_key(|form| form.version)
        .unwrap_or(FALLBACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N3: a published form never changes. If this fails, publish a new version instead.
    #[test]
    fn published_words_are_pinned() {
        let pinned: Vec<_> = all()
            .iter()
            .map(|f| format!("{} {} {} {}", f.template, f.version, f.language, f.shown_sha256()))
            .collect();
        assert_eq!(
            pinned,
            [
                "standard 1 en 485eb6a82107b9118d58b680fb76b8823b4a3acec8b88ba2388ce6efef7fa96e",
                "standard 1 de 87949353668531ec0805239891bca8f563e51d28c225ffb3aae9bbc767c1c19b",
                "standard 1 fr 1845b4b699c9fc82c966ead73c0ac06771760d9d9f29b984f6ca0a14cde4202a",
            ]
        );
    }

    /// N3: every form offers every purpose once, and requires the clinical record alone.
    #[test]
    fn every_form_asks_the_same() {
        for form in all() {
            let offered: Vec<_> = form.purposes.iter().map(|p| p.purpose).collect();
            assert_eq!(offered, Purpose::ALL, "{}", form.language);
            for purpose in Purpose::ALL {
                assert!(form.offers(*purpose));
                assert_eq!(form.requires(*purpose), *purpose == Purpose::ClinicalRecord);
            }
            assert_eq!(find(form.template, form.version, form.language), Some(form));
        }
    }

    /// N3: what is kept holds every word that was shown, and nothing that text may not hold.
    #[test]
    fn shown_is_everything() {
        for form in all() {
            let shown = form.shown();
            assert!(shown.starts_with(form.title) && shown.contains(form.text));
            for purpose in form.purposes {
                assert!(shown.contains(purpose.label) && shown.contains(purpose.description));
            }
            assert!(
                !shown.contains("  ") && !shown.contains("\n\n\n"),
                "{}: odd blanks",
                form.language
            );
            assert!(
                shown.lines().all(|line| line == line.trim()),
                "{}: odd blanks",
                form.language
            );
            let kept = cutis_domain::Text::<1000, 12_000>::parse(&shown).expect("storable");
            assert_eq!(kept.as_str(), shown, "{}: not in normal form", form.language);
        }
    }

    #[test]
    fn languages_fall_back_to_english() {
        for (tag, language) in [
            ("de", "de"),
            ("de-CH", "de"),
            ("FR_ca", "fr"),
            ("en", "en"),
            ("it", "en"),
            ("", "en"),
            ("deu", "en"),
        ] {
            assert_eq!(current(tag).language, language, "{tag}");
        }
    }

    #[test]
    fn what_was_never_published_is_not_found() {
        for (template, version, language) in [
            ("standard", 2, "en"),
            ("standard", 0, "en"),
            ("other", 1, "en"),
            ("standard", 1, "it"),
            ("standard", 1, "EN"),
        ] {
            assert_eq!(find(template, version, language), None);
        }
    }
}
