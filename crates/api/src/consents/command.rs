//! From the consent form, as sent, to what it says (N3).

use cutis_consent::Purpose;
use cutis_consent::record::{Draft, External, Notes, PersonName, Reason, SignerRole, form_shown};
use cutis_domain::faults::filled;
use cutis_domain::time::Day;
use cutis_edge::problem::Problem;
use cutis_records::consents::{Given, RawPoint};

use super::dto::{ConsentInput, ConsentMethodInput, Revocation, StrokePoint};

impl From<ConsentInput> for Draft<Given> {
    fn from(sent: ConsentInput) -> Self {
        Self {
            form: form_shown(&sent.template, sent.version, &sent.language),
            purposes: sent.purposes.iter().map(|code| Purpose::parse(code)).collect(),
            method: sent.method.into(),
            signer_name: PersonName::parse(&sent.signer_name),
            signer_role: SignerRole::parse(&sent.signer_role),
            witness: filled(sent.witness.as_deref()).map(PersonName::parse).transpose(),
            expires_on: sent.expires_on.as_deref().map(Day::parse).transpose(),
        }
    }
}

impl From<ConsentMethodInput> for Given {
    fn from(sent: ConsentMethodInput) -> Self {
        match sent {
            ConsentMethodInput::Digital {
                strokes,
                width,
                height,
            } => Self::Drawn {
                strokes: strokes
                    .iter()
                    .map(|stroke| stroke.iter().map(point).collect())
                    .collect(),
                width,
                height,
            },
            ConsentMethodInput::External { how, notes } => Self::External {
                how: External::parse(&how),
                notes: filled(notes.as_deref()).map(Notes::parse).transpose(),
            },
        }
    }
}

const fn point(sent: &StrokePoint) -> RawPoint {
    RawPoint {
        x: sent.x,
        y: sent.y,
        time: sent.t,
    }
}

impl TryFrom<Revocation> for Reason {
    type Error = Problem;

    fn try_from(sent: Revocation) -> Result<Self, Problem> {
        Self::parse(&sent.reason)
            .map_err(|invalid| Problem::invalid("reason", invalid.code(), invalid.message()))
    }
}
