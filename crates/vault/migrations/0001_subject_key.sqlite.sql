-- One data key per person, wrapped by the master key. A forgotten person keeps the row as a tombstone, so that
-- a second key can never be made under the same id and pass for the first.
CREATE TABLE subject_key (
    subject      BLOB    NOT NULL PRIMARY KEY,
    wrapped      BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    forgotten_at INTEGER,
    CHECK ((forgotten_at IS NULL) = (length(wrapped) > 0))
) STRICT, WITHOUT ROWID;
