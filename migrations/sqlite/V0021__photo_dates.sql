-- Patients with photos of a range of days are read from those photos, and the few with so many photos or visits along an
-- index of that number (P4). All of it is derived.

CREATE INDEX image_by_day ON image (owner_id, shown_at, patient_id);
-- Low numbers are frequent, and lists find those soon; so a new patient and the first photos write nothing here.
CREATE INDEX patient_line_by_images ON patient_line (owner_id, image_count) WHERE image_count >= 20;
CREATE INDEX patient_line_by_entries ON patient_line (owner_id, entry_count) WHERE entry_count >= 1;
