-- One matter in one register, with its clock.
CREATE TABLE registration (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  subject_number TEXT NOT NULL,
  system TEXT NOT NULL,
  since INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX registration_subject ON registration (subject_kind, subject_id, system);
CREATE INDEX registration_due ON registration (organisation_id, state, due_at);

-- Under which number a register holds a matter. A wrong one is marked and kept; of those that stand each is unique.
CREATE TABLE external_ref (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  system TEXT NOT NULL,
  number TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  came_by TEXT NOT NULL,
  registrar_sealed BLOB NOT NULL,
  wrong_at INTEGER,
  wrong_by TEXT,
  wrong_reason_sealed BLOB
) STRICT;
CREATE UNIQUE INDEX external_ref_number ON external_ref (system, number) WHERE wrong_at IS NULL;
CREATE INDEX external_ref_subject ON external_ref (subject_kind, subject_id, system);

-- Decisions and proposals. What they say of people is sealed under the matter's key.
CREATE TABLE registration_decision (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  registration_id BLOB NOT NULL,
  outcome TEXT NOT NULL,
  paper_number TEXT NOT NULL,
  paper_day TEXT NOT NULL,
  articles TEXT NOT NULL,
  addressee TEXT NOT NULL,
  reasons_sealed BLOB NOT NULL,
  standing TEXT NOT NULL,
  second_at INTEGER,
  second_by TEXT,
  second_reason_sealed BLOB
) STRICT;
CREATE INDEX registration_decision_registration ON registration_decision (registration_id);

-- Files with which matters are handed over, sealed under the matter's key. The last one of a matter and register counts.
CREATE TABLE hand_over (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  registration_id BLOB NOT NULL,
  schema_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  channel TEXT NOT NULL,
  file_sealed BLOB NOT NULL,
  institution TEXT NOT NULL,
  posting TEXT NOT NULL,
  due_wall INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  last_error TEXT NOT NULL
) STRICT;
CREATE INDEX hand_over_registration ON hand_over (registration_id);
CREATE INDEX hand_over_posting ON hand_over (posting, due_wall);
