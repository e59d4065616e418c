-- What filters ask stands behind the other two orders of lines too, so that a line that is passed over is not read (P4).
-- The last change does not, because it would move an entry of both indexes with each change of a patient.

DROP INDEX patient_line_by_appointment;
CREATE INDEX patient_line_by_appointment ON patient_line (owner_id, last_appointment, patient_id, created_at,
    next_appointment, entry_count, image_count, born, sex, fitzpatrick, consent_until, consent_latest);
DROP INDEX patient_line_by_name;
CREATE INDEX patient_line_by_name ON patient_line (owner_id, name_key, patient_id, created_at, entry_count, image_count,
    born, sex, fitzpatrick, consent_until, consent_latest);
