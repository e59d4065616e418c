//! The answer as a value that cannot be faked, copied or kept (N2, G3, G4).
//!
//! Only [`admit`] and [`prove`] create a [`Proof`]. Everything that needs consent takes one, so code that forgets the
//! check does not compile. The doctests below are the evidence; each refusal is a variation of the first, which
//! compiles.
//!
//! ```
//! # use std::{convert::Infallible, marker::PhantomData};
//! # use cutis_consent::{admit, Capture, Grant, Ledger, ConsentLevel, Proof};
//! # use cutis_domain::{PatientId, Timestamp};
//! # struct Unit<'tx>(PhantomData<fn(&'tx ()) -> &'tx ()>);
//! # impl<'tx> Ledger<'tx> for Unit<'tx> {
//! #     type Error = Infallible;
//! #     fn level(&mut self) -> Result<ConsentLevel, Infallible> { Ok(ConsentLevel::Advisory) }
//! #     fn grants(&mut self, _: PatientId) -> Result<Vec<Grant>, Infallible> { Ok(Vec::new()) }
//! # }
//! # fn write<T>(work: impl for<'tx> FnOnce(&mut Unit<'tx>) -> T) -> T { work(&mut Unit(PhantomData)) }
//! # fn insert_image<'tx>(_: &mut Unit<'tx>, _: Proof<'tx, Capture>) {}
//! # let (patient, now) = (PatientId::from_bytes([1; 16]), Timestamp::EPOCH);
//! write(|unit| {
//!     let proof = admit(unit, patient, now).expect("advisory allows it");
//!     insert_image(unit, proof);
//! });
//! ```
//!
//! One proof stores one image: it cannot be used twice,
//!
//! ```compile_fail,E0382
//! # use std::{convert::Infallible, marker::PhantomData};
//! # use cutis_consent::{admit, Capture, Grant, Ledger, ConsentLevel, Proof};
//! # use cutis_domain::{PatientId, Timestamp};
//! # struct Unit<'tx>(PhantomData<fn(&'tx ()) -> &'tx ()>);
//! # impl<'tx> Ledger<'tx> for Unit<'tx> {
//! #     type Error = Infallible;
//! #     fn level(&mut self) -> Result<ConsentLevel, Infallible> { Ok(ConsentLevel::Advisory) }
//! #     fn grants(&mut self, _: PatientId) -> Result<Vec<Grant>, Infallible> { Ok(Vec::new()) }
//! # }
//! # fn write<T>(work: impl for<'tx> FnOnce(&mut Unit<'tx>) -> T) -> T { work(&mut Unit(PhantomData)) }
//! # fn insert_image<'tx>(_: &mut Unit<'tx>, _: Proof<'tx, Capture>) {}
//! # let (patient, now) = (PatientId::from_bytes([1; 16]), Timestamp::EPOCH);
//! write(|unit| {
//!     let proof = admit(unit, patient, now).expect("advisory allows it");
//!     insert_image(unit, proof);
//!     insert_image(unit, proof);
//! });
//! ```
//!
//! nor cloned,
//!
//! ```compile_fail,E0599
//! # use cutis_consent::{Capture, Proof};
//! fn twice<'tx>(proof: Proof<'tx, Capture>) -> (Proof<'tx, Capture>, Proof<'tx, Capture>) {
//!     (proof.clone(), proof)
//! }
//! ```
//!
//! nor built by hand,
//!
//! ```compile_fail,E0451
//! # use std::marker::PhantomData;
//! # use cutis_consent::{Basis, Capture, ConsentLevel, Proof};
//! # use cutis_domain::PatientId;
//! let forged: Proof<'_, Capture> = Proof {
//!     patient: PatientId::from_bytes([1; 16]),
//!     basis: Basis::LevelAllows(ConsentLevel::Disabled),
//!     brand: PhantomData,
//!     purpose: PhantomData,
//! };
//! ```
//!
//! nor moved to another patient.
//!
//! ```compile_fail,E0616
//! # use cutis_consent::{Capture, Proof};
//! # use cutis_domain::PatientId;
//! fn for_another(mut proof: Proof<'_, Capture>) {
//!     proof.patient = PatientId::from_bytes([2; 16]);
//! }
//! ```
//!
//! A proof for teaching does not store an image, and nobody can name a purpose of their own:
//!
//! ```compile_fail,E0308
//! # use cutis_consent::{purpose::Teaching, Capture, Proof};
//! # fn insert_image(_: Proof<'_, Capture>) {}
//! fn store(proof: Proof<'_, Teaching>) {
//!     insert_image(proof);
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use cutis_consent::{Purpose, PurposeMarker};
//! enum Anything {}
//! impl PurposeMarker for Anything {
//!     const PURPOSE: Purpose = Purpose::ClinicalRecord;
//! }
//! ```
//!
//! A proof does not outlive the transaction it was made in,
//!
//! ```compile_fail,E0597
//! # use std::{convert::Infallible, marker::PhantomData};
//! # use cutis_consent::{admit, Grant, Ledger, ConsentLevel};
//! # use cutis_domain::{PatientId, Timestamp};
//! # struct Transaction;
//! # struct Unit<'tx>(&'tx Transaction, PhantomData<fn(&'tx ()) -> &'tx ()>);
//! # impl<'tx> Ledger<'tx> for Unit<'tx> {
//! #     type Error = Infallible;
//! #     fn level(&mut self) -> Result<ConsentLevel, Infallible> { Ok(ConsentLevel::Advisory) }
//! #     fn grants(&mut self, _: PatientId) -> Result<Vec<Grant>, Infallible> { Ok(Vec::new()) }
//! # }
//! # let (patient, now) = (PatientId::from_bytes([1; 16]), Timestamp::EPOCH);
//! let kept = {
//!     let transaction = Transaction;
//!     let mut unit = Unit(&transaction, PhantomData);
//!     admit(&mut unit, patient, now).expect("advisory allows it")
//! };
//! drop(kept);
//! ```
//!
//! and is not accepted by another one, even while both are open.
//!
//! ```compile_fail,E0521
//! # use std::{convert::Infallible, marker::PhantomData};
//! # use cutis_consent::{admit, Capture, Grant, Ledger, ConsentLevel, Proof};
//! # use cutis_domain::{PatientId, Timestamp};
//! # struct Unit<'tx>(PhantomData<fn(&'tx ()) -> &'tx ()>);
//! # impl<'tx> Ledger<'tx> for Unit<'tx> {
//! #     type Error = Infallible;
//! #     fn level(&mut self) -> Result<ConsentLevel, Infallible> { Ok(ConsentLevel::Advisory) }
//! #     fn grants(&mut self, _: PatientId) -> Result<Vec<Grant>, Infallible> { Ok(Vec::new()) }
//! # }
//! # fn write<T>(work: impl for<'tx> FnOnce(&mut Unit<'tx>) -> T) -> T { work(&mut Unit(PhantomData)) }
//! # fn insert_image<'tx>(_: &mut Unit<'tx>, _: Proof<'tx, Capture>) {}
//! # let (patient, now) = (PatientId::from_bytes([1; 16]), Timestamp::EPOCH);
//! write(|outer| {
//!     write(|inner| {
//!         let proof = admit(outer, patient, now).expect("advisory allows it");
//!         insert_image(inner, proof);
//!     });
//! });
//! ```

use std::fmt;
use std::marker::PhantomData;

use cutis_domain::{PatientId, Timestamp};

use crate::decide::Reason;
use crate::{Basis, Capture, Decision, Ledger, Purpose, PurposeMarker, decide};

/// Proof that `P` is covered for one patient, as the transaction `'tx` sees it.
///
/// Neither `Clone` nor `Copy`; the lifetime is invariant, so it names exactly one transaction.
#[must_use = "a proof is there to be handed to what needs it"]
pub struct Proof<'tx, P> {
    patient: PatientId,
    basis: Basis,
    brand: PhantomData<fn(&'tx ()) -> &'tx ()>,
    purpose: PhantomData<fn() -> P>,
}

impl<P: PurposeMarker> Proof<'_, P> {
    /// The patient it is about.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }

    /// Why it is covered.
    pub const fn basis(&self) -> Basis {
        self.basis
    }

    /// The purpose it covers.
    pub const fn purpose(&self) -> Purpose {
        P::PURPOSE
    }
}

impl<P: PurposeMarker> fmt::Debug for Proof<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proof")
            .field("patient", &self.patient)
            .field("purpose", &P::PURPOSE)
            .field("basis", &self.basis)
            .finish()
    }
}

/// Consent does not cover the purpose (`consent_required`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("consent is needed ({}): {}", purpose.label(), reason.message())]
pub struct Refusal {
    purpose: Purpose,
    reason: Reason,
}

impl Refusal {
    /// The stable code of every refusal because consent is missing (N2).
    pub const CODE: &'static str = "consent_required";

    /// [`Self::CODE`].
    pub const fn code(self) -> &'static str {
        Self::CODE
    }

    /// The purpose that is not covered.
    pub const fn purpose(self) -> Purpose {
        self.purpose
    }

    /// Why it is not.
    pub const fn reason(self) -> Reason {
        self.reason
    }
}

/// Why no proof was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused<E> {
    /// Consent does not cover it.
    #[error(transparent)]
    Consent(#[from] Refusal),
    /// The level or the grants could not be read, so nothing is allowed.
    #[error("the patient's consents could not be read")]
    Ledger(#[source] E),
}

/// Asks whether an image of this patient may be stored now (N2). Every way to add an image goes through this one gate.
///
/// # Errors
/// When consent is required and no live record covers it, or the ledger fails.
pub fn admit<'tx, L: Ledger<'tx>>(
    ledger: &mut L,
    patient: PatientId,
    now: Timestamp,
) -> Result<Proof<'tx, Capture>, Refused<L::Error>> {
    prove(ledger, patient, now)
}

/// Asks whether the purpose `P` is covered for this patient now (R1).
///
/// # Errors
/// When no live record covers it (and the level requires one), or the ledger fails.
pub fn prove<'tx, P: PurposeMarker, L: Ledger<'tx>>(
    ledger: &mut L,
    patient: PatientId,
    now: Timestamp,
) -> Result<Proof<'tx, P>, Refused<L::Error>> {
    let level = ledger.level().map_err(Refused::Ledger)?;
    let grants = ledger.grants(patient).map_err(Refused::Ledger)?;
    match decide(level, &grants, P::PURPOSE, now) {
        Decision::Allowed(basis) => Ok(Proof {
            patient,
            basis,
            brand: PhantomData,
            purpose: PhantomData,
        }),
        Decision::Refused(reason) => Err(Refusal {
            purpose: P::PURPOSE,
            reason,
        }
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::Teaching;
    use crate::{ConsentLevel, Grant, Purposes};
    use cutis_domain::ConsentId;

    const NOW: Timestamp = Timestamp::EPOCH;
    const ANNA: PatientId = PatientId::from_bytes([1; 16]);
    const BEN: PatientId = PatientId::from_bytes([2; 16]);

    #[derive(Debug, PartialEq, Eq, thiserror::Error)]
    #[error("the disk is gone")]
    struct Broken;

    struct Book {
        level: Result<ConsentLevel, ()>,
        grants: Result<Vec<(PatientId, Grant)>, ()>,
    }

    impl Ledger<'_> for Book {
        type Error = Broken;

        fn level(&mut self) -> Result<ConsentLevel, Broken> {
            self.level.map_err(|()| Broken)
        }

        fn grants(&mut self, patient: PatientId) -> Result<Vec<Grant>, Broken> {
            let all = self.grants.as_ref().map_err(|()| Broken)?;
            Ok(all
                .iter()
                .filter(|(whose, _)| *whose == patient)
                .map(|(_, grant)| *grant)
                .collect())
        }
    }

    fn annas_consent(purpose: Purpose) -> Vec<(PatientId, Grant)> {
        let consent = ConsentId::from_bytes([9; 16]);
        let purposes = Purposes::NONE.with(purpose);
        vec![(
            ANNA,
            Grant {
                consent,
                purposes,
                given_at: NOW,
                expires_at: None,
                revoked_at: None,
            },
        )]
    }

    /// N2: under `required` a proof needs a live record of that very patient.
    #[test]
    fn one_patients_consent_does_not_admit_another() {
        let grants = Ok(annas_consent(Purpose::ClinicalRecord));
        let mut book = Book {
            level: Ok(ConsentLevel::Required),
            grants,
        };
        let proof = admit(&mut book, ANNA, NOW).expect("Anna agreed");
        assert_eq!(proof.patient(), ANNA);
        assert_eq!(proof.purpose(), Purpose::ClinicalRecord);
        assert_eq!(proof.basis(), Basis::Consent(ConsentId::from_bytes([9; 16])));
        let refused = admit(&mut book, BEN, NOW).map_err(|e| e.to_string());
        assert_eq!(
            refused.expect_err("Ben did not"),
            "consent is needed (Clinical record): no consent is on record; record the patient's consent first"
        );
    }

    /// N2: the refusal is `consent_required` and says why.
    #[test]
    fn a_refusal_has_its_code() {
        let mut book = Book {
            level: Ok(ConsentLevel::Required),
            grants: Ok(Vec::new()),
        };
        let Err(Refused::Consent(refusal)) = admit(&mut book, ANNA, NOW) else {
            panic!("admitted without consent");
        };
        assert_eq!(refusal.code(), "consent_required");
        assert_eq!(
            (refusal.purpose(), refusal.reason()),
            (Purpose::ClinicalRecord, Reason::NoneRecorded)
        );
    }

    /// R1: consent to storing is not consent to teaching, at any level.
    #[test]
    fn storing_is_not_teaching() {
        for level in ConsentLevel::ALL {
            let grants = Ok(annas_consent(Purpose::ClinicalRecord));
            let mut book = Book {
                level: Ok(*level),
                grants,
            };
            let refused = prove::<Teaching, _>(&mut book, ANNA, NOW);
            assert!(matches!(refused, Err(Refused::Consent(r)) if r.reason() == Reason::NotAgreed));
            book.grants = Ok(annas_consent(Purpose::Teaching));
            assert!(prove::<Teaching, _>(&mut book, ANNA, NOW).is_ok());
        }
    }

    /// N2: a ledger that cannot be read admits nothing, whatever the level.
    #[test]
    fn a_broken_ledger_admits_nothing() {
        let no_level = Book {
            level: Err(()),
            grants: Ok(annas_consent(Purpose::ClinicalRecord)),
        };
        let no_grants = Book {
            level: Ok(ConsentLevel::Disabled),
            grants: Err(()),
        };
        for mut book in [no_level, no_grants] {
            assert!(matches!(
                admit(&mut book, ANNA, NOW),
                Err(Refused::Ledger(Broken))
            ));
        }
    }

    /// G11: what a proof prints are ids and codes.
    #[test]
    fn a_proof_prints_no_more_than_ids() {
        let mut book = Book {
            level: Ok(ConsentLevel::Advisory),
            grants: Ok(Vec::new()),
        };
        let proof = admit(&mut book, ANNA, NOW).expect("advisory allows it");
        assert_eq!(
            format!("{proof:?}"),
            "Proof { patient: PatientId(01010101-0101-0101-0101-010101010101), purpose: ClinicalRecord, basis: LevelAllows(Advisory) }"
        );
    }
}
