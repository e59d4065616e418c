//! What `cutis audit verify` reads: whole tables, by design.

macro_rules! leaves {
    ($surroundings:literal) => {
        concat!(
            "SELECT e.seq, e.class, e.day, e.commitment, e.mac, e.salt, e.payload, ",
            $surroundings,
            " AS surroundings, i.seq, i.at, i.actor, i.action, i.outcome, i.target_kind, i.target_id, i.patient, \
             i.address, i.security FROM trail_entry e LEFT JOIN trail_index i ON i.seq = e.seq "
        )
    };
}

macro_rules! of_action {
    () => {
        "WHERE i.action = ?1 AND i.seq > ?2 AND i.seq <= ?3 ORDER BY i.seq"
    };
}

super::statements! {
    LEAVES = concat!(leaves!("s.text"), "LEFT JOIN trail_surroundings s ON s.row = e.surroundings ORDER BY e.seq");
    LEAVES_OF = concat!(leaves!("s.text"), "LEFT JOIN trail_surroundings s ON s.row = e.surroundings ", of_action!());
    LEAVES_AFTER = concat!(
        leaves!("s.text"),
        "LEFT JOIN trail_surroundings s ON s.row = e.surroundings WHERE e.seq > ?1 ORDER BY e.seq"
    );
    HAS_SURROUNDINGS = "SELECT count(*) FROM sqlite_schema WHERE name = 'trail_surroundings' AND type = 'table'";
    // Of databases from before there were surroundings.
    OLDER_LEAVES_AFTER = concat!(leaves!("NULL"), "WHERE e.seq > ?1 ORDER BY e.seq");
    OLDER_LEAVES = concat!(leaves!("NULL"), "ORDER BY e.seq");
    OLDER_LEAVES_OF = concat!(leaves!("NULL"), of_action!());
    LEAF_HASHES = "SELECT seq, class, day, commitment FROM trail_entry WHERE seq > ?1 ORDER BY seq";
    SEALED_IMAGES = "SELECT row, id, patient_id, sha256, bytes, \
                     thumbnail_bytes + screen_bytes + coalesce(medium_bytes, 0) AS derived_bytes, \
                     original_name, derived_name, edition, turns FROM image ORDER BY patient_id";
    SEALED_PATIENTS = "SELECT patient_id FROM image UNION SELECT patient_id FROM consent_signature \
                       UNION SELECT patient_id FROM entry_revision UNION SELECT patient_id FROM entry_addendum ORDER BY 1";
    TRAIL_TABLES = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' \
                    AND name IN ('trail_entry', 'trail_tail')";
    // A patient's line that is missing, or says something else than the rows that it follows from.
    WRONG_LINE = "SELECT p.row FROM patient p LEFT JOIN patient_line l ON l.row = p.row WHERE l.row IS NULL \
                  OR l.owner_id <> p.owner_id OR l.patient_id <> p.id OR l.created_at <> p.created_at \
                  OR l.last_modified <> p.last_modified OR l.entry_count <> p.entry_count \
                  OR l.image_count <> p.image_count \
                  OR l.born <> coalesce(CAST(replace(p.birth_date, '-', '') AS INTEGER), 0) \
                  OR l.sex <> CASE p.sex_at_birth WHEN 'female' THEN 1 WHEN 'male' THEN 2 WHEN 'intersex' THEN 4 \
                  WHEN 'unknown' THEN 8 ELSE 16 END \
                  OR l.fitzpatrick <> CASE p.fitzpatrick WHEN 'I' THEN 1 WHEN 'II' THEN 2 WHEN 'III' THEN 4 \
                  WHEN 'IV' THEN 8 WHEN 'V' THEN 16 WHEN 'VI' THEN 32 ELSE 64 END \
                  OR l.last_appointment <> coalesce((SELECT max(e.appointment_at) FROM entry e \
                  WHERE e.owner_id = p.owner_id AND e.patient_id = p.id \
                  AND e.appointment_at <= l.last_appointment), -1) \
                  OR l.next_appointment <> coalesce((SELECT min(e.appointment_at) FROM entry e \
                  WHERE e.owner_id = p.owner_id AND e.patient_id = p.id \
                  AND e.appointment_at > l.last_appointment), 9223372036854775807) \
                  OR l.consent_until <> coalesce((SELECT max(coalesce(c.expires_at, 9223372036854775807)) \
                  FROM consent c WHERE c.owner_id = p.owner_id AND c.patient_id = p.id \
                  AND c.revoked_at IS NULL), 0) \
                  OR l.consent_latest <> coalesce((SELECT CASE WHEN c.revoked_at IS NULL THEN 2 ELSE 1 END \
                  FROM consent c WHERE c.owner_id = p.owner_id AND c.patient_id = p.id \
                  ORDER BY c.recorded_at DESC, c.id DESC LIMIT 1), 0) LIMIT 1";
    STRAY_LINE = "SELECT row FROM patient_line WHERE row NOT IN (SELECT row FROM patient) LIMIT 1";
    NAMED_LINES = "SELECT p.row, l.name_key, p.unique_id, p.first_name, p.middle_name, p.last_name, p.preferred_name, \
                   p.mrn, p.birth_date FROM patient p JOIN patient_line l ON l.row = p.row ORDER BY p.row";
    NOT_INDEXED = "SELECT l.row FROM patient_line l, patient_find_state s WHERE l.row <= s.upto \
                   AND l.row NOT IN (SELECT id FROM patient_find_docsize) \
                   AND l.row NOT IN (SELECT row FROM patient_find_due) LIMIT 1";
    STRAY_SURROUNDINGS = "SELECT count(*) FROM trail_surroundings \
                          WHERE row NOT IN (SELECT surroundings FROM trail_entry WHERE surroundings IS NOT NULL)";
    STRAY_INDEX_ROWS = "SELECT count(*) FROM trail_index i \
                        WHERE NOT EXISTS (SELECT 1 FROM trail_entry e WHERE e.seq = i.seq)";
    OTHER_TAILS = "SELECT count(*) FROM trail_tail WHERE row <> 1";
    // What is kept about uses of tags and does not follow from the links, and what follows and is not kept.
    TAG_USES = "WITH links AS (\
                SELECT owner_id, tag_id, patient_id, 1 AS own, 0 AS entries, 0 AS images FROM patient_tag \
                UNION ALL SELECT owner_id, tag_id, patient_id, 0, 1, 0 FROM entry_tag \
                UNION ALL SELECT owner_id, tag_id, patient_id, 0, 0, 1 FROM image_tag), \
                follows AS (SELECT owner_id, tag_id, patient_id, sum(own) AS own, sum(entries) AS entries, \
                sum(images) AS images FROM links GROUP BY owner_id, tag_id, patient_id) \
                SELECT (SELECT count(*) FROM (\
                SELECT owner_id, tag_id, patient_id, own, entries, images FROM patient_tag_use \
                EXCEPT SELECT * FROM follows) a) + (SELECT count(*) FROM (\
                SELECT * FROM follows EXCEPT \
                SELECT owner_id, tag_id, patient_id, own, entries, images FROM patient_tag_use) b)";
    // Uses of tags beside which is something else than the patient's line says.
    TAG_ORDERS = "SELECT count(*) FROM patient_tag_use u \
                  LEFT JOIN patient p ON p.owner_id = u.owner_id AND p.id = u.patient_id \
                  LEFT JOIN patient_line l ON l.row = p.row WHERE l.row IS NULL OR u.line <> l.row \
                  OR u.last_modified <> l.last_modified OR u.last_appointment <> l.last_appointment \
                  OR u.name_key <> l.name_key OR u.unique_id <> p.unique_id";
    // The same of the numbers of each tag, which follow from its uses.
    TAG_TALLIES = "WITH follows AS (SELECT t.owner_id, t.id, count(u.row) AS patients, \
                   coalesce(sum(u.own), 0) AS own, coalesce(sum(u.entries), 0) AS entries, \
                   coalesce(sum(u.images), 0) AS images FROM tag t \
                   LEFT JOIN patient_tag_use u ON u.owner_id = t.owner_id AND u.tag_id = t.id \
                   GROUP BY t.owner_id, t.id) \
                   SELECT (SELECT count(*) FROM (\
                   SELECT owner_id, tag_id, patients, own, entries, images FROM tag_tally \
                   EXCEPT SELECT * FROM follows) a) + (SELECT count(*) FROM (\
                   SELECT * FROM follows EXCEPT \
                   SELECT owner_id, tag_id, patients, own, entries, images FROM tag_tally) b)";
    SEEN = "SELECT row, session_id, last_seen_at, mac FROM session_seen ORDER BY row";
    SCHEMA = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
    // Parts of an index that are no plain columns in an order of SQLite's own, and whether it leaves rows out.
    ODD_INDEX = "SELECT (SELECT count(*) FROM pragma_index_xinfo(?1) \
                 WHERE key = 1 AND (cid < -1 OR upper(coll) NOT IN ('BINARY', 'NOCASE', 'RTRIM'))) \
                 + (SELECT count(*) FROM sqlite_schema s, pragma_index_list(s.tbl_name) l \
                 WHERE s.name = ?1 AND s.type = 'index' AND l.name = ?1 AND l.partial <> 0)";
    POINTERS = "SELECT count(*) FROM pragma_foreign_key_list(?1)";
    TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    HISTORY_CODES = "SELECT version, name, applied_on, checksum, mac FROM refinery_schema_history \
                     LEFT JOIN migration_code ON row = version ORDER BY version";
    STRAY_HISTORY_CODES = "SELECT row FROM migration_code \
                           WHERE row NOT IN (SELECT version FROM refinery_schema_history)";
    // To the letter what the migration library makes, which older databases have.
    MAKE_HISTORY = "CREATE TABLE IF NOT EXISTS refinery_schema_history(\n             version int4 PRIMARY KEY,\n             \
                    name VARCHAR(255),\n             applied_on VARCHAR(255),\n             \
                    checksum VARCHAR(255));";
    NOTE_MIGRATION = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
                      VALUES (?1, ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?3)";
    SEAL_MIGRATION = "INSERT INTO migration_code (row, mac) VALUES (?1, ?2)";
    HISTORY_EXISTS = "SELECT count(*) FROM sqlite_schema WHERE name = 'refinery_schema_history'";
    HISTORY = "SELECT version, name, applied_on, checksum FROM refinery_schema_history ORDER BY version";
    OBJECTS = "SELECT count(*) FROM sqlite_schema";
    INTEGRITY = "PRAGMA integrity_check(1)";
    FOREIGN_KEYS = "PRAGMA foreign_key_check";
    SCHEMA_VERSION = "PRAGMA schema_version";
    // Another number whenever another connection has written.
    DATA_VERSION = "PRAGMA data_version";
    USER_VERSION = "PRAGMA user_version";
    APPLICATION_ID = "PRAGMA application_id";
}
