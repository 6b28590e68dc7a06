-- Schemes: reports that belong together. Members, what they name and how they tell are projections of reports, made anew at any time;
-- what people have decided (scheme_decision, scheme_pin, ruling) is the slice's own.
CREATE TABLE scheme (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  no BIGINT NOT NULL,
  kind TEXT NOT NULL,
  kind_by TEXT NOT NULL,
  reports BIGINT NOT NULL,
  loss_minor BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  alarms BIGINT NOT NULL,
  anchor_id UUID NOT NULL,
  into_id UUID,
  unsorted BIGINT NOT NULL,
  unwatched BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX scheme_no ON scheme (no);
CREATE INDEX scheme_into ON scheme (into_id) WHERE into_id IS NOT NULL;
CREATE INDEX scheme_last ON scheme (organisation_id, last_at);
CREATE INDEX scheme_reports ON scheme (organisation_id, reports);
CREATE INDEX scheme_loss ON scheme (organisation_id, loss_minor);
CREATE INDEX scheme_unsorted ON scheme (unsorted) WHERE unsorted <> 0;
CREATE INDEX scheme_unwatched ON scheme (unwatched) WHERE unwatched <> 0;
-- The one row under which numbers are drawn and schemes change one after the other.
CREATE TABLE scheme_turn (id UUID PRIMARY KEY NOT NULL, last_no BIGINT NOT NULL);
INSERT INTO scheme_turn (id, last_no) VALUES ('00000000-0000-0000-0000-000000000001', 0);
-- One row for each report that stands. `told` is hashed under a key and goes with the report.
CREATE TABLE scheme_member (
  report_id UUID PRIMARY KEY NOT NULL,
  scheme_id UUID,
  alone BOOLEAN NOT NULL,
  organisation_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  marking TEXT NOT NULL,
  number TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  region TEXT NOT NULL,
  age TEXT NOT NULL,
  lang TEXT NOT NULL,
  bank TEXT NOT NULL,
  loss_minor BIGINT NOT NULL,
  kind TEXT NOT NULL,
  kind_by TEXT NOT NULL,
  says BIGINT NOT NULL,
  signs TEXT NOT NULL,
  paying_at BIGINT,
  told BYTEA NOT NULL
);
CREATE INDEX scheme_member_scheme ON scheme_member (scheme_id, created_at, report_id);
CREATE INDEX scheme_member_bank ON scheme_member (bank, created_at);
CREATE INDEX scheme_member_at ON scheme_member (organisation_id, created_at);
-- Things by which reports are joined, by keyed hash and mask.
CREATE TABLE scheme_thing (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  masked TEXT NOT NULL,
  own BOOLEAN NOT NULL,
  imitates TEXT NOT NULL,
  ruling TEXT NOT NULL
);
CREATE TABLE scheme_naming (
  thing_id UUID NOT NULL,
  report_id UUID NOT NULL,
  at BIGINT NOT NULL,
  how TEXT NOT NULL,
  PRIMARY KEY (thing_id, at, report_id)
);
CREATE INDEX scheme_naming_report ON scheme_naming (report_id);
-- Stories with a band in common are compared; those of one period of time lie together.
CREATE TABLE scheme_band (
  band BIGINT NOT NULL,
  at BIGINT NOT NULL,
  report_id UUID NOT NULL,
  PRIMARY KEY (band, at, report_id)
);
CREATE INDEX scheme_band_report ON scheme_band (report_id);
-- What people have decided about schemes, till it is undone.
CREATE TABLE scheme_decision (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  what TEXT NOT NULL,
  scheme_id UUID NOT NULL,
  other_id UUID,
  thing_id UUID,
  word TEXT NOT NULL,
  reports BIGINT NOT NULL,
  reason_sealed BYTEA NOT NULL,
  undone_at BIGINT,
  undone_by TEXT
);
CREATE INDEX scheme_decision_scheme ON scheme_decision (scheme_id, created_at);
CREATE INDEX scheme_decision_other ON scheme_decision (other_id, created_at);
CREATE INDEX scheme_decision_parted ON scheme_decision (what) WHERE what = 'parted' AND undone_at IS NULL;
-- Where a decision put a report: into a scheme, or into none.
CREATE TABLE scheme_pin (
  report_id UUID NOT NULL,
  decision_id UUID NOT NULL,
  at BIGINT NOT NULL,
  scheme_id UUID,
  PRIMARY KEY (report_id, decision_id)
);
CREATE INDEX scheme_pin_decision ON scheme_pin (decision_id);
-- What is out of the ordinary, till somebody has seen it.
CREATE TABLE scheme_alarm (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  scheme_id UUID,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expected_milli BIGINT NOT NULL,
  chance_e BIGINT NOT NULL,
  closed_at BIGINT,
  closed_by TEXT
);
CREATE INDEX scheme_alarm_open ON scheme_alarm (organisation_id, raised_at) WHERE closed_at IS NULL;
CREATE INDEX scheme_alarm_scheme ON scheme_alarm (scheme_id, raised_at);
-- What was learnt from decisions about kinds: counts of words, hashed under a key. The latest row counts.
CREATE TABLE scheme_learnt (
  id UUID PRIMARY KEY NOT NULL,
  at BIGINT NOT NULL,
  stories BIGINT NOT NULL,
  decided TEXT NOT NULL,
  body BYTEA NOT NULL
);
CREATE INDEX scheme_learnt_at ON scheme_learnt (at);
