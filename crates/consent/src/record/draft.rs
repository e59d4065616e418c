//! From what somebody typed to a record that may be kept, or to every reason why not (N3).

use std::fmt;
use std::net::IpAddr;

use cutis_domain::time::{Day, Zone};
use cutis_domain::{ConsentId, FieldError, Invalid, PatientId, Timestamp};

use super::{ConsentRecord, Expiry, External, Method, Notes, PersonName, Recorder, SignerRole};
use crate::form::{self, Form};
use crate::{Purpose, Purposes, SignatureFacts};

/// A consent that lasts longer than this is a slip of the pen.
const LONGEST_SECONDS: i64 = 100 * 366 * 86_400;

/// What was typed, unchecked.
#[derive(Clone)]
pub struct Draft {
    /// Code of the form's template.
    pub template: String,
    /// Its version.
    pub version: u32,
    /// Its language.
    pub language: String,
    /// Codes of what was agreed to.
    pub purposes: Vec<String>,
    /// How.
    pub method: DraftMethod,
    /// Who signed or spoke.
    pub signer_name: String,
    /// As whom.
    pub signer_role: String,
    /// Who witnessed it; blank is nobody.
    pub witness: Option<String>,
    /// The first day on which it no longer counts, `YYYY-MM-DD`.
    pub expires_on: Option<String>,
}

/// How, unchecked.
#[derive(Clone)]
pub enum DraftMethod {
    /// Signed on the screen. What is wrong with the strokes was found where strokes are understood,
    /// and comes along here so that it is reported with everything else.
    Digital(Result<SignatureFacts, Invalid>),
    /// Given outside this program.
    External {
        /// How.
        how: String,
        /// More about it; blank is nothing.
        notes: Option<String>,
    },
}

impl fmt::Debug for Draft {
    /// Redacted: it names people (G11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("version", &self.version)
            .finish_non_exhaustive()
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
    pub fn parse(draft: &Draft, now: Timestamp, zone: &Zone) -> Result<Self, Vec<FieldError>> {
        let mut faults = Faults(Vec::new());
        let form = faults.form(draft);
        let purposes = faults.purposes(&draft.purposes, form);
        let method = faults.method(&draft.method);
        let signer_name = faults.keep("signerName", PersonName::parse(&draft.signer_name));
        let signer_role = faults.keep("signerRole", SignerRole::parse(&draft.signer_role));
        let witness = faults.keep(
            "witness",
            filled(draft.witness.as_deref())
                .map(PersonName::parse)
                .transpose(),
        );
        let expiry = draft
            .expires_on
            .as_deref()
            .map(|day| parse_expiry(day, now, zone))
            .transpose();
        let expiry = faults.keep("expiresOn", expiry);
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
            _ => Err(faults.0),
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

    /// The record of this patient that is to be kept. It was recorded at the instant it was parsed.
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

/// What was found wrong so far. A method gives `None` exactly when it added something.
struct Faults(Vec<FieldError>);

impl Faults {
    fn keep<T>(&mut self, field: &'static str, parsed: Result<T, Invalid>) -> Option<T> {
        parsed
            .map_err(|invalid| self.0.push(FieldError::new(field, invalid)))
            .ok()
    }

    fn form(&mut self, draft: &Draft) -> Option<&'static Form> {
        let found = form::find(&draft.template, draft.version, &draft.language).ok_or_else(|| {
            let of_template = || form::all().iter().filter(|form| form.template == draft.template);
            if of_template().next().is_none() {
                ("template", "there is no such consent form")
            } else if of_template().all(|form| form.version != draft.version) {
                ("version", "this form has no such version; load the form again")
            } else {
                ("language", "this form does not exist in this language")
            }
        });
        match found {
            Ok(form) => Some(form),
            Err((field, message)) => self.keep(field, Err(Invalid::new("unknown_form", message))),
        }
    }

    fn purposes(&mut self, codes: &[String], form: Option<&Form>) -> Option<Purposes> {
        let mut agreed = Purposes::NONE;
        let mut fault = None;
        for code in codes {
            match Purpose::parse(code) {
                Err(unknown) => fault = Some(unknown),
                Ok(purpose) if agreed.contains(purpose) => {
                    fault = Some(Invalid::new("duplicate", "name each purpose once"));
                }
                Ok(purpose) if form.is_some_and(|form| !form.offers(purpose)) => {
                    fault = Some(Invalid::new(
                        "not_offered",
                        "this form does not ask for one of these purposes",
                    ));
                }
                Ok(purpose) => agreed = agreed.with(purpose),
            }
        }
        let required =
            |purpose| purpose == Purpose::ClinicalRecord || form.is_some_and(|f| f.requires(purpose));
        let missing = Purpose::ALL
            .iter()
            .any(|purpose| required(*purpose) && !agreed.contains(*purpose));
        if missing {
            let message = "the photographs' use in the clinical record must be agreed to";
            fault = fault.or_else(|| Some(Invalid::new("required_purpose", message)));
        }
        self.keep("purposes", fault.map_or(Ok(agreed), Err))
    }

    fn method(&mut self, method: &DraftMethod) -> Option<Method> {
        match method {
            DraftMethod::Digital(signature) => {
                let signature = self.keep("method.strokes", signature.clone())?;
                Some(Method::Digital { signature })
            }
            DraftMethod::External { how, notes } => {
                let how = self.keep("method.how", External::parse(how));
                let notes = filled(notes.as_deref());
                let says_something = notes.is_some_and(|notes| notes.contains(char::is_alphanumeric));
                let notes = if how == Some(External::Other) && !says_something {
                    Err(Invalid::new("empty", "write how the consent was given"))
                } else {
                    notes.map(Notes::parse).transpose()
                };
                let notes = self.keep("method.notes", notes);
                Some(Method::External {
                    how: how?,
                    notes: notes?,
                })
            }
        }
    }
}

/// The text, unless the field was left empty.
fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn parse_expiry(day: &str, now: Timestamp, zone: &Zone) -> Result<Expiry, Invalid> {
    let day = Day::parse(day)?;
    let expiry = Expiry::on(day, zone)?;
    if expiry.instant() <= now {
        Err(Invalid::new("past", "choose a day after today, or none"))
    } else if expiry.instant().seconds_since(now) > LONGEST_SECONDS {
        Err(Invalid::new(
            "range",
            "choose a day within a hundred years, or none",
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
            let mut faults = Faults(Vec::new());
            let codes: Vec<_> = codes.into_iter().map(str::to_owned).collect();
            let agreed = faults.purposes(&codes, Some(&small));
            assert_eq!(
                faults.0.first().map(|fault| fault.invalid.code()),
                code,
                "{codes:?}"
            );
            assert_eq!(agreed.is_some(), code.is_none(), "{codes:?}");
        }
    }
}
