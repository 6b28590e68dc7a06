-- Who lent an account to fraudsters: form F9. It hangs on a record, goes with it from person to person, and is erased with it.
CREATE TABLE person_dropper (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  record_id UUID NOT NULL,
  status TEXT NOT NULL,
  knowledge TEXT,
  minor BIGINT NOT NULL,
  guardian_told BIGINT NOT NULL,
  voluntary BIGINT NOT NULL,
  talked BIGINT NOT NULL,
  proposed_by TEXT,
  listed_by TEXT,
  review_at BIGINT NOT NULL,
  asked_at BIGINT,
  told_sealed BYTEA NOT NULL,
  reason_sealed BYTEA,
  asked_sealed BYTEA,
  version BIGINT NOT NULL
);
CREATE INDEX person_dropper_record ON person_dropper (record_id);
CREATE INDEX person_dropper_status ON person_dropper (status, review_at);
