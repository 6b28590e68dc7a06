-- What was done or read. Written once, never updated; made to be distributed by id.
CREATE TABLE audit_record (
    id               UUID NOT NULL PRIMARY KEY,
    office_at        BIGINT NOT NULL,
    wall_at          BIGINT NOT NULL,
    actor            TEXT NOT NULL,
    act              TEXT NOT NULL,
    subject_kind     TEXT NOT NULL,
    subject          UUID NOT NULL,
    basis_id         UUID,
    basis_version    BIGINT,
    approval_id      UUID,
    approval_version BIGINT,
    purpose          TEXT,
    facts            TEXT NOT NULL,
    leaf_hash        BYTEA NOT NULL
);
CREATE INDEX audit_record_subject ON audit_record (subject, office_at);

-- Records that wait for their place in the log.
CREATE TABLE audit_pending (
    id UUID NOT NULL PRIMARY KEY
);

-- The log: which record stands at which place. Distributed with audit_record, by record_id.
CREATE TABLE audit_leaf (
    no        BIGINT NOT NULL,
    record_id UUID NOT NULL,
    leaf_hash BYTEA NOT NULL,
    PRIMARY KEY (no, record_id)
);
CREATE INDEX audit_leaf_record ON audit_leaf (record_id);

-- The Merkle tree in tiles of 256 hashes (C2SP tlog-tiles); the last of each level grows.
CREATE TABLE audit_tile (
    level  BIGINT NOT NULL,
    no     BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, no)
);

-- What the log signed (C2SP tlog-checkpoint).
CREATE TABLE log_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    root BYTEA NOT NULL,
    note TEXT NOT NULL,
    at   BIGINT NOT NULL
);

-- How many records the log has: the one row that a sequencer holds.
CREATE TABLE log_head (
    id   UUID NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL
);
INSERT INTO log_head (id, size) VALUES ('00000000-0000-0000-0000-000000000000', 0);
