-- Fraud reports as told. Corrections are notes or later facts; what was told is never edited.
-- `*_sealed` columns are ciphertext under the report's own data key (crates/vault).
CREATE TABLE report (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  number TEXT NOT NULL,
  channel TEXT NOT NULL,
  ongoing INTEGER NOT NULL,
  harm TEXT NOT NULL,
  loss_minor INTEGER NOT NULL,
  loss_asset TEXT NOT NULL,
  reporter_sealed BLOB NOT NULL,
  story_sealed BLOB,
  details_sealed BLOB,
  code_hash BLOB,
  code_tries INTEGER NOT NULL,
  code_tries_since INTEGER NOT NULL,
  withdrawn_at INTEGER,
  first_action_due INTEGER NOT NULL,
  next_message_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_number ON report (number);
CREATE INDEX report_created ON report (created_at);
-- Payments that the reporter named.
CREATE TABLE report_payment (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  asset TEXT NOT NULL,
  earliest INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  told_sealed BLOB,
  own_institution TEXT NOT NULL,
  own_account_sealed BLOB,
  to_kind TEXT NOT NULL,
  to_sealed BLOB,
  to_masked TEXT NOT NULL,
  to_institution TEXT NOT NULL,
  reference_sealed BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX report_payment_report ON report_payment (report_id);
-- Answers of a form not yet sent: they survive a reload, a lost line and a change of language.
CREATE TABLE report_draft (
  id BLOB PRIMARY KEY NOT NULL,
  token_hash BLOB NOT NULL,
  answers_sealed BLOB NOT NULL,
  report_id BLOB,
  code_sealed BLOB,
  updated_wall INTEGER NOT NULL,
  expires_wall INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_draft_token ON report_draft (token_hash);
CREATE INDEX report_draft_expires ON report_draft (expires_wall);
-- A browser that has shown the code, or has just filed: it may see this one report for a while.
CREATE TABLE report_visit (
  id BLOB PRIMARY KEY NOT NULL,
  token_hash BLOB NOT NULL,
  report_id BLOB NOT NULL,
  expires_wall INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_visit_token ON report_visit (token_hash);
-- Messages between the citizen and the desk, oldest first.
CREATE TABLE report_message (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  from_citizen INTEGER NOT NULL,
  author TEXT NOT NULL,
  text_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX report_message_report ON report_message (report_id, at);
