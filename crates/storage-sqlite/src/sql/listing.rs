//! Lists of patients and what a search reads of them (P4). The lines are read along the index of the list's order, from
//! a position, until the page is full; what a filter leaves out is passed over. Each statement keeps to one form, whatever
//! is asked: a filter that is not used is bound to the whole range.
//!
//! By hand are bound: the owner, the present, how many, the position (its key and id), and the other end of the order.

use super::images::image_columns;

super::table::parameters! {
    by hand: "owner_id" "now" "limit" "key" "id" "end";
    created_from created_to modified_from modified_to appointment_from appointment_to image_from image_to
    entries_from entries_to images_from images_to born_from born_to sexes fitzpatrick given never revoked expired
    tag tags_all tags_all_count tags_any tags_none
}

/// The last appointment of a line. Where the present has left the two appointments of the line, it is looked up.
macro_rules! last_appointment {
    () => {
        concat!(
            "CASE WHEN ",
            present!(),
            " THEN l.last_appointment ELSE coalesce((SELECT max(e.appointment_at) FROM entry e \
             WHERE e.owner_id = ?1 AND e.patient_id = l.patient_id AND e.appointment_at <= ?2), -1) END"
        )
    };
}

macro_rules! next_appointment {
    () => {
        concat!(
            "CASE WHEN ",
            present!(),
            " THEN l.next_appointment ELSE coalesce((SELECT min(e.appointment_at) FROM entry e \
             WHERE e.owner_id = ?1 AND e.patient_id = l.patient_id AND e.appointment_at > ?2), 9223372036854775807) END"
        )
    };
}

/// Whether the present lies between the two appointments of the line.
macro_rules! present {
    () => {
        "l.last_appointment <= ?2 AND l.next_appointment > ?2"
    };
}

/// The state of consent follows from the present and two columns.
macro_rules! consent {
    () => {
        concat!(
            "CASE WHEN l.consent_until > ?2 THEN ",
            parameter!(given),
            " WHEN l.consent_latest = 0 THEN ",
            parameter!(never),
            " WHEN l.consent_latest = 1 THEN ",
            parameter!(revoked),
            " ELSE ",
            parameter!(expired),
            " END"
        )
    };
}

/// How many of the effective tags of a line's patient, or of a use's, are in a list.
macro_rules! tags {
    ($of:literal, $list:expr) => {
        concat!(
            "(SELECT count(*) FROM patient_tag_use t WHERE t.owner_id = ?1 AND t.patient_id = ",
            $of,
            ".patient_id AND t.tag_id IN (SELECT unhex(value) FROM json_each(",
            $list,
            ")))"
        )
    };
}

/// What a filter asks of a line. A page goes along its index by its position, so `"+"` keeps a range for which there is an
/// index too from being taken for that; whoever asks for no page leaves it out of the range to begin with.
macro_rules! filter {
    () => {
        filter!("l", "+", "+", "+", "+", "+")
    };
    // By the tag of a use: what its patient's other tags decide is decided before the line is read.
    (of a use) => {
        filter!("u", "+", "+", "+", "+", "+")
    };
    ($created:literal, $page:literal, $born:literal) => {
        filter!("l", $created, $page, $born, "+", "+")
    };
    ($tags:literal, $created:literal, $page:literal, $born:literal, $entries:literal, $images:literal) => {
        concat!(
            $created,
            "l.created_at BETWEEN ",
            parameter!(created_from),
            " AND ",
            parameter!(created_to),
            " AND ",
            $page,
            "l.last_modified BETWEEN ",
            parameter!(modified_from),
            " AND ",
            parameter!(modified_to),
            " AND ",
            $entries,
            "l.entry_count BETWEEN ",
            parameter!(entries_from),
            " AND ",
            parameter!(entries_to),
            " AND ",
            $images,
            "l.image_count BETWEEN ",
            parameter!(images_from),
            " AND ",
            parameter!(images_to),
            " AND ",
            $born,
            "l.born BETWEEN ",
            parameter!(born_from),
            " AND ",
            parameter!(born_to),
            " AND l.sex & ",
            parameter!(sexes),
            " <> 0 AND l.fitzpatrick & ",
            parameter!(fitzpatrick),
            " <> 0 AND ",
            consent!(),
            " = 1 AND (",
            last_appointment!(),
            ") BETWEEN ",
            parameter!(appointment_from),
            " AND ",
            parameter!(appointment_to),
            " AND (",
            parameter!(image_from),
            " < 0 OR EXISTS (SELECT 1 FROM image i WHERE i.owner_id = ?1 AND i.patient_id = l.patient_id \
             AND i.shown_at BETWEEN ",
            parameter!(image_from),
            " AND ",
            parameter!(image_to),
            ")) AND (",
            parameter!(tags_all_count),
            " = 0 OR ",
            tags!($tags, parameter!(tags_all)),
            " = ",
            parameter!(tags_all_count),
            ") AND (",
            parameter!(tags_any),
            " = '[]' OR ",
            tags!($tags, parameter!(tags_any)),
            " > 0) AND (",
            parameter!(tags_none),
            " = '[]' OR ",
            tags!($tags, parameter!(tags_none)),
            " = 0)"
        )
    };
}

/// The columns of a line in a list that is sorted by `$key`.
macro_rules! line {
    ($key:literal) => {
        concat!(
            "SELECT l.row, l.patient_id, ",
            $key,
            " AS key, ",
            last_appointment!(),
            " AS last_appointment, ",
            next_appointment!(),
            " AS next_appointment "
        )
    };
}

/// A page in the order of an index of lines.
macro_rules! page {
    ($key:literal, $after:literal, $until:literal, $order:literal, $besides:expr) => {
        concat!(
            line!($key),
            "FROM patient_line l WHERE l.owner_id = ?1 AND (",
            $key,
            ", l.patient_id) ",
            $after,
            " (?4, ?5) AND ",
            $key,
            $until,
            "?6 AND ",
            $besides,
            filter!(),
            " ORDER BY ",
            $key,
            $order,
            ", l.patient_id",
            $order,
            " LIMIT ?3"
        )
    };
}

macro_rules! up {
    ($key:literal, $besides:expr) => {
        page!($key, ">", " <= ", "", $besides)
    };
}

macro_rules! down {
    ($key:literal, $besides:expr) => {
        page!($key, "<", " >= ", " DESC", $besides)
    };
}

/// A page of the patients who show a tag, in the order of an index of that tag's uses. However few they are, no other is
/// read.
macro_rules! tagged {
    ($key:literal, $after:literal, $until:literal, $order:literal, $besides:expr) => {
        concat!(
            line!($key),
            "FROM patient_tag_use u CROSS JOIN patient_line l WHERE u.owner_id = ?1 AND u.tag_id = ",
            parameter!(tag),
            " AND (",
            $key,
            ", u.patient_id) ",
            $after,
            " (?4, ?5) AND ",
            $key,
            $until,
            "?6 AND l.owner_id = ?1 AND l.row = u.line AND ",
            $besides,
            filter!(of a use),
            " ORDER BY ",
            $key,
            $order,
            ", u.patient_id",
            $order,
            " LIMIT ?3"
        )
    };
}

macro_rules! tagged_up {
    ($key:literal, $besides:expr) => {
        tagged!($key, ">", " <= ", "", $besides)
    };
}

macro_rules! tagged_down {
    ($key:literal, $besides:expr) => {
        tagged!($key, "<", " >= ", " DESC", $besides)
    };
}

/// A line whose list is sorted by `?3`: 0 last change, 1 last appointment, 2 unique id, 3 name.
macro_rules! line_of_any_list {
    () => {
        concat!(
            "SELECT l.row, l.patient_id, CASE ?3 WHEN 0 THEN l.last_modified WHEN 1 THEN ",
            last_appointment!(),
            " WHEN 2 THEN (SELECT p.unique_id FROM patient p WHERE p.owner_id = ?1 AND p.row = l.row) ELSE l.name_key END AS key, ",
            last_appointment!(),
            " AS last_appointment, ",
            next_appointment!(),
            " AS next_appointment "
        )
    };
}

/// All lines within a range, however the list is sorted.
macro_rules! within {
    ($created:literal, $page:literal, $born:literal, $entries:literal, $images:literal) => {
        concat!(
            line_of_any_list!(),
            "FROM patient_line l WHERE l.owner_id = ?1 AND ",
            filter!("l", $created, $page, $born, $entries, $images)
        )
    };
}

/// The rows of lines that the present has left.
macro_rules! passed {
    () => {
        "SELECT o.row FROM patient_line o WHERE o.owner_id = ?1 AND o.last_appointment > ?2 \
         UNION ALL SELECT n.row FROM patient_line n \
         WHERE +n.owner_id = ?1 AND n.next_appointment <= ?2 AND n.next_appointment < 9223372036854775807"
    };
}

/// Something, if there are more than `?2` lines within a range.
macro_rules! more_than {
    ($column:literal) => {
        more_than!($column, "")
    };
    ($column:literal, $besides:literal) => {
        concat!(
            "SELECT l.row FROM patient_line l WHERE l.owner_id = ?1 AND l.",
            $column,
            " BETWEEN ?3 AND ?4",
            $besides,
            " LIMIT 1 OFFSET ?2"
        )
    };
}

/// A page in the order of the unique ids, of which each patient of an owner has another.
macro_rules! by_unique_id {
    ($after:literal, $until:literal, $order:literal) => {
        concat!(
            line!("p.unique_id"),
            "FROM patient p CROSS JOIN patient_line l WHERE p.owner_id = ?1 AND p.unique_id ",
            $after,
            " ?4 AND p.unique_id",
            $until,
            "?6 AND l.row = p.row AND l.owner_id = ?1 AND ",
            filter!(),
            " ORDER BY p.unique_id",
            $order,
            " LIMIT ?3"
        )
    };
}

/// Patients with fewer entries, and with fewer images, are many: no index has them.
pub(crate) const MANY_HAVE_FEWER: (u64, u64) = (1, 20);

super::keyed_statements! { 1:
    MODIFIED_UP = up!("l.last_modified", "");
    MODIFIED_DOWN = down!("l.last_modified", "");
    // Lines that the present has left are read by APPOINTMENT_PASSED instead, and put where they belong.
    APPOINTMENT_UP = up!("l.last_appointment", concat!(present!(), " AND "));
    APPOINTMENT_DOWN = down!("l.last_appointment", concat!(present!(), " AND "));
    NAME_UP = up!("l.name_key", "");
    NAME_DOWN = down!("l.name_key", "");
    UNIQUE_ID_UP = by_unique_id!(">", " <= ", "");
    UNIQUE_ID_DOWN = by_unique_id!("<", " >= ", " DESC");
    TAGGED_MODIFIED_UP = tagged_up!("u.last_modified", "");
    TAGGED_MODIFIED_DOWN = tagged_down!("u.last_modified", "");
    TAGGED_APPOINTMENT_UP = tagged_up!("u.last_appointment", concat!(present!(), " AND "));
    TAGGED_APPOINTMENT_DOWN = tagged_down!("u.last_appointment", concat!(present!(), " AND "));
    TAGGED_NAME_UP = tagged_up!("u.name_key", "");
    TAGGED_NAME_DOWN = tagged_down!("u.name_key", "");
    TAGGED_UNIQUE_ID_UP = tagged_up!("u.unique_id", "");
    TAGGED_UNIQUE_ID_DOWN = tagged_down!("u.unique_id", "");
    // The key is the appointment as it is now.
    APPOINTMENT_PASSED = concat!(
        "SELECT l.row, l.patient_id, ",
        last_appointment!(),
        " AS key, ",
        last_appointment!(),
        " AS last_appointment, ",
        next_appointment!(),
        " AS next_appointment FROM (",
        passed!(),
        ") passed \
         CROSS JOIN patient_line l WHERE l.owner_id = ?1 AND l.row = passed.row AND ",
        filter!()
    );
    COUNT = concat!(
        "SELECT count(*) FROM patient_line l WHERE l.owner_id = ?1 AND ",
        filter!("+", "", "+")
    );
    // The patients whom COUNT counts.
    MATCHING = concat!(
        "SELECT l.row, l.patient_id FROM patient_line l WHERE l.owner_id = ?1 AND ",
        filter!("+", "", "+")
    );
    CREATED_WITHIN = within!("", "+", "+", "+", "+");
    MODIFIED_WITHIN = within!("+", "", "+", "+", "+");
    BORN_WITHIN = within!("+", "+", "", "+", "+");
    ENTRIES_WITHIN = concat!(within!("+", "+", "+", "", "+"), " AND l.entry_count >= 1");
    IMAGES_WITHIN = concat!(within!("+", "+", "+", "+", ""), " AND l.image_count >= 20");
    // The lines of these patients.
    THESE = concat!(
        line_of_any_list!(),
        "FROM patient p CROSS JOIN patient_line l WHERE p.owner_id = ?1 \
         AND p.id IN (SELECT unhex(value) FROM json_each(?4)) AND l.owner_id = ?1 AND l.row = p.row AND ",
        filter!()
    );
    // Some of them twice.
    APPOINTED_WITHIN = concat!(
        line_of_any_list!(),
        "FROM (SELECT a.row FROM patient_line a WHERE a.owner_id = ?1 AND a.last_appointment BETWEEN ",
        parameter!(appointment_from),
        " AND ",
        parameter!(appointment_to),
        " UNION ALL ",
        passed!(),
        ") found CROSS JOIN patient_line l WHERE l.owner_id = ?1 AND l.row = found.row AND ",
        filter!()
    );
    MANY_CREATED = more_than!("created_at");
    MANY_MODIFIED = more_than!("last_modified");
    MANY_APPOINTED = more_than!("last_appointment");
    MANY_BORN = more_than!("born");
    MANY_ENTRIES = more_than!("entry_count", " AND l.entry_count >= 1");
    MANY_IMAGES = more_than!("image_count", " AND l.image_count >= 20");
    MANY_SHOWN = "SELECT i.row FROM image i WHERE i.owner_id = ?1 AND i.shown_at BETWEEN ?3 AND ?4 LIMIT 1 OFFSET ?2";
    // Whose the images of a range are.
    SHOWN = "SELECT i.row, i.patient_id FROM image i WHERE i.owner_id = ?1 AND i.shown_at BETWEEN ?2 AND ?3 LIMIT ?4";
    // Who shows a tag, from a patient on.
    USES = "SELECT u.row, u.patient_id FROM patient_tag_use u WHERE u.owner_id = ?1 AND u.tag_id = ?2 \
            AND u.patient_id >= ?3 ORDER BY u.patient_id LIMIT ?4";
    COUNT_TAGGED = concat!(
        "SELECT count(*) FROM patient_tag_use u CROSS JOIN patient_line l WHERE u.owner_id = ?1 AND u.tag_id = ",
        parameter!(tag),
        " AND l.owner_id = ?1 AND l.row = u.line AND ",
        filter!(of a use)
    );
    // On how many patients each of these tags is.
    TAGS = "SELECT row, tag_id, patients FROM tag_tally \
            WHERE owner_id = ?1 AND tag_id IN (SELECT unhex(value) FROM json_each(?2))";
    // What a search compares, of these rows, where nothing is filtered.
    COMPARED_ALL = "SELECT row, id, unique_id, first_name, middle_name, last_name, preferred_name, mrn, birth_date, \
                    last_modified FROM patient WHERE +owner_id = ?1 AND row IN (SELECT value FROM json_each(?2))";
    // What a search compares, of these rows. With `+`, because an index of the owner would lead through all rows.
    COMPARED = concat!(
        "SELECT p.row, p.id, p.unique_id, p.first_name, p.middle_name, p.last_name, p.preferred_name, p.mrn, p.birth_date, \
         l.last_modified FROM patient p CROSS JOIN patient_line l \
         WHERE +p.owner_id = ?1 AND p.row IN (SELECT value FROM json_each(?4)) \
         AND l.owner_id = ?1 AND l.row = p.row AND ",
        filter!()
    );
    // The same of every row that the index does not have yet.
    NOT_INDEXED = concat!(
        "SELECT p.row, p.id, p.unique_id, p.first_name, p.middle_name, p.last_name, p.preferred_name, p.mrn, p.birth_date, \
         l.last_modified FROM patient_line l CROSS JOIN patient p \
         WHERE l.owner_id = ?1 AND l.row > ?4 \
         AND p.owner_id = ?1 AND p.row = l.row AND ",
        filter!()
    );
    COVERS = concat!(
        "SELECT ",
        image_columns!(),
        " FROM image WHERE +owner_id = ?1 AND row IN (SELECT (SELECT i.row FROM image i \
         WHERE i.owner_id = ?1 AND i.patient_id = unhex(j.value) ORDER BY i.shown_at DESC, i.id DESC LIMIT 1) \
         FROM json_each(?2) j)"
    );
    GRANTS = "SELECT row, id, purposes, recorded_at, expires_at, revoked_at, patient_id, c.* FROM consent c \
              WHERE owner_id = ?1 AND patient_id IN (SELECT unhex(value) FROM json_each(?2))";
    LINES_OF = concat!(
        "SELECT l.row, ",
        last_appointment!(),
        " AS last_appointment, ",
        next_appointment!(),
        " AS next_appointment FROM patient p CROSS JOIN patient_line l WHERE p.owner_id = ?1 \
         AND p.id IN (SELECT unhex(value) FROM json_each(?3)) AND l.owner_id = ?1 AND l.row = p.row"
    );
}
