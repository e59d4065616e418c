//! Changing a visit as it is typed.

use cutis_domain::Clinician;
use cutis_domain::entry::Field;
use cutis_live::SpliceError;
use cutis_records::RecordError;
use cutis_records::entries::{ClientEdit, EntryError};

use super::connection::{Connection, Greeted};
use super::heard::{Edit, Refusal};
use super::open::refusal;
use super::said::{About, Said};
use crate::entries::dto::Person;
use crate::entries::sentence;
use crate::names;
use crate::wire_names::{WireName as _, entry_field};

impl Connection {
    /// Stores an edit once, says so, and tells the others. It is the visit's turn.
    pub(super) async fn edit(&self, greeted: &Greeted, by: &Clinician, edit: Edit) {
        let Edit {
            seq,
            patient,
            entry,
            change,
            body,
            by_itself: _,
        } = edit;
        let client = ClientEdit {
            client: greeted.client,
            seq,
            body,
        };
        let edited = self
            .api
            .records
            .edit_entry(by, patient, entry, change, Some(client))
            .await;
        match edited {
            Ok(edited) => {
                greeted.seat.say(Said::ack(seq, entry, &edited));
                let from = Some(greeted.seat.id);
                self.api
                    .live
                    .tell_text(&self.api, by, from, (patient, entry), &edited)
                    .await;
            }
            Err(EntryError::Clash(clash)) => {
                let people = names::beside(&self.api, std::iter::once(&clash.by)).await;
                let person = Person::new(&clash.by, &people);
                greeted.seat.say(Said::clash(seq, &clash, &person));
            }
            Err(error) => greeted.seat.refuse(&refused(seq, error)),
        }
    }
}

fn refused(seq: u64, error: EntryError) -> Refusal {
    let about = About::Edit(seq);
    let code = match &error {
        EntryError::Invalid(errors) => {
            let first = errors.first();
            return Refusal {
                about,
                code: first.map_or("invalid", |first| first.invalid.code()),
                detail: first
                    .map(|first| first.invalid.message().to_owned())
                    .unwrap_or_default(),
                field: first.map(|first| first.field.wire_name().into_owned()),
            };
        }
        EntryError::BaseAhead(field) => {
            return Refusal {
                about,
                code: "base_ahead",
                detail: sentence(&error),
                field: Some(entry_field(*field).to_owned()),
            };
        }
        EntryError::Record(RecordError::Signed { .. }) | EntryError::NotSigned(..) => "signed",
        EntryError::HashDiffers => {
            return Refusal {
                about,
                code: "hash_differs",
                detail: sentence(&error),
                // Only notes are changed by splices, which have hashes.
                field: Some(entry_field(Field::Notes).to_owned()),
            };
        }
        EntryError::Splice(SpliceError::Outside) => "splice_outside",
        EntryError::Splice(SpliceError::TooLong) => "too_long",
        EntryError::SeqReused => "seq_reused",
        EntryError::SeqPassed => "seq_passed",
        EntryError::Clash(_) | EntryError::Record(_) | EntryError::Sealed(_) | EntryError::Vault(_) => {
            return refusal(about, &crate::entries::refused(error));
        }
    };
    Refusal::new(about, code, &sentence(&error))
}
