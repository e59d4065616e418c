//! Patients. The last parameter of every list is the present, which decides about appointments.

macro_rules! patient {
    () => {
        "SELECT p.row, p.id, p.unique_id, p.first_name, p.middle_name, p.last_name, p.preferred_name, \
         p.birth_date, p.sex_at_birth, p.gender, p.pronouns, p.mrn, p.health_card_number, p.email, p.phones, \
         p.address, p.country, p.preferred_language, p.fitzpatrick, p.referring_clinician, \
         p.primary_clinician, p.allergies, p.note, p.guardian_name, p.guardian_relation, p.guardian_phone, \
         p.guardian_may_consent, p.practice_fields, p.field_versions, p.created_at, p.last_modified, p.version, p.image_count, p.entry_count, \
         (SELECT max(e.appointment_at) FROM entry e \
          WHERE e.owner_id = p.owner_id AND e.patient_id = p.id AND e.appointment_at <= ?2), \
         (SELECT min(e.appointment_at) FROM entry e \
          WHERE e.owner_id = p.owner_id AND e.patient_id = p.id AND e.appointment_at > ?2) \
         FROM patient p "
    };
}

super::keyed_statements! { 1:
    BY_ID = concat!(patient!(), "WHERE p.owner_id = ?1 AND p.id = ?3");
    BY_UNIQUE_ID = concat!(patient!(), "WHERE p.owner_id = ?1 AND p.unique_id = ?3");
    EXISTS = "SELECT row FROM patient WHERE owner_id = ?1 AND id = ?2";
    ID_OF_UNIQUE_ID = "SELECT row, id FROM patient WHERE owner_id = ?1 AND unique_id = ?2";
    FIRST_PAGE = concat!(
        patient!(),
        "WHERE p.owner_id = ?1 ORDER BY p.last_modified DESC, p.id DESC LIMIT ?3"
    );
    NEXT_PAGE = concat!(
        patient!(),
        "WHERE p.owner_id = ?1 AND (p.last_modified, p.id) < (?4, ?5) \
         ORDER BY p.last_modified DESC, p.id DESC LIMIT ?3"
    );
    // The index holds the searched text, so rows are only read once they match. An exact unique id
    // is found before and not again here.
    SEARCH = concat!(
        patient!(),
        "WHERE p.row IN (SELECT m.row FROM patient m \
         WHERE m.owner_id = ?1 AND instr(m.search, ?4) > 0 AND m.row <> ?5 \
         ORDER BY m.last_modified DESC, m.id DESC LIMIT ?3) \
         ORDER BY p.last_modified DESC, p.id DESC"
    );
    SEARCH_COUNT = "SELECT count(*) FROM patient m \
                    WHERE m.owner_id = ?1 AND instr(m.search, ?2) > 0 AND m.row <> ?3";
    COUNT = "SELECT patients FROM patient_tally WHERE owner_id = ?1";
    INSERT = "INSERT INTO patient (owner_id, unique_id, first_name, middle_name, last_name, preferred_name, \
              birth_date, sex_at_birth, gender, pronouns, mrn, health_card_number, email, phones, address, \
              country, preferred_language, fitzpatrick, referring_clinician, primary_clinician, allergies, \
              note, guardian_name, guardian_relation, guardian_phone, guardian_may_consent, practice_fields, \
              search, id, created_at, last_modified) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, \
              ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?30)";
    UPDATE = "UPDATE patient SET unique_id = ?2, first_name = ?3, middle_name = ?4, last_name = ?5, \
              preferred_name = ?6, birth_date = ?7, sex_at_birth = ?8, gender = ?9, pronouns = ?10, \
              mrn = ?11, health_card_number = ?12, email = ?13, phones = ?14, address = ?15, country = ?16, \
              preferred_language = ?17, fitzpatrick = ?18, referring_clinician = ?19, \
              primary_clinician = ?20, allergies = ?21, note = ?22, guardian_name = ?23, \
              guardian_relation = ?24, guardian_phone = ?25, guardian_may_consent = ?26, practice_fields = ?27, search = ?28, \
              last_modified = max(last_modified, ?30), field_versions = ?32, version = version + 1 \
              WHERE owner_id = ?1 AND id = ?29 AND version = ?31";
}
