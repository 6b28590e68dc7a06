-- One data key per person, wrapped by the master key. A forgotten person keeps the row as a tombstone, so that
-- a second key can never be made under the same id and pass for the first.
CREATE TABLE subject_key (
    subject      UUID   NOT NULL PRIMARY KEY,
    wrapped      BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    forgotten_at BIGINT,
    CHECK ((forgotten_at IS NULL) = (length(wrapped) > 0))
);
