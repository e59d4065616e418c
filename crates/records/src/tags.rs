//! Tags: an account's categories and tags (T1, T3), what they are given to, and what is effective (T2).

mod assign;
mod categories;
mod change;
mod merge;
mod shown;

use cutis_audit::{Action, Audited, Denial, Detail, Event, Target};
use cutis_domain::tag::{STARTERS, Tag, TagCategory, TagName, TagUses};
use cutis_domain::{Clinician, FieldError, Ids, Invalid, Timestamp};
use cutis_storage::{CheckError, ErrorKind, StorageError, Unit};

use crate::error::wraps_record_error;
use crate::{RecordError, Records};

pub use assign::{Assigned, Assignment, Selection, TagLink};
pub use categories::{CategoryPatch, NewCategory};
pub use change::{NewTag, TagPatch};
pub(crate) use shown::with_categories;
pub use shown::{SelectedTag, ShownTag};

/// A field of a request about tags. The numbers are places in the lists that were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagField {
    /// A name.
    Name,
    /// A category's colour.
    Colour,
    /// A tag's category.
    Category,
    /// All tags that are merged.
    AllFrom,
    /// A tag that becomes part of another.
    From(usize),
    /// All tags to be given.
    AllAdded,
    /// A tag to be given.
    Add(usize),
    /// A tag to be taken away.
    Remove(usize),
    /// All that is tagged.
    Targets,
    /// A patient.
    Patient(usize),
    /// An entry.
    Entry(usize),
    /// An image.
    Image(usize),
}

/// Why something about tags could not be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum TagError {
    /// Fields were refused; nothing changed.
    #[error("some fields need a different value")]
    Invalid(Vec<FieldError<TagField>>),
    /// It does not exist, or it is somebody else's: both get the same answer (A10).
    #[error("there is no such thing")]
    Absent {
        /// What was asked for.
        target: Target,
        /// Where in the request, if in its body.
        field: Option<TagField>,
    },
    /// The category still has tags.
    #[error("this category still has tags; move or delete them first, archived ones too")]
    HasTags(Target),
    /// As for any record.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl TagError {
    pub(crate) fn invalid(field: TagField, code: &'static str, remedy: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, Invalid::new(code, remedy))])
    }

    pub(crate) const fn absent(target: Target) -> Self {
        Self::Absent { target, field: None }
    }

    pub(crate) const fn absent_at(target: Target, field: TagField) -> Self {
        Self::Absent {
            target,
            field: Some(field),
        }
    }
}

wraps_record_error!(TagError);

impl Denial for TagError {
    fn denial(&self) -> Option<Event> {
        match self {
            Self::Invalid(_) => None,
            Self::Absent { target, .. } => Some(Event::new(Action::AccessRefused).refused().target(*target)),
            Self::HasTags(category) => Some(
                Event::new(Action::TagCategoryRemoved)
                    .refused()
                    .target(*category)
                    .detail(Detail::code("reason", "not_empty")),
            ),
            Self::Record(error) => error.denial(),
        }
    }
}

/// An account's categories in their order and its tags by name, with how often each is used.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The categories.
    pub categories: Vec<TagCategory>,
    /// The tags, archived ones included.
    pub tags: Vec<(Tag, TagUses)>,
}

impl Records {
    /// The account's categories and tags. The first time anything is asked or changed about an account's tags it gets
    /// its starter categories (T1).
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn tag_catalogue(&self, by: &Clinician) -> Result<Catalogue, TagError> {
        let asked = self.store.clinic(by).check(|view| {
            let begun = view.tags_begun()?;
            Ok(if begun { Ok(()) } else { Err(NotBegun) })
        });
        match asked.await {
            Ok(()) => {}
            Err(CheckError::Storage(error)) => return Err(error.into()),
            Err(CheckError::Refused(NotBegun)) => {
                let (ids, now) = (self.ids.clone(), self.clock.now());
                self.store
                    .clinic(by)
                    .write(move |unit| {
                        begin(unit, &ids, now)?;
                        let event =
                            Event::new(Action::TagCategoryCreated).detail(Detail::code("reason", "starters"));
                        Ok::<_, TagError>(Audited::new((), event))
                    })
                    .await?;
            }
        }
        self.store
            .clinic(by)
            .read(|view| {
                let catalogue = Catalogue {
                    categories: view.tag_categories()?,
                    tags: view.tags()?,
                };
                let event = Event::new(Action::TagsListed)
                    .detail(Detail::number("tags", counted(catalogue.tags.len())));
                Ok(Audited::new(catalogue, event))
            })
            .await
    }
}

/// The account has no catalogue yet, which is nothing to be recorded.
#[derive(Debug, Clone, Copy)]
struct NotBegun;

impl Denial for NotBegun {
    fn denial(&self) -> Option<Event> {
        None
    }
}

/// Gives the account its starter categories if it never had them. Each unit that changes a catalogue begins with this, so
/// that whoever comes first, of two devices or by the API alone, finds the same.
fn begin(unit: &mut Unit<'_>, ids: &Ids, now: Timestamp) -> Result<(), TagError> {
    if unit.tags_begun()? {
        return Ok(());
    }
    unit.begin_tags(now)?;
    for (position, (name, colour)) in (0..).zip(STARTERS) {
        let Ok(name) = TagName::parse(name) else { continue };
        let category = TagCategory {
            id: ids.make(),
            name,
            colour: *colour,
        };
        unit.insert_tag_category(&category, position, now)?;
    }
    Ok(())
}

/// Refuses a name that looks like one of these, which the database takes for another.
fn unless_alike(name: &TagName, others: &[&TagName], message: &'static str) -> Result<(), TagError> {
    if others.iter().any(|other| other.looks_like(name)) {
        Err(TagError::invalid(TagField::Name, "taken", message))
    } else {
        Ok(())
    }
}

/// A name that is taken, which only the database knows for sure.
fn unless_taken<T>(done: Result<T, StorageError>, message: &'static str) -> Result<T, TagError> {
    done.map_err(|error| {
        if error.kind() == ErrorKind::Conflict {
            TagError::invalid(TagField::Name, "taken", message)
        } else {
            error.into()
        }
    })
}

/// A count as the trail has it.
fn counted(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
