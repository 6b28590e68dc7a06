-- Fraud reports as told. Corrections are notes or later facts; what was told is never edited.
-- `*_sealed` columns are ciphertext under the report's own data key (crates/vault).
CREATE TABLE report (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  number TEXT NOT NULL,
  channel TEXT NOT NULL,
  ongoing BOOLEAN NOT NULL,
  harm TEXT NOT NULL,
  loss_minor BIGINT NOT NULL,
  loss_asset TEXT NOT NULL,
  reporter_sealed BYTEA NOT NULL,
  story_sealed BYTEA,
  details_sealed BYTEA,
  code_hash BYTEA,
  code_tries BIGINT NOT NULL,
  code_tries_since BIGINT NOT NULL,
  withdrawn_at BIGINT,
  first_action_due BIGINT NOT NULL,
  next_message_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_number ON report (number);
CREATE INDEX report_created ON report (created_at);
-- Payments that the reporter named.
CREATE TABLE report_payment (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL,
  no BIGINT NOT NULL,
  amount_minor BIGINT NOT NULL,
  asset TEXT NOT NULL,
  earliest BIGINT NOT NULL,
  latest BIGINT NOT NULL,
  told_sealed BYTEA,
  own_institution TEXT NOT NULL,
  own_account_sealed BYTEA,
  to_kind TEXT NOT NULL,
  to_sealed BYTEA,
  to_masked TEXT NOT NULL,
  to_institution TEXT NOT NULL,
  reference_sealed BYTEA
);
CREATE INDEX report_payment_report ON report_payment (report_id);
-- Answers of a form not yet sent: they survive a reload, a lost line and a change of language.
CREATE TABLE report_draft (
  id UUID PRIMARY KEY NOT NULL,
  token_hash BYTEA NOT NULL,
  answers_sealed BYTEA NOT NULL,
  report_id UUID,
  code_sealed BYTEA,
  updated_wall BIGINT NOT NULL,
  expires_wall BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_draft_token ON report_draft (token_hash);
CREATE INDEX report_draft_expires ON report_draft (expires_wall);
-- A browser that has shown the code, or has just filed: it may see this one report for a while.
CREATE TABLE report_visit (
  id UUID PRIMARY KEY NOT NULL,
  token_hash BYTEA NOT NULL,
  report_id UUID NOT NULL,
  expires_wall BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_visit_token ON report_visit (token_hash);
-- Messages between the citizen and the desk, oldest first.
CREATE TABLE report_message (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL,
  at BIGINT NOT NULL,
  from_citizen BOOLEAN NOT NULL,
  author TEXT NOT NULL,
  text_sealed BYTEA NOT NULL
);
CREATE INDEX report_message_report ON report_message (report_id, at);
