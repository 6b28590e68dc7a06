-- Objections of people to what is told of something of theirs, made at the portal. What they tell is sealed under the objection's own
-- key; the code by which they hear what came of it lies here as a keyed hash. An objection about something of which nothing is
-- known looks the same, so that nobody learns from it what is.
CREATE TABLE registry_objection (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  number TEXT NOT NULL,
  entry_id UUID NOT NULL,
  kind TEXT NOT NULL,
  masked TEXT NOT NULL,
  filed_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  code_hash BYTEA NOT NULL,
  told_sealed BYTEA NOT NULL,
  status TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  answer_sealed BYTEA,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX registry_objection_number ON registry_objection (number);
CREATE UNIQUE INDEX registry_objection_code ON registry_objection (code_hash);
CREATE INDEX registry_objection_entry ON registry_objection (entry_id);
CREATE INDEX registry_objection_status ON registry_objection (organisation_id, status, due_at);
-- What was told to an institution and has been cleared since is looked up by the institution.
CREATE INDEX registry_told_partner ON registry_told (partner, entry_id);
CREATE INDEX registry_objection_kept ON registry_objection (decided_at) WHERE answer_sealed IS NOT NULL;
