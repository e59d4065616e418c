//! Changing a comparison group: heading, note, how it is shown, which images, and its place.

use cutis_audit::{Audited, Detail};
use cutis_domain::comparison::{Comparison, GroupField};
use cutis_domain::{Clinician, ComparisonId, PatientId, Sensitive, Timestamp};
use cutis_storage::{OpenEntry, PatientUnit};

use super::{
    ComparisonError, ComparisonPatch, Refusal, Saved, ShownComparison, changed, must_have_been,
    must_have_images, no_comparison, refused_as_stale, shown, split, texts,
};
use crate::Records;
use crate::patients::Change;

impl Records {
    /// Changes a comparison group (P6): what the patch names, except fields that somebody else changed since `version`, on
    /// which the change is based. What is refused for any other reason changes nothing.
    ///
    /// # Errors
    /// See [`ComparisonError`].
    pub async fn change_comparison(
        &self,
        by: &Clinician,
        patient: PatientId,
        id: ComparisonId,
        version: u64,
        patch: ComparisonPatch,
    ) -> Result<ShownComparison, ComparisonError> {
        let now = self.clock.now();
        let done = self
            .store
            .clinic(by)
            .write(move |unit| change_in(&mut unit.inside(patient)?, patient, id, version, patch, now))
            .await;
        let fields = match done {
            Ok(Saved::Whole(shown)) => return Ok(*shown),
            Ok(Saved::Without { saved, moved }) => (saved, moved),
            Err(Refusal::Other(error)) => return Err(error),
            Err(Refusal::Stale { moved, .. }) => (Vec::new(), moved),
        };
        let clash = self
            .clash(by, patient, id, None, fields, GroupField::code)
            .await?;
        Err(ComparisonError::Stale(clash))
    }
}

fn change_in(
    inside: &mut PatientUnit<'_, '_>,
    patient: PatientId,
    id: ComparisonId,
    version: u64,
    patch: ComparisonPatch,
    now: Timestamp,
) -> Result<Audited<Saved<GroupField>>, Refusal<GroupField>> {
    let before = inside.comparison(id)?.ok_or(no_comparison(id, patient))?;
    let open = inside.open_entry(before.entry)?;
    must_have_been(version, &before)?;
    if let Some(images) = &patch.images {
        must_have_images(inside, patient, images.as_slice())?;
    }
    let next = before.version.saturating_add(1);
    let position = patch.position;
    let mut after = before.clone();
    apply(patch, &mut after, next);
    let (saved, moved) = split(differing(&before, &after), &before.versions, version);
    if saved.is_empty() && !moved.is_empty() {
        return Err(Refusal::Stale { id, patient, moved });
    }
    for field in &moved {
        restore(*field, &before, &mut after);
    }
    let mut event = changed(id, patient).detail(Detail::group_fields("fields", &saved));
    if saved.contains(&GroupField::Images) {
        event = event.detail(Detail::ids("images", texts(&after.image_ids())));
    }
    if !saved.is_empty() {
        after.version = next;
        after.versions.changed(saved.iter().copied(), next);
        inside.update_comparison(&open, &after, None, now)?;
    }
    if let Some(position) = position {
        event = event.detail(Detail::number("position", position.into()));
        arrange(inside, &open, &after, position, now)?;
    }
    if !moved.is_empty() {
        let done = Saved::Without { saved, moved };
        return Ok(Audited::new(done, event).and(refused_as_stale(id, patient)));
    }
    let shown = shown(&**inside, after)?;
    Ok(Audited::new(Saved::Whole(Box::new(shown)), event))
}

fn apply(patch: ComparisonPatch, group: &mut Comparison, version: u64) {
    sensitive(patch.title).over(&mut group.title);
    sensitive(patch.note).over(&mut group.note);
    group.mode = patch.mode.unwrap_or(group.mode);
    group.layout = patch.layout.unwrap_or(group.layout);
    if let Some(images) = &patch.images {
        group.arrange(images, version);
    }
}

pub(super) fn sensitive<T>(change: Change<T>) -> Change<Sensitive<T>> {
    match change {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(value) => Change::Set(Sensitive::new(value)),
    }
}

/// The fields in which a group becomes another.
fn differing(before: &Comparison, after: &Comparison) -> Vec<GroupField> {
    let differs = |field: &GroupField| match field {
        GroupField::Title => before.title != after.title,
        GroupField::Note => before.note != after.note,
        GroupField::Mode => before.mode != after.mode,
        GroupField::Layout => before.layout != after.layout,
        GroupField::Images => before.image_ids() != after.image_ids(),
    };
    GroupField::ALL.iter().copied().filter(differs).collect()
}

/// Gives a field the value that it had before.
fn restore(field: GroupField, before: &Comparison, after: &mut Comparison) {
    match field {
        GroupField::Title => after.title.clone_from(&before.title),
        GroupField::Note => after.note.clone_from(&before.note),
        GroupField::Mode => after.mode = before.mode,
        GroupField::Layout => after.layout = before.layout,
        GroupField::Images => after.images.clone_from(&before.images),
    }
}

/// Moves a group among those of its visit.
fn arrange<'tx>(
    inside: &mut PatientUnit<'_, 'tx>,
    open: &OpenEntry<'tx>,
    group: &Comparison,
    position: u16,
    now: Timestamp,
) -> Result<(), ComparisonError> {
    let mut groups = inside.comparisons(group.entry)?;
    let from = groups
        .iter()
        .position(|other| other.id == group.id)
        .unwrap_or_default();
    groups.retain(|other| other.id != group.id);
    let to = usize::from(position).min(groups.len());
    if from == to {
        return Ok(());
    }
    groups.insert(to, group.clone());
    for (position, group) in groups.iter().enumerate() {
        if (from.min(to)..=from.max(to)).contains(&position) {
            let position = u16::try_from(position).unwrap_or(u16::MAX);
            inside.update_comparison(open, group, Some(position), now)?;
        }
    }
    Ok(())
}
