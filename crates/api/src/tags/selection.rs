//! From lists of ids, as sent, to what they name.

use std::str::FromStr;

use cutis_domain::{Faults, Invalid};
use cutis_edge::problem::Problem;
use cutis_records::TagField;
use cutis_records::tags::{Assignment, Selection};

use super::dto::{TagAssignment, TagMerge, TagSelection};
use crate::wire_names;

impl TryFrom<TagSelection> for Selection {
    type Error = Problem;

    fn try_from(sent: TagSelection) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let selection = Self {
            patients: ids(&mut faults, &sent.patients, TagField::Patient),
            entries: ids(&mut faults, &sent.entries, TagField::Entry),
            images: ids(&mut faults, &sent.images, TagField::Image),
        };
        faults.finish(Some(selection)).map_err(wire_names::refused)
    }
}

impl TryFrom<TagAssignment> for Assignment {
    type Error = Problem;

    fn try_from(sent: TagAssignment) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let assignment = Self {
            add: ids(&mut faults, &sent.add, TagField::Add),
            remove: ids(&mut faults, &sent.remove, TagField::Remove),
            on: Selection {
                patients: ids(&mut faults, &sent.patients, TagField::Patient),
                entries: ids(&mut faults, &sent.entries, TagField::Entry),
                images: ids(&mut faults, &sent.images, TagField::Image),
            },
        };
        faults.finish(Some(assignment)).map_err(wire_names::refused)
    }
}

impl TryFrom<TagMerge> for Vec<cutis_domain::TagId> {
    type Error = Problem;

    fn try_from(sent: TagMerge) -> Result<Self, Problem> {
        let mut faults = Faults::default();
        let from = ids(&mut faults, &sent.from, TagField::From);
        faults.finish(Some(from)).map_err(wire_names::refused)
    }
}

fn ids<T: FromStr<Err = Invalid>>(
    faults: &mut Faults<TagField>,
    sent: &[String],
    field: fn(usize) -> TagField,
) -> Vec<T> {
    sent.iter()
        .enumerate()
        .filter_map(|(index, id)| faults.take(field(index), id.parse()))
        .collect()
}
