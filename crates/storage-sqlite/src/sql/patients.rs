//! Patients. Where appointments are read, `?2` is the present, which decides about them.

super::table::table! {
    "patient";
    // A change asks for the version that it was made from; a new row begins with it.
    by hand: "owner_id" "id" "at" "version";
    columns: unique_id first_name middle_name last_name preferred_name birth_date sex_at_birth gender pronouns mrn
        health_card_number email phones address country preferred_language fitzpatrick referring_clinician
        primary_clinician allergies note guardian_name guardian_relation guardian_phone guardian_may_consent
        practice_fields field_versions;
    written: search;
    read: id created_at last_modified version image_count entry_count;
}

macro_rules! patient {
    () => {
        concat!(
            "SELECT ",
            selected!(),
            ", (SELECT max(e.appointment_at) FROM entry e \
             WHERE e.owner_id = p.owner_id AND e.patient_id = p.id AND e.appointment_at <= ?2) AS last_appointment, \
             (SELECT min(e.appointment_at) FROM entry e \
             WHERE e.owner_id = p.owner_id AND e.patient_id = p.id AND e.appointment_at > ?2) AS next_appointment \
             FROM patient p "
        )
    };
}

super::keyed_statements! { 1:
    BY_ID = concat!(patient!(), "WHERE p.owner_id = ?1 AND p.id = ?3");
    EXISTS = "SELECT row FROM patient WHERE owner_id = ?1 AND id = ?2";
    ID_OF_UNIQUE_ID = "SELECT row, id FROM patient WHERE owner_id = ?1 AND unique_id = ?2";
    // The appointments are those of the lines, which a list has read. Columns at the end of a row are left out, so that
    // SQLite does not read a row to its end.
    LISTED = "SELECT row, id, unique_id, first_name, last_name, preferred_name, birth_date, sex_at_birth, last_modified, \
              image_count, entry_count FROM patient \
              WHERE +owner_id = ?1 AND row IN (SELECT value FROM json_each(?2))";
    SET_NAME_KEY = "UPDATE patient_line SET name_key = ?3 \
                    WHERE owner_id = ?1 AND row = (SELECT row FROM patient WHERE owner_id = ?1 AND id = ?2)";
    COUNT = "SELECT patients FROM patient_tally WHERE owner_id = ?1";
    INSERT = concat!(
        "INSERT INTO patient (owner_id, id, created_at, last_modified, version",
        named!(),
        ") VALUES (?1, ?2, ?3, ?3, ?4",
        numbered!(),
        ")"
    );
    UPDATE = concat!(
        "UPDATE patient SET ",
        assigned!(),
        "last_modified = max(last_modified, ?3), version = version + 1 \
         WHERE owner_id = ?1 AND id = ?2 AND version = ?4"
    );
}
