-- Persons: who the records of one person belong to. What was told lies sealed in the records alone.
CREATE TABLE person (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  number TEXT NOT NULL,
  records INTEGER NOT NULL,
  into_id BLOB
) STRICT;
CREATE UNIQUE INDEX person_number ON person (number);
CREATE INDEX person_records ON person (records);
CREATE INDEX person_into ON person (into_id);
-- One appearance of a person. Sealed under the key of its report, or, without one, under a key of its own. `born_id` is the person
-- that it began as: parted, it is that one again.
CREATE TABLE person_record (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  source TEXT NOT NULL,
  source_id BLOB NOT NULL,
  report_id BLOB,
  subject_id BLOB NOT NULL,
  born_id BLOB NOT NULL,
  role TEXT NOT NULL,
  person_id BLOB NOT NULL,
  same BLOB NOT NULL,
  told_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX person_record_person ON person_record (person_id);
CREATE INDEX person_record_report ON person_record (report_id);
-- What a record is found by: the first eight bytes of a keyed hash.
CREATE TABLE person_key (
  key INTEGER NOT NULL,
  record_id BLOB NOT NULL,
  PRIMARY KEY (key, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_key_record ON person_key (record_id);
-- Two records that were weighed: how far each field agrees, what it says (thousandths of a bit), and by which model.
CREATE TABLE person_pair (
  id BLOB PRIMARY KEY NOT NULL,
  first_id BLOB NOT NULL,
  second_id BLOB NOT NULL,
  bits INTEGER NOT NULL,
  levels TEXT NOT NULL,
  fields TEXT NOT NULL,
  prior INTEGER NOT NULL,
  model INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_pair_first ON person_pair (first_id);
CREATE INDEX person_pair_second ON person_pair (second_id);
CREATE INDEX person_pair_state ON person_pair (state, bits);
-- What people said of two records. A judgement that was taken back stays, with who took it back.
CREATE TABLE person_judgement (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  first_id BLOB NOT NULL,
  second_id BLOB NOT NULL,
  verdict TEXT NOT NULL,
  reason_sealed BLOB NOT NULL,
  undone_at INTEGER,
  undone_by TEXT
) STRICT;
CREATE INDEX person_judgement_first ON person_judgement (first_id);
CREATE INDEX person_judgement_second ON person_judgement (second_id);
-- The weights by which records are compared, version by version.
CREATE TABLE person_model (
  version INTEGER PRIMARY KEY NOT NULL,
  body TEXT NOT NULL,
  records INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL
) STRICT;
