//! Turns what somebody typed into a record that may be stored, or into all reasons why not (N3).

use std::fmt;
use std::net::IpAddr;

use cutis_domain::time::{Day, Zone};
use cutis_domain::{ConsentId, Faults, FieldError, Invalid, PatientId, Read, Timestamp};

use super::{ConsentRecord, Expiry, External, Method, Notes, PersonName, Recorder, SignerRole};
use crate::form::{self, Form};
use crate::{Purpose, Purposes, SignatureFacts};

/// A consent that lasts longer than this must be a typing mistake.
const LONGEST_SECONDS: i64 = 100 * 366 * 86_400;

/// A field of the consent form that can be refused, in the form's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The form's template.
    Template,
    /// The template's version.
    Version,
    /// The form's language.
    Language,
    /// What is agreed to.
    Purposes,
    /// The strokes of a drawn signature.
    Strokes,
    /// How consent was given outside this program.
    How,
    /// More about how.
    Notes,
    /// Who signs or speaks.
    SignerName,
    /// In which role.
    SignerRole,
    /// Who witnesses it.
    Witness,
    /// The first day on which it no longer counts.
    ExpiresOn,
}

/// The values of a form, each parsed or refused on its own. `M` is what is known about how consent was given.
#[derive(Clone)]
pub struct Draft<M = DraftMethod> {
    /// The form that was shown: see [`form_shown`].
    pub form: Result<&'static Form, FieldError<Field>>,
    /// What was agreed to.
    pub purposes: Vec<Read<Purpose>>,
    /// How.
    pub method: M,
    /// Who signed or spoke.
    pub signer_name: Read<PersonName>,
    /// In which role.
    pub signer_role: Read<SignerRole>,
    /// Who witnessed it.
    pub witness: Read<Option<PersonName>>,
    /// The first day on which it no longer counts.
    pub expires_on: Read<Option<Day>>,
}

/// How consent was given, as far as is known.
#[derive(Clone)]
pub enum DraftMethod {
    /// Signed on the screen. Faults of the strokes are found elsewhere, and are passed on here so that they are
    /// reported with everything else.
    Digital(Read<SignatureFacts>),
    /// Given outside this program.
    External {
        /// How.
        how: Read<External>,
        /// More about it.
        notes: Read<Option<Notes>>,
    },
}

impl<M> Draft<M> {
    /// The same draft with its method mapped by `known`.
    pub fn with_method<N>(self, known: impl FnOnce(M) -> N) -> Draft<N> {
        Draft {
            form: self.form,
            purposes: self.purposes,
            method: known(self.method),
            signer_name: self.signer_name,
            signer_role: self.signer_role,
            witness: self.witness,
            expires_on: self.expires_on,
        }
    }
}

/// The form of this template, version and language.
///
/// # Errors
/// Which of the three does not exist.
pub fn form_shown(template: &str, version: u32, language: &str) -> Result<&'static Form, FieldError<Field>> {
    form::find(template, version, language).ok_or_else(|| {
        let of_template = || form::all().iter().filter(|form| form.template == template);
        let (field, message) = if of_template().next().is_none() {
            (
                Field::Template,
                "Load the form again; there is no such consent form.",
            )
        } else if of_template().all(|form| form.version != version) {
            (
                Field::Version,
                "Load the form again; this version of it does not exist.",
            )
        } else {
            (
                Field::Language,
                "Choose another language; this form does not exist in this one.",
            )
        };
        FieldError::new(field, Invalid::new("unknown_form", message))
    })
}

impl<M> fmt::Debug for Draft<M> {
    /// Redacted: it names people (G11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draft[redacted]")
    }
}

impl fmt::Debug for DraftMethod {
    /// Redacted: notes are about a person (G11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digital(_) => "Digital(..)",
            Self::External { .. } => "External { .. }",
        })
    }
}

/// A consent that may be recorded: a known form, the required purpose agreed to, a method, a signer.
#[derive(Debug, Clone)]
pub struct NewRecord {
    form: &'static Form,
    purposes: Purposes,
    method: Method,
    signer_name: PersonName,
    signer_role: SignerRole,
    witness: Option<PersonName>,
    expiry: Option<Expiry>,
    at: Timestamp,
}

impl NewRecord {
    /// Parses a draft, as of `now` in the practice's time zone.
    ///
    /// # Errors
    /// Every field at fault, each with at least one reason, in the order of the form.
    pub fn parse(draft: Draft, now: Timestamp, zone: &Zone) -> Result<Self, Vec<FieldError<Field>>> {
        let mut faults = Faults::default();
        let form = match draft.form {
            Ok(form) => Some(form),
            Err(error) => faults.take(error.field, Err(error.invalid)),
        };
        let purposes = faults.take(Field::Purposes, agreed(draft.purposes, form));
        let method = method_of(&mut faults, draft.method);
        let signer_name = faults.take(Field::SignerName, draft.signer_name);
        let signer_role = faults.take(Field::SignerRole, draft.signer_role);
        let witness = faults.take(Field::Witness, draft.witness);
        let expiry = draft
            .expires_on
            .and_then(|day| day.map(|day| expiry_on(day, now, zone)).transpose());
        let expiry = faults.take(Field::ExpiresOn, expiry);
        match (form, purposes, method, signer_name, signer_role, witness, expiry) {
            (
                Some(form),
                Some(purposes),
                Some(method),
                Some(signer_name),
                Some(signer_role),
                Some(witness),
                Some(expiry),
            ) => Ok(Self {
                form,
                purposes,
                method,
                signer_name,
                signer_role,
                witness,
                expiry,
                at: now,
            }),
            _ => Err(faults.into_vec()),
        }
    }

    /// What was agreed to.
    pub const fn purposes(&self) -> Purposes {
        self.purposes
    }

    /// How.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The record to be stored for this patient. Its time is that of the parsing.
    pub fn record(
        self,
        id: ConsentId,
        patient: PatientId,
        recorded_by: Recorder,
        address: Option<IpAddr>,
    ) -> ConsentRecord {
        ConsentRecord {
            id,
            patient,
            template: self.form.template.to_owned(),
            version: self.form.version,
            language: self.form.language.to_owned(),
            text: self.form.shown(),
            purposes: self.purposes,
            method: self.method,
            signer_name: self.signer_name,
            signer_role: self.signer_role,
            witness: self.witness,
            recorded_by,
            recorded_at: self.at,
            address,
            expiry: self.expiry,
            revocation: None,
        }
    }
}

/// The purposes agreed to: only those that the form asks for, including all that it requires.
fn agreed(codes: Vec<Read<Purpose>>, form: Option<&Form>) -> Result<Purposes, Invalid> {
    let mut agreed = Purposes::NONE;
    let mut fault = None;
    for code in codes {
        match code {
            Err(unknown) => fault = Some(unknown),
            Ok(purpose) if agreed.contains(purpose) => {
                fault = Some(Invalid::new("duplicate", "Choose each purpose once."));
            }
            Ok(purpose) if form.is_some_and(|form| !form.offers(purpose)) => {
                fault = Some(Invalid::new("not_offered", "Choose purposes of this form only."));
            }
            Ok(purpose) => agreed = agreed.with(purpose),
        }
    }
    let required = |purpose| purpose == Purpose::ClinicalRecord || form.is_some_and(|f| f.requires(purpose));
    let missing = Purpose::ALL
        .iter()
        .any(|purpose| required(*purpose) && !agreed.contains(*purpose));
    if missing {
        let message = "Choose the purpose of the clinical record; no photo can be added without it.";
        fault = fault.or_else(|| Some(Invalid::new("required_purpose", message)));
    }
    fault.map_or(Ok(agreed), Err)
}

/// Returns `None` exactly when it added a fault.
fn method_of(faults: &mut Faults<Field>, method: DraftMethod) -> Option<Method> {
    match method {
        DraftMethod::Digital(signature) => {
            let signature = faults.take(Field::Strokes, signature)?;
            Some(Method::Digital { signature })
        }
        DraftMethod::External { how, notes } => {
            let how = faults.take(Field::How, how);
            let notes = notes.and_then(|notes| match notes {
                Some(notes) if how != Some(External::Other) || says_something(&notes) => Ok(Some(notes)),
                None if how != Some(External::Other) => Ok(None),
                Some(_) | None => Err(Invalid::new("empty", "Enter how the consent was given.")),
            });
            let notes = faults.take(Field::Notes, notes);
            Some(Method::External {
                how: how?,
                notes: notes?,
            })
        }
    }
}

fn says_something(notes: &Notes) -> bool {
    notes.as_str().contains(char::is_alphanumeric)
}

fn expiry_on(day: Day, now: Timestamp, zone: &Zone) -> Result<Expiry, Invalid> {
    let expiry = Expiry::on(day, zone)?;
    if expiry.instant() <= now {
        Err(Invalid::new(
            "past",
            "Choose a day after today, or leave this empty.",
        ))
    } else if expiry.instant().seconds_since(now) > LONGEST_SECONDS {
        Err(Invalid::new(
            "range",
            "Choose a day within a hundred years, or leave this empty.",
        ))
    } else {
        Ok(expiry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::FormPurpose;

    /// N3: a form that asks for less records no more than it asked, and not less than it requires.
    #[test]
    fn n3_purposes_are_those_the_form_asks_for() {
        const fn asks(purpose: Purpose) -> FormPurpose {
            FormPurpose {
                purpose,
                label: "",
                description: "",
                required: true,
            }
        }
        const ASKED: &[FormPurpose] = &[asks(Purpose::ClinicalRecord), asks(Purpose::Research)];
        let small = Form {
            purposes: ASKED,
            ..*form::current("en")
        };
        for (codes, code) in [
            (
                vec!["clinical_record", "research", "teaching"],
                Some("not_offered"),
            ),
            (vec!["clinical_record"], Some("required_purpose")),
            (vec!["clinical_record", "research"], None),
        ] {
            let purposes = codes.iter().map(|code| Purpose::parse(code)).collect();
            let agreed = agreed(purposes, Some(&small));
            assert_eq!(agreed.err().map(|fault| fault.code()), code, "{codes:?}");
        }
    }
}
