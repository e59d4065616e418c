-- What a filter asks of a line stands behind the order of the last change, so that a page in that order, and a count, read
-- the index from one end and no line. And a list of the few who were added or born in a range is read by that range,
-- whatever its order (P4). All of it is derived.

DROP INDEX patient_line_by_change;
CREATE INDEX patient_line_by_change ON patient_line (owner_id, last_modified, patient_id, created_at, last_appointment,
    next_appointment, entry_count, image_count, born, sex, fitzpatrick, consent_until, consent_latest);
CREATE INDEX patient_line_by_creation ON patient_line (owner_id, created_at);
CREATE INDEX patient_line_by_birth ON patient_line (owner_id, born);
