//! Consent: the form, recording, history, revoking (N3, N4).

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_consent::record::{
    Draft, DraftMethod, External, Method, NewRecord, Notes, Reason, Recorder, Revocation,
};
use cutis_consent::{Form, SignatureFacts};
use cutis_domain::page::Limit;
use cutis_domain::principal::Actor;
use cutis_domain::{Clinician, ConsentId, Digest, Invalid, PatientId, Read};
pub use cutis_media::signature::RawPoint;
use cutis_media::signature::{SignatureError, Strokes, render_png};
use cutis_storage::port::{NewConsent, SealedSignature, StoredConsent};
use cutis_vault::{SealError, VaultError, seal};
use sha2::{Digest as _, Sha256};

use crate::error::wraps_record_error;
use crate::{RecordError, Records};

/// Why consent could not be recorded, shown or revoked.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// It was revoked before (N4: that is final).
    #[error("this consent has already been revoked; record a new one instead")]
    AlreadyRevoked(PatientId, ConsentId),
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The stored signature cannot be opened.
    #[error("the stored signature is damaged")]
    Signature(#[from] SealError),
    /// The patient's key could not be obtained.
    #[error("the patient's key could not be read")]
    Vault(#[from] VaultError),
}

wraps_record_error!(ConsentError);

impl Denial for ConsentError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Vault(VaultError::Lost(patient)) => Some(crate::key_missing(*patient)),
            Self::Record(error) => error.denial(),
            Self::Signature(_) | Self::Vault(_) => None,
            Self::AlreadyRevoked(patient, consent) => Some(
                Event::new(Action::ConsentRevoked)
                    .refused()
                    .target(Target::Consent(*consent))
                    .patient(*patient)
                    .detail(Detail::code("reason", "already_revoked")),
            ),
        }
    }
}

/// How consent was given.
#[derive(Clone)]
pub enum Given {
    /// Drawn on the screen.
    Drawn {
        /// The lines, in units of the area.
        strokes: Vec<Vec<RawPoint>>,
        /// Width of the area.
        width: u32,
        /// Height of the area.
        height: u32,
    },
    /// Given outside this program.
    External {
        /// How.
        how: Read<External>,
        /// More about it.
        notes: Read<Option<Notes>>,
    },
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Given[redacted]")
    }
}

/// A drawn signature, ready to be sealed.
struct Drawn {
    strokes: Vec<u8>,
    picture: Vec<u8>,
}

const STROKES: &[u8] = b"consent/strokes/";
const PICTURE: &[u8] = b"consent/picture/";

impl Records {
    /// The form to show, in this language if there is one.
    pub fn consent_form(&self, language: &str) -> &'static Form {
        cutis_consent::form::current(language)
    }

    /// Records a consent (N3).
    ///
    /// # Errors
    /// See [`ConsentError`].
    pub async fn record_consent(
        &self,
        by: &Clinician,
        patient: PatientId,
        draft: Draft<Given>,
    ) -> Result<StoredConsent, ConsentError> {
        let now = self.clock.now();
        let zone = self.practice_zone().await?;
        let mut drawn = None;
        let draft = draft.with_method(|given| drawn_of(given, &mut drawn));
        let new = NewRecord::parse(draft, now, &zone).map_err(RecordError::of)?;
        let id: ConsentId = self.ids.make();
        let recorder = recorder_of(by).ok_or(RecordError::no_patient(patient))?;
        let record = new.record(id, patient, recorder, by.caller().address);
        // Absent patients must not get a key: look before one is made.
        self.must_have(by, patient).await?;
        let signature = match drawn {
            Some(drawn) => Some(self.seal_signature(by, patient, id, &drawn).await?),
            None => None,
        };
        self.store
            .clinic(by)
            .write(move |unit| {
                unit.inside(patient)?.insert_consent(&NewConsent {
                    record: record.clone(),
                    signature,
                })?;
                let event = Event::new(Action::ConsentRecorded)
                    .target(Target::Consent(id))
                    .patient(patient)
                    .detail(Detail::code("method", method_code(&record.method)))
                    .detail(Detail::code("signer", record.signer_role.code()))
                    .detail(Detail::id("text", record.text_sha256()));
                Ok(Audited::new(record, event))
            })
            .await
    }

    /// A patient's consent records, newest first, a hundred at most.
    ///
    /// # Errors
    /// See [`ConsentError`].
    pub async fn consents(
        &self,
        by: &Clinician,
        patient: PatientId,
    ) -> Result<Vec<StoredConsent>, ConsentError> {
        let limit = Limit::parse(i64::from(Limit::MAX)).unwrap_or_default();
        self.store
            .clinic(by)
            .read(|view| {
                let consents = view.inside(patient)?.consents(limit)?;
                let ids = consents.iter().map(|consent| consent.id.to_string()).collect();
                let event = Event::new(Action::ConsentsViewed)
                    .patient(patient)
                    .detail(Detail::ids("consents", ids));
                Ok(Audited::new(consents, event))
            })
            .await
    }

    /// The picture of a drawn signature, as PNG.
    ///
    /// # Errors
    /// See [`ConsentError`].
    pub async fn signature(
        &self,
        by: &Clinician,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<Vec<u8>, ConsentError> {
        let sealed = self
            .store
            .clinic(by)
            .read(|view| {
                let missing = RecordError::absent(Target::Consent(consent), patient);
                let sealed = view.inside(patient)?.signature(consent)?.ok_or(missing)?;
                let event = Event::new(Action::ConsentSignatureViewed)
                    .target(Target::Consent(consent))
                    .patient(patient);
                Ok::<_, ConsentError>(Audited::new(sealed, event))
            })
            .await?;
        let key = self
            .vault
            .patient_key(patient)
            .map_err(VaultError::with_sealed_things)?;
        Ok(seal::open(&key, &context(PICTURE, consent), &sealed.picture)?)
    }

    /// Revokes a consent, with a reason (N4).
    ///
    /// # Errors
    /// See [`ConsentError`].
    pub async fn revoke_consent(
        &self,
        by: &Clinician,
        patient: PatientId,
        consent: ConsentId,
        reason: Reason,
    ) -> Result<StoredConsent, ConsentError> {
        let missing = move || RecordError::absent(Target::Consent(consent), patient);
        let recorder = recorder_of(by).ok_or_else(missing)?;
        let revocation = Revocation {
            at: self.clock.now(),
            by: recorder,
            reason,
        };
        self.store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                let record = inside.consent(consent)?.ok_or_else(missing)?;
                let already = |_| ConsentError::AlreadyRevoked(patient, consent);
                let revoked = record.revoke(revocation.clone()).map_err(already)?;
                if !inside.revoke_consent(consent, &revocation)? {
                    return Err(ConsentError::AlreadyRevoked(patient, consent));
                }
                let event = Event::new(Action::ConsentRevoked)
                    .target(Target::Consent(consent))
                    .patient(patient);
                Ok(Audited::new(revoked, event))
            })
            .await
    }

    async fn seal_signature(
        &self,
        by: &Clinician,
        patient: PatientId,
        consent: ConsentId,
        drawn: &Drawn,
    ) -> Result<SealedSignature, ConsentError> {
        let key = match self.sealing_key::<ConsentError>(patient).await {
            Ok(key) => key,
            Err(error) => {
                if let Some(event) = error.denial() {
                    self.store.record(by.caller(), vec![event]).await?;
                }
                return Err(error);
            }
        };
        let entropy = self.entropy.as_ref();
        Ok(SealedSignature {
            strokes: seal::seal(&key, &context(STROKES, consent), &drawn.strokes, entropy)?,
            picture: seal::seal(&key, &context(PICTURE, consent), &drawn.picture, entropy)?,
        })
    }
}

/// Ties a sealed signature to its record, so that two records' signatures cannot be swapped.
fn context(part: &[u8], consent: ConsentId) -> Vec<u8> {
    [part, consent.as_bytes()].concat()
}

const fn method_code(method: &Method) -> &'static str {
    match method {
        Method::Digital { .. } => "digital",
        Method::External { how, .. } => how.code(),
    }
}

fn recorder_of(by: &Clinician) -> Option<Recorder> {
    match &by.caller().actor {
        Actor::Account { id, username } => Some(Recorder {
            account: *id,
            username: username.clone(),
        }),
        Actor::Anonymous | Actor::Operator | Actor::System => None,
    }
}

/// What is known of how consent was given; what was drawn goes to `kept`.
fn drawn_of(given: Given, kept: &mut Option<Drawn>) -> DraftMethod {
    match given {
        Given::Drawn {
            strokes,
            width,
            height,
        } => DraftMethod::Digital(draw(&strokes, width, height).map(|(facts, drawn)| {
            *kept = Some(drawn);
            facts
        })),
        Given::External { how, notes } => DraftMethod::External { how, notes },
    }
}

fn draw(strokes: &[Vec<RawPoint>], width: u32, height: u32) -> Result<(SignatureFacts, Drawn), Invalid> {
    let refused = |error: SignatureError| Invalid::new("signature", error.to_string());
    let drawn = Strokes::new(strokes, width, height).map_err(refused)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let points = strokes.iter().map(Vec::len).sum();
    let bytes = drawn.to_bytes();
    let picture = render_png(&drawn).map_err(|error| Invalid::new("signature", error.to_string()))?;
    let facts = SignatureFacts::new(
        sha256(&bytes),
        sha256(&picture),
        count(drawn.count()),
        count(points),
    )?;
    Ok((
        facts,
        Drawn {
            strokes: bytes,
            picture,
        },
    ))
}

fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}
