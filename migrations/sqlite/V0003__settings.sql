-- Settings of the practice (O2). A key without a row has its default.

CREATE TABLE setting (
    row   INTEGER PRIMARY KEY,
    key   TEXT    NOT NULL UNIQUE,
    value TEXT    NOT NULL
) STRICT;
