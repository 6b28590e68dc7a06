-- Who lent an account to fraudsters: form F9. It hangs on a record, goes with it from person to person, and is erased with it.
CREATE TABLE person_dropper (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  record_id BLOB NOT NULL,
  status TEXT NOT NULL,
  knowledge TEXT,
  minor INTEGER NOT NULL,
  guardian_told INTEGER NOT NULL,
  voluntary INTEGER NOT NULL,
  talked INTEGER NOT NULL,
  proposed_by TEXT,
  listed_by TEXT,
  review_at INTEGER NOT NULL,
  asked_at INTEGER,
  told_sealed BLOB NOT NULL,
  reason_sealed BLOB,
  asked_sealed BLOB,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX person_dropper_record ON person_dropper (record_id);
CREATE INDEX person_dropper_status ON person_dropper (status, review_at);
