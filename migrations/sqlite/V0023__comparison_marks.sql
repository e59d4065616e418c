-- A comparison's note and layout, and what is marked on its images (C1, C3). Empty columns leave the digests of the rows as
-- they were attested: nothing is noted, nothing is marked, nothing was changed.

ALTER TABLE comparison ADD COLUMN note           TEXT;
-- In how many columns; the program has the list.
ALTER TABLE comparison ADD COLUMN layout         TEXT    CHECK (length(layout) BETWEEN 1 AND 20);
-- Changes are counted from 1, of the group and of what is marked in it, and of each field the last one is known:
-- {"<field>": <version>, "*": <version of all others>}.
ALTER TABLE comparison ADD COLUMN version        INTEGER CHECK (version > 1);
ALTER TABLE comparison ADD COLUMN field_versions TEXT    CHECK (json_type(field_versions) = 'object');

ALTER TABLE comparison_image ADD COLUMN label          TEXT;
-- Places are shares of the image's width and height in billionths, each a list of two numbers.
-- {"crop": [x, y, width, height], "rotation": millionths of a degree, "scale": millionths, "offset": [right, down]}
ALTER TABLE comparison_image ADD COLUMN view           TEXT    CHECK (json_type(view) = 'object');
ALTER TABLE comparison_image ADD COLUMN landmarks      TEXT    CHECK (json_type(landmarks) = 'array');
-- {"from": place, "to": place, "length": thousandths of a millimetre}
ALTER TABLE comparison_image ADD COLUMN ruler          TEXT    CHECK (json_type(ruler) = 'object');
ALTER TABLE comparison_image ADD COLUMN annotations    TEXT    CHECK (json_type(annotations) = 'array');
-- How many quarters the image was turned when these were marked.
ALTER TABLE comparison_image ADD COLUMN turns          INTEGER CHECK (turns BETWEEN 1 AND 3);
ALTER TABLE comparison_image ADD COLUMN field_versions TEXT    CHECK (json_type(field_versions) = 'object');

DROP TRIGGER comparison_image_stays;

CREATE TRIGGER comparison_image_stays BEFORE UPDATE OF owner_id, patient_id, comparison_id, image_id ON comparison_image BEGIN
    SELECT RAISE(ABORT, 'the images of a comparison are added and removed');
END;
