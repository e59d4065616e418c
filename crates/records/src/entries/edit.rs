//! Changing a visit, as it is typed (E3, S1).

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::entry::{Entry, Field, Notes};
use cutis_domain::{Clinician, EntryId, FieldError, PatientId};
use cutis_live::{Kept, Merge, Replay, Splice, TextHash, apply, between, merge, splice};
use cutis_storage::port::{FieldValue, KeptEdit, KeptNotes, NewValue, Revision, RevisionHead};
use cutis_storage::{OpenEntry, PatientUnit};

use super::change::{Change, ClientEdit, Edited, FieldEdit, Shown, Told};
use super::clash::clash;
use super::error::number;
use super::sealed::{Place, Sealer, notes_in};
use super::{EntryError, EntryField, author_of, no_entry};
use crate::{RecordError, Records};

/// After so many changes a revision is kept in full, so that none is far from one.
const IN_FULL_EVERY: u64 = 64;

/// Why a unit ends without a change.
enum Stop {
    Refused(EntryError),
    /// All values are what they were, or the same edit was stored before.
    Same(Vec<Edited>),
}

/// What an edit did.
enum Step {
    /// The field has a new version.
    Changed(Edited),
    /// The field has this value already.
    Unchanged(Edited),
    /// The same edit of the same client was answered before.
    Again(Edited),
}

impl Step {
    fn into_edited(self) -> Edited {
        let (Self::Changed(edited) | Self::Unchanged(edited) | Self::Again(edited)) = self;
        edited
    }
}

impl<E: Into<EntryError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl Denial for Stop {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Refused(error) => error.denial(),
            Self::Same(_) => None,
        }
    }
}

impl Records {
    /// Changes one field of a visit, once however often the same edit of a client is sent.
    ///
    /// # Errors
    /// See [`EntryError`]; `Clash` when somebody else changed the same since its base.
    pub async fn edit_entry(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        edit: FieldEdit,
        client: Option<ClientEdit>,
    ) -> Result<Edited, EntryError> {
        let edited = self.edit_fields(by, patient, entry, vec![edit], client).await?;
        edited
            .into_iter()
            .next()
            .ok_or_else(|| no_entry(entry, patient).into())
    }

    /// Changes several fields of a visit, all or nothing.
    ///
    /// # Errors
    /// As [`Records::edit_entry`].
    pub async fn edit_fields(
        &self,
        by: &Clinician,
        patient: PatientId,
        entry: EntryId,
        edits: Vec<FieldEdit>,
        client: Option<ClientEdit>,
    ) -> Result<Vec<Edited>, EntryError> {
        let sealer = self.sealer(by, patient).await?;
        let desk = Desk {
            entry,
            sealer,
            head: RevisionHead {
                version: 0,
                bytes: 0,
                author: author_of(by).ok_or(RecordError::no_patient(patient))?,
                agent: by.caller().agent.clone(),
                at: self.clock.now(),
                restored: None,
            },
        };
        let done = self
            .store
            .clinic(by)
            .write(move |unit| {
                let mut inside = unit.inside(patient)?;
                let found = inside.entry(entry)?.ok_or_else(|| no_entry(entry, patient))?;
                let mut steps = Vec::with_capacity(edits.len());
                for edit in &edits {
                    steps.push(desk.edit(&mut inside, &found, edit, client.as_ref())?);
                }
                let event = event_of(&steps, patient, entry, client.as_ref());
                let done: Vec<_> = steps.into_iter().map(Step::into_edited).collect();
                match event {
                    Some(event) => Ok(Audited::new(done, event)),
                    None => Err(Stop::Same(done)),
                }
            })
            .await;
        match done {
            Ok(edited) | Err(Stop::Same(edited)) => Ok(edited),
            Err(Stop::Refused(error)) => Err(error),
        }
    }
}

/// What is recorded of the edits of one request: which fields have a new version. Of a client's edit that changes
/// nothing it is kept that it was answered, or the same edit, sent again after others', would be taken for a new one.
/// `None` where nothing is stored.
fn event_of(
    steps: &[Step],
    patient: PatientId,
    entry: EntryId,
    client: Option<&ClientEdit>,
) -> Option<Event> {
    let numbers = |wanted: fn(&Step) -> Option<&Edited>| {
        let found = steps.iter().filter_map(wanted);
        found
            .map(|edited| number(edited.field.code(), edited.version))
            .collect::<Vec<_>>()
    };
    let changed = numbers(|step| match step {
        Step::Changed(edited) => Some(edited),
        Step::Unchanged(_) | Step::Again(_) => None,
    });
    let unchanged = numbers(|step| match step {
        Step::Unchanged(edited) => Some(edited),
        Step::Changed(_) | Step::Again(_) => None,
    });
    let (action, versions) = match (changed.is_empty(), unchanged.is_empty(), client) {
        (false, _, _) => (Action::EntryChanged, changed),
        (true, false, Some(_)) => (Action::EntryUnchanged, unchanged),
        (true, _, _) => return None,
    };
    let mut event = Event::new(action).target(Target::Entry(entry)).patient(patient);
    for version in versions {
        event = event.detail(version);
    }
    Some(match client {
        Some(client) => event.detail(Detail::id("client", client.client)),
        None => event,
    })
}

/// What the edits of one request have in common.
struct Desk {
    entry: EntryId,
    sealer: Sealer,
    /// Who makes the changes, and when.
    head: RevisionHead,
}

impl Desk {
    fn edit(
        &self,
        inside: &mut PatientUnit<'_, '_>,
        found: &Entry,
        edit: &FieldEdit,
        client: Option<&ClientEdit>,
    ) -> Result<Step, EntryError> {
        let field = edit.change.field();
        let body = client.map(|client| self.sealer.opener.body(&client.body));
        if let Some((client, body)) = client.zip(body) {
            let kept = inside.last_edit(self.entry, field, client.client)?;
            let last = kept.map(|kept| Kept {
                seq: kept.seq,
                body: kept.body,
            });
            match (Replay::of(last.as_ref(), client.seq, &body), kept) {
                (Replay::Again, Some(kept)) => {
                    return Ok(Step::Again(self.again(inside, edit, &kept)?));
                }
                (Replay::Reused, _) => return Err(EntryError::SeqReused),
                (Replay::Passed, _) => return Err(EntryError::SeqPassed),
                (Replay::New | Replay::Again, _) => {}
            }
        }
        let open = inside.open_entry(self.entry)?;
        let current = found.versions.of(field);
        if edit.base > current {
            return Err(EntryError::BaseAhead(field));
        }
        let edited = match &edit.change {
            Change::Set(Shown::AppointmentAt(_) | Shown::Title(_)) => {
                self.set(inside, (found, &open), edit)?
            }
            Change::Set(Shown::Notes(_)) | Change::Splices { .. } => {
                self.type_on(inside, (found, &open), edit)?
            }
        };
        if let Some((client, body)) = client.zip(body) {
            let kept = KeptEdit {
                seq: client.seq,
                body,
                version: edited.version,
                at: edited.at,
            };
            inside.keep_edit(&open, field, client.client, &kept)?;
        }
        Ok(match edited.told {
            Some(_) => Step::Changed(edited),
            None => Step::Unchanged(edited),
        })
    }

    /// The answer to an edit that was stored before.
    fn again(
        &self,
        inside: &PatientUnit<'_, '_>,
        edit: &FieldEdit,
        kept: &KeptEdit,
    ) -> Result<Edited, EntryError> {
        let field = edit.change.field();
        let mut again = Edited {
            field,
            version: kept.version,
            hash: None,
            at: kept.at,
            merged: None,
            told: None,
        };
        if field == Field::Notes {
            let stored = self.value(inside, kept.version)?;
            let typed = ours(&edit.change, &self.value(inside, edit.base)?)?;
            again.hash = Some(TextHash::of(&stored));
            again.merged = (typed != stored).then(|| between(&typed, &stored));
        }
        Ok(again)
    }

    /// Sets the time or the title.
    fn set<'tx>(
        &self,
        inside: &mut PatientUnit<'_, 'tx>,
        (found, open): (&Entry, &OpenEntry<'tx>),
        edit: &FieldEdit,
    ) -> Result<Edited, EntryError> {
        let (Change::Set(new), field) = (&edit.change, edit.change.field()) else {
            return Err(EntryError::HashDiffers);
        };
        let (theirs, value, text) = match new {
            Shown::Title(title) => (
                Shown::Title(found.title.clone()),
                FieldValue::Title(title.clone()),
                title
                    .as_ref()
                    .map(|title| title.reveal().as_str().to_owned())
                    .unwrap_or_default(),
            ),
            Shown::AppointmentAt(at) => (
                Shown::AppointmentAt(found.appointment_at),
                FieldValue::AppointmentAt(*at),
                at.to_string(),
            ),
            Shown::Notes(_) => return Err(EntryError::HashDiffers),
        };
        let current = found.versions.of(field);
        if theirs == *new {
            return Ok(self.same(field, current, None, None));
        }
        if edit.base < current {
            return Err(clash(&**inside, found, theirs)?);
        }
        let revision = self.revision(
            field,
            current.saturating_add(1),
            text.as_bytes(),
            None,
            edit.restored,
        )?;
        inside.set_value(open, &NewValue { value, revision })?;
        Ok(Edited {
            field,
            version: current.saturating_add(1),
            hash: None,
            at: self.head.at,
            merged: None,
            told: Some(Told {
                base: current,
                change: edit.change.clone(),
            }),
        })
    }

    /// Changes the notes. What was typed is merged, where somebody else has changed other lines since. A whole text is
    /// not: its sender may not have read what would stand beside it.
    fn type_on<'tx>(
        &self,
        inside: &mut PatientUnit<'_, 'tx>,
        (found, open): (&Entry, &OpenEntry<'tx>),
        edit: &FieldEdit,
    ) -> Result<Edited, EntryError> {
        let current = found.versions.notes;
        let was_plain = !matches!(inside.notes(self.entry)?, Some(KeptNotes::Sealed(_)));
        let stored = notes_in(&self.sealer.opener, &**inside, found)?;
        let stored = stored.into_string();
        let base = if edit.base == current {
            stored.clone()
        } else if was_plain {
            String::new()
        } else {
            self.value(inside, edit.base)?
        };
        let typed = ours(&edit.change, &base)?;
        let is_behind = edit.base < current && typed != stored;
        let merged = match &edit.change {
            Change::Set(_) if is_behind => Merge::Clash,
            Change::Set(_) => Merge::Merged(typed.clone()),
            Change::Splices { .. } => merge(&base, &stored, &typed),
        };
        let Merge::Merged(text) = merged else {
            let theirs = Shown::Notes(parsed(&stored)?);
            return Err(clash(&**inside, found, theirs)?);
        };
        let notes = parsed(&text)?;
        let hash = TextHash::of(&text);
        let merged = (typed != text).then(|| between(&typed, &text));
        if text == stored {
            return Ok(self.same(Field::Notes, current, Some(hash), merged));
        }
        if was_plain && !stored.is_empty() {
            // From now on it is sealed, what it was included.
            let mut first = self.revision(Field::Notes, current, stored.as_bytes(), None, None)?;
            first.head.author.clone_from(&found.author);
            first.head.agent = None;
            first.head.at = found.recorded_at;
            inside.insert_revision(open, Field::Notes, &first)?;
        }
        let version = current.saturating_add(1);
        let splices = between(&stored, &text);
        let bytes = notes.as_str().as_bytes();
        let value = FieldValue::Notes(self.sealer.seal(&Place::Notes(self.entry), bytes)?);
        let revision = self.revision(Field::Notes, version, bytes, Some(&splices), edit.restored)?;
        inside.set_value(open, &NewValue { value, revision })?;
        Ok(Edited {
            field: Field::Notes,
            version,
            hash: Some(hash),
            at: self.head.at,
            merged,
            told: Some(Told {
                base: current,
                change: Change::Splices {
                    splices,
                    base_hash: TextHash::of(&stored),
                    hash,
                },
            }),
        })
    }

    /// The notes of a version.
    fn value(&self, inside: &PatientUnit<'_, '_>, version: u64) -> Result<String, EntryError> {
        let changes = inside.revisions_to(self.entry, Field::Notes, version)?;
        self.sealer.opener.value(self.entry, Field::Notes, &changes)
    }

    fn same(
        &self,
        field: Field,
        version: u64,
        hash: Option<TextHash>,
        merged: Option<Vec<Splice>>,
    ) -> Edited {
        Edited {
            field,
            version,
            hash,
            at: self.head.at,
            merged,
            told: None,
        }
    }

    /// What a change made of a field: the splices, where they are much shorter than the value.
    fn revision(
        &self,
        field: Field,
        version: u64,
        value: &[u8],
        splices: Option<&[Splice]>,
        restored: Option<u64>,
    ) -> Result<Revision, EntryError> {
        let splices = splices.map(splice::to_bytes).filter(|bytes| {
            !version.is_multiple_of(IN_FULL_EVERY) && version > 1 && bytes.len() < value.len() / 2
        });
        let content = splices.as_deref().unwrap_or(value);
        Ok(Revision {
            head: RevisionHead {
                version,
                bytes: u64::try_from(value.len()).unwrap_or(u64::MAX),
                restored,
                ..self.head.clone()
            },
            in_full: splices.is_none(),
            content: self
                .sealer
                .seal(&Place::Revision(self.entry, field, version), content)?,
        })
    }
}

fn parsed(text: &str) -> Result<Notes, EntryError> {
    Notes::parse(text)
        .map_err(|invalid| EntryError::Invalid(vec![FieldError::new(EntryField::Of(Field::Notes), invalid)]))
}

/// The sender's text.
fn ours(change: &Change, base: &str) -> Result<String, EntryError> {
    match change {
        Change::Set(Shown::Notes(notes)) => Ok(notes.as_str().to_owned()),
        Change::Splices {
            splices,
            base_hash,
            hash,
        } => {
            if TextHash::of(base) != *base_hash {
                return Err(EntryError::HashDiffers);
            }
            let ours = apply(base, splices, Notes::MOST)?;
            parsed(&ours)?;
            if TextHash::of(&ours) == *hash {
                Ok(ours)
            } else {
                Err(EntryError::HashDiffers)
            }
        }
        Change::Set(Shown::AppointmentAt(_) | Shown::Title(_)) => Err(EntryError::HashDiffers),
    }
}
