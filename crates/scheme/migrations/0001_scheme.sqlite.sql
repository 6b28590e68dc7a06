-- Schemes: reports that belong together. Members, what they name and how they tell are projections of reports, made anew at any time;
-- what people have decided (scheme_decision, scheme_pin, ruling) is the slice's own.
CREATE TABLE scheme (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  kind_by TEXT NOT NULL,
  reports INTEGER NOT NULL,
  loss_minor INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  alarms INTEGER NOT NULL,
  anchor_id BLOB NOT NULL,
  into_id BLOB,
  unsorted INTEGER NOT NULL,
  unwatched INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX scheme_no ON scheme (no);
CREATE INDEX scheme_into ON scheme (into_id) WHERE into_id IS NOT NULL;
CREATE INDEX scheme_last ON scheme (organisation_id, last_at);
CREATE INDEX scheme_reports ON scheme (organisation_id, reports);
CREATE INDEX scheme_loss ON scheme (organisation_id, loss_minor);
CREATE INDEX scheme_unsorted ON scheme (unsorted) WHERE unsorted <> 0;
CREATE INDEX scheme_unwatched ON scheme (unwatched) WHERE unwatched <> 0;
-- The one row under which numbers are drawn and schemes change one after the other.
CREATE TABLE scheme_turn (id BLOB PRIMARY KEY NOT NULL, last_no INTEGER NOT NULL) STRICT;
INSERT INTO scheme_turn (id, last_no) VALUES (X'00000000000000000000000000000001', 0);
-- One row for each report that stands. `told` is hashed under a key and goes with the report.
CREATE TABLE scheme_member (
  report_id BLOB PRIMARY KEY NOT NULL,
  scheme_id BLOB,
  alone INTEGER NOT NULL,
  organisation_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  marking TEXT NOT NULL,
  number TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  region TEXT NOT NULL,
  age TEXT NOT NULL,
  lang TEXT NOT NULL,
  bank TEXT NOT NULL,
  loss_minor INTEGER NOT NULL,
  kind TEXT NOT NULL,
  kind_by TEXT NOT NULL,
  says INTEGER NOT NULL,
  signs TEXT NOT NULL,
  paying_at INTEGER,
  told BLOB NOT NULL
) STRICT;
CREATE INDEX scheme_member_scheme ON scheme_member (scheme_id, created_at, report_id);
CREATE INDEX scheme_member_bank ON scheme_member (bank, created_at);
CREATE INDEX scheme_member_at ON scheme_member (organisation_id, created_at);
-- Things by which reports are joined, by keyed hash and mask.
CREATE TABLE scheme_thing (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  masked TEXT NOT NULL,
  own INTEGER NOT NULL,
  imitates TEXT NOT NULL,
  ruling TEXT NOT NULL
) STRICT;
CREATE TABLE scheme_naming (
  thing_id BLOB NOT NULL,
  report_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  how TEXT NOT NULL,
  PRIMARY KEY (thing_id, at, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scheme_naming_report ON scheme_naming (report_id);
-- Stories with a band in common are compared; those of one period of time lie together.
CREATE TABLE scheme_band (
  band INTEGER NOT NULL,
  at INTEGER NOT NULL,
  report_id BLOB NOT NULL,
  PRIMARY KEY (band, at, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scheme_band_report ON scheme_band (report_id);
-- What people have decided about schemes, till it is undone.
CREATE TABLE scheme_decision (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  what TEXT NOT NULL,
  scheme_id BLOB NOT NULL,
  other_id BLOB,
  thing_id BLOB,
  word TEXT NOT NULL,
  reports INTEGER NOT NULL,
  reason_sealed BLOB NOT NULL,
  undone_at INTEGER,
  undone_by TEXT
) STRICT;
CREATE INDEX scheme_decision_scheme ON scheme_decision (scheme_id, created_at);
CREATE INDEX scheme_decision_other ON scheme_decision (other_id, created_at);
CREATE INDEX scheme_decision_parted ON scheme_decision (what) WHERE what = 'parted' AND undone_at IS NULL;
-- Where a decision put a report: into a scheme, or into none.
CREATE TABLE scheme_pin (
  report_id BLOB NOT NULL,
  decision_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  scheme_id BLOB,
  PRIMARY KEY (report_id, decision_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scheme_pin_decision ON scheme_pin (decision_id);
-- What is out of the ordinary, till somebody has seen it.
CREATE TABLE scheme_alarm (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  scheme_id BLOB,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expected_milli INTEGER NOT NULL,
  chance_e INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by TEXT
) STRICT;
CREATE INDEX scheme_alarm_open ON scheme_alarm (organisation_id, raised_at) WHERE closed_at IS NULL;
CREATE INDEX scheme_alarm_scheme ON scheme_alarm (scheme_id, raised_at);
-- What was learnt from decisions about kinds: counts of words, hashed under a key. The latest row counts.
CREATE TABLE scheme_learnt (
  id BLOB PRIMARY KEY NOT NULL,
  at INTEGER NOT NULL,
  stories INTEGER NOT NULL,
  decided TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX scheme_learnt_at ON scheme_learnt (at);
