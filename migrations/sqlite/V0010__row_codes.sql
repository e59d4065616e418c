-- Keyed codes in the rows that decide what somebody may see or do, so that such a row is recognised
-- each time it is read (U4). The program fills them for the rows that are here, in the transaction of this
-- migration and after it compared every row with the trail; from then on a row without its code is not ours.

ALTER TABLE account ADD COLUMN mac BLOB CHECK (length(mac) = 32);
ALTER TABLE consent ADD COLUMN mac BLOB CHECK (length(mac) = 32);
ALTER TABLE session ADD COLUMN mac BLOB CHECK (length(mac) = 32);
ALTER TABLE setting ADD COLUMN mac BLOB CHECK (length(mac) = 32);

-- A row's code is written after the row, so what may not change is named: all but the code.
DROP TRIGGER consent_is_revoked_once;
CREATE TRIGGER consent_is_revoked_once
BEFORE UPDATE OF revoked_at, revoked_by_id, revoked_by_name, revoked_reason ON consent
WHEN OLD.revoked_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a consent is revoked once');
END;

-- The codes of the rows of the migration list, by version.
CREATE TABLE migration_code (
    row INTEGER PRIMARY KEY,
    mac BLOB    NOT NULL CHECK (length(mac) = 32)
) STRICT;
