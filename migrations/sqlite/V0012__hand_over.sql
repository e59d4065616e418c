-- A device handed to a patient for signing (N6): whose consent is signed there, until somebody gives the password. Empty
-- columns leave the digests of the rows as they were attested.

ALTER TABLE session ADD COLUMN handed_to BLOB CHECK (length(handed_to) = 16);
