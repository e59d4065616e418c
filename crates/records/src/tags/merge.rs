//! Merging and removing tags (T3), in steps: a unit changes so many links at most, so that nobody waits while a tag of
//! hundreds of thousands of photos goes. Each step is whole by itself. If the program ends in between, the tag is still
//! there with the uses that are left, and asking again continues. Only one tag is emptied at a time: two that were merged
//! into each other would otherwise pass their uses back and forth.

use cutis_audit::{Action, Audited, Detail, Event, Target};
use cutis_domain::page::Limit;
use cutis_domain::tag::{Tag, TagUses};
use cutis_domain::{Clinician, TagId, Timestamp};
use cutis_storage::{StorageError, Unit};

use super::{TagError, TagField};
use crate::Records;

/// How many links a step changes, more only if one patient has more: so few that a change by somebody else is not kept
/// waiting noticeably.
const LINKS_A_STEP: u64 = 200;

/// The maximum number of tags that become part of another at once.
const MAX_MERGED: usize = 20;

/// What a step has done.
struct Step {
    /// The tags that were removed with their last use.
    gone: Vec<TagId>,
    /// Patients who had one of them.
    patients: Vec<String>,
    links: u64,
}

impl Records {
    /// Makes tags part of another: whatever has one of them has that one then, once. They are removed.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn merge_tags(
        &self,
        by: &Clinician,
        into: TagId,
        from: Vec<TagId>,
    ) -> Result<(Tag, TagUses), TagError> {
        let mut left = checked(into, from)?;
        let _alone = self.emptying.lock().await;
        let now = self.clock.now();
        let mut first = true;
        loop {
            let (tags, asked) = (left.clone(), first);
            let (step, kept) = self
                .store
                .clinic(by)
                .write(move |unit| {
                    let kept = unit.tag(into)?.ok_or(TagError::absent(Target::Tag(into)))?;
                    if kept.0.archived_at.is_some() {
                        return Err(TagError::invalid(
                            TagField::AllFrom,
                            "archived",
                            "Bring the tag back that the others become part of; it is archived.",
                        ));
                    }
                    if asked {
                        must_be_there(unit, &tags)?;
                    }
                    let step = step(unit, &tags, Some(into), now)?;
                    let event = event(Action::TagsMerged, into, &step, step.gone.len() == tags.len())
                        .detail(Detail::ids("tags", tags.iter().map(TagId::to_string).collect()));
                    let kept = unit.tag(into)?.unwrap_or(kept);
                    Ok(Audited::new((step, kept), event))
                })
                .await?;
            first = false;
            left.retain(|tag| !step.gone.contains(tag));
            if left.is_empty() {
                return Ok(kept);
            }
        }
    }

    /// Takes a tag away from everything, and removes it.
    ///
    /// # Errors
    /// See [`TagError`].
    pub async fn remove_tag(&self, by: &Clinician, id: TagId) -> Result<(), TagError> {
        let _alone = self.emptying.lock().await;
        let now = self.clock.now();
        let mut first = true;
        loop {
            let asked = first;
            let gone = self
                .store
                .clinic(by)
                .write(move |unit| {
                    if asked {
                        unit.tag(id)?.ok_or(TagError::absent(Target::Tag(id)))?;
                    }
                    let step = step(unit, &[id], None, now)?;
                    let gone = !step.gone.is_empty();
                    Ok::<_, TagError>(Audited::new(gone, event(Action::TagRemoved, id, &step, gone)))
                })
                .await?;
            if gone {
                return Ok(());
            }
            first = false;
        }
    }
}

/// The tags to be merged, each once. None of them is the one that they become part of, which is all that a circle could
/// be made of: what was merged is gone.
fn checked(into: TagId, from: Vec<TagId>) -> Result<Vec<TagId>, TagError> {
    if from.is_empty() || from.len() > MAX_MERGED {
        return Err(TagError::invalid(
            TagField::AllFrom,
            "count",
            format!("Choose 1 to {MAX_MERGED} tags."),
        ));
    }
    let mut tags = Vec::with_capacity(from.len());
    for (index, tag) in from.into_iter().enumerate() {
        if tag == into {
            return Err(TagError::invalid(
                TagField::From(index),
                "itself",
                "Choose another tag; a tag cannot become part of itself.",
            ));
        }
        if tags.contains(&tag) {
            return Err(TagError::invalid(
                TagField::From(index),
                "repeated",
                "Choose each tag once.",
            ));
        }
        tags.push(tag);
    }
    Ok(tags)
}

fn must_be_there(unit: &Unit<'_>, tags: &[TagId]) -> Result<(), TagError> {
    for (index, tag) in tags.iter().enumerate() {
        if unit.tag(*tag)?.is_none() {
            return Err(TagError::absent_at(Target::Tag(*tag), TagField::From(index)));
        }
    }
    Ok(())
}

/// Changes as many links as a step may, and removes each tag that has none left. What another device removed meanwhile
/// is gone too.
fn step(
    unit: &mut Unit<'_>,
    tags: &[TagId],
    into: Option<TagId>,
    now: Timestamp,
) -> Result<Step, StorageError> {
    let limit = Limit::parse(i64::from(Limit::MAX)).unwrap_or_default();
    let mut step = Step {
        gone: Vec::new(),
        patients: Vec::new(),
        links: 0,
    };
    for tag in tags {
        loop {
            let used = unit.tag_patients(*tag, limit)?;
            if used.is_empty() {
                unit.remove_tag(*tag)?;
                step.gone.push(*tag);
                break;
            }
            for patient in used {
                if step.links >= LINKS_A_STEP {
                    return Ok(step);
                }
                let mut inside = unit.inside(patient.patient).map_err(|_| lost())?;
                let links = match into {
                    Some(into) => inside.replace_tag(*tag, into, now)?,
                    None => inside.drop_tag(*tag, now)?,
                };
                step.links = step.links.saturating_add(links.max(1));
                step.patients.push(patient.patient.to_string());
            }
        }
    }
    step.patients.sort_unstable();
    step.patients.dedup();
    Ok(step)
}

/// A use without its patient, which the foreign keys rule out.
fn lost() -> StorageError {
    StorageError::corrupt("patient_tag_use", "patient_id", "?")
}

fn event(action: Action, tag: TagId, step: &Step, finished: bool) -> Event {
    Event::new(action)
        .target(Target::Tag(tag))
        .detail(Detail::number(
            "links",
            i64::try_from(step.links).unwrap_or(i64::MAX),
        ))
        .detail(Detail::ids("patients", step.patients.clone()))
        .detail(Detail::code("step", if finished { "last" } else { "more" }))
}
