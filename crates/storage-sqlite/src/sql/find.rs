//! The index that narrows a search, whosever the patients are: the owner is inside of each token. And what else the
//! writer keeps up to date.

super::statements! {
    STATE = "SELECT row, names, grams, upto FROM patient_find_state WHERE row = 1";
    SET_NAMES = "UPDATE patient_find_state SET names = ?1 WHERE row = 1";
    SET_GRAMS = "UPDATE patient_find_state SET grams = ?1, upto = ?2 WHERE row = 1";
    CANDIDATES = "SELECT rowid FROM patient_find WHERE patient_find MATCH ?1 AND rowid < ?2 \
                  ORDER BY rowid DESC LIMIT ?3";
    DUE = "SELECT row FROM patient_find_due";
    SOME_DUE = "SELECT row FROM patient_find_due ORDER BY row LIMIT ?1";
    HOW_MANY_DUE = "SELECT count(*) FROM (SELECT 1 FROM patient_find_due LIMIT ?1)";
    NOT_DUE = "DELETE FROM patient_find_due WHERE row = ?1";
    NONE_DUE = "DELETE FROM patient_find_due";
    EMPTY = "INSERT INTO patient_find (patient_find) VALUES ('delete-all')";
    FORGET = "DELETE FROM patient_find WHERE rowid = ?1";
    // `patient_find_idx` is FTS5's own: where each part has which words.
    NEXT_PART = "SELECT coalesce(min(segid), 0) FROM patient_find_idx WHERE segid > ?1";
    // Writes now what would else be written when a savepoint or the transaction ends, where a failure undoes more.
    FLUSH = "INSERT INTO patient_find (patient_find) VALUES ('flush')";
    FIRST_DOCUMENT = "SELECT coalesce(min(id), 0) FROM patient_find_docsize";
    LAST_DOCUMENT = "SELECT coalesce(max(id), 0) FROM patient_find_docsize";
    IS_DUE = "SELECT 1 FROM patient_find_due WHERE row = ?1";
    IS_FOUND = "SELECT count(*) FROM patient_find WHERE patient_find MATCH ?1 AND rowid = ?2";
    MERGE = "INSERT INTO patient_find (patient_find, rank) VALUES ('merge', ?1)";
    LAST_ROW = "SELECT coalesce(max(row), 0) FROM patient_line";
    ADD = "INSERT INTO patient_find (rowid, grams) VALUES (?1, ?2)";
    // What is indexed of a patient.
    INDEXED = "SELECT row, owner_id, unique_id, first_name, middle_name, last_name, preferred_name, mrn, birth_date \
               FROM patient WHERE row = ?1";
    NEXT_INDEXED = "SELECT row, owner_id, unique_id, first_name, middle_name, last_name, preferred_name, mrn, birth_date \
                    FROM patient WHERE row > ?1 ORDER BY row LIMIT ?2";
    // At opening: counting is enough to notice that somebody emptied the index.
    DOCUMENTS = "SELECT (SELECT count(*) FROM patient_find_docsize) + (SELECT count(*) FROM patient_find_due)";
    LINES = "SELECT count(*) FROM patient_line";
    NAME = "UPDATE patient_line SET name_key = ?2 WHERE row = ?1 AND name_key <> ?2";
    OVERDUE = "SELECT row FROM patient_line \
               WHERE next_appointment <= ?1 AND next_appointment < 9223372036854775807 LIMIT ?2";
    // Around the present.
    MOVE_ON = "UPDATE patient_line SET \
               last_appointment = coalesce((SELECT max(e.appointment_at) FROM entry e \
               WHERE e.owner_id = patient_line.owner_id AND e.patient_id = patient_line.patient_id \
               AND e.appointment_at <= ?2), -1), \
               next_appointment = coalesce((SELECT min(e.appointment_at) FROM entry e \
               WHERE e.owner_id = patient_line.owner_id AND e.patient_id = patient_line.patient_id \
               AND e.appointment_at > ?2), 9223372036854775807) WHERE row = ?1";
}
