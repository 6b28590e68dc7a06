-- What was done or read. Written once, never updated; made to be distributed by id.
CREATE TABLE audit_record (
    id               BLOB NOT NULL PRIMARY KEY,
    office_at        INTEGER NOT NULL,
    wall_at          INTEGER NOT NULL,
    actor            TEXT NOT NULL,
    act              TEXT NOT NULL,
    subject_kind     TEXT NOT NULL,
    subject          BLOB NOT NULL,
    basis_id         BLOB,
    basis_version    INTEGER,
    approval_id      BLOB,
    approval_version INTEGER,
    purpose          TEXT,
    facts            TEXT NOT NULL,
    leaf_hash        BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_record_subject ON audit_record (subject, office_at);

-- Records that wait for their place in the log.
CREATE TABLE audit_pending (
    id BLOB NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- The log: which record stands at which place. Distributed with audit_record, by record_id.
CREATE TABLE audit_leaf (
    no        INTEGER NOT NULL,
    record_id BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    PRIMARY KEY (no, record_id)
) WITHOUT ROWID;
CREATE INDEX audit_leaf_record ON audit_leaf (record_id);

-- The Merkle tree in tiles of 256 hashes (C2SP tlog-tiles); the last of each level grows.
CREATE TABLE audit_tile (
    level  INTEGER NOT NULL,
    no     INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, no)
);

-- What the log signed (C2SP tlog-checkpoint).
CREATE TABLE log_checkpoint (
    size INTEGER NOT NULL PRIMARY KEY,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    at   INTEGER NOT NULL
);

-- How many records the log has: the one row that a sequencer holds.
CREATE TABLE log_head (
    id   BLOB NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL
);
INSERT INTO log_head (id, size) VALUES (x'00000000000000000000000000000000', 0);
