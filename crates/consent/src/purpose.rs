//! What consent may be for: one enum for data, one type each for proofs (N3, G4).

coded!(
    /// A purpose that a patient may agree to.
    Purpose, "Choose among: clinical_record, treating_clinicians, teaching, publication, marketing, research.", {
        /// Taking photographs and keeping them in the patient's record.
        ClinicalRecord = "clinical_record",
        /// Showing them to other clinicians who treat the patient.
        TreatingClinicians = "treating_clinicians",
        /// Showing them when teaching.
        Teaching = "teaching",
        /// Publishing them in professional literature or at congresses.
        Publication = "publication",
        /// Using them to advertise the practice.
        Marketing = "marketing",
        /// Using them in research.
        Research = "research",
    }
);

impl Purpose {
    /// Its name in English; patients are shown the text of the form instead.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ClinicalRecord => "Clinical record",
            Self::TreatingClinicians => "Sharing with treating clinicians",
            Self::Teaching => "Teaching",
            Self::Publication => "Publication",
            Self::Marketing => "Marketing",
            Self::Research => "Research",
        }
    }

    /// What it allows, in English.
    pub const fn description(self) -> &'static str {
        match self {
            Self::ClinicalRecord => "Taking photographs and keeping them in the patient's record.",
            Self::TreatingClinicians => "Showing the photographs to other clinicians who treat the patient.",
            Self::Teaching => "Showing the photographs when teaching health professionals.",
            Self::Publication => "Publishing the photographs in professional literature or at congresses.",
            Self::Marketing => "Using the photographs to advertise the practice.",
            Self::Research => "Using the photographs in research.",
        }
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "that nobody can name it is what seals the trait")]
    pub trait Sealed {}
}

/// A purpose as a type, so that a proof for one is not a proof for another (G4).
///
/// Sealed: there are no purposes other than these.
pub trait PurposeMarker: sealed::Sealed {
    /// The purpose this stands for.
    const PURPOSE: Purpose;
}

macro_rules! markers {
    ($($(#[$doc:meta])* $name:ident for $purpose:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl sealed::Sealed for $name {}

        impl PurposeMarker for $name {
            const PURPOSE: Purpose = Purpose::$purpose;
        }
    )+};
}

markers! {
    /// Storing an image in the clinical record; the only purpose that a level may allow by itself (N1).
    Capture for ClinicalRecord,
    /// Showing images to other clinicians who treat the patient.
    TreatingClinicians for TreatingClinicians,
    /// Teaching.
    Teaching for Teaching,
    /// Publication.
    Publication for Publication,
    /// Marketing.
    Marketing for Marketing,
    /// Research.
    Research for Research,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N3: six purposes, each with its own code and words.
    #[test]
    fn every_purpose_has_a_code_and_words_of_its_own() {
        use std::collections::BTreeSet;

        assert_eq!(Purpose::ALL.len(), 6);
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.code()), Ok(*purpose));
        }
        let labels: BTreeSet<_> = Purpose::ALL
            .iter()
            .map(|p| (p.label(), p.description()))
            .collect();
        assert_eq!(labels.len(), 6);
    }

    /// R1: every purpose can be proved, and each by one type.
    #[test]
    fn every_purpose_has_a_marker() {
        let marked = [
            Capture::PURPOSE,
            TreatingClinicians::PURPOSE,
            Teaching::PURPOSE,
            Publication::PURPOSE,
            Marketing::PURPOSE,
            Research::PURPOSE,
        ];
        assert_eq!(marked, Purpose::ALL);
    }
}
