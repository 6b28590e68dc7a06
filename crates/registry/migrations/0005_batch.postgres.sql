-- Lists that others keep: what fraud was done with, or what is never held against anybody. The lines lie here only until they are
-- taken in, sealed; what they protect stays as keys of `registry_spared`: hashes of numbers, names of sites as they are.
CREATE TABLE registry_batch (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  what TEXT NOT NULL,
  name TEXT NOT NULL,
  partner TEXT,
  good BIGINT NOT NULL,
  twice BIGINT NOT NULL,
  faulty BIGINT NOT NULL,
  known BIGINT NOT NULL,
  faults TEXT NOT NULL,
  status TEXT NOT NULL,
  done BIGINT NOT NULL,
  cursor_id UUID,
  signed_by TEXT,
  started_at BIGINT,
  ended_at BIGINT,
  body_sealed BYTEA,
  version BIGINT NOT NULL
);
CREATE INDEX registry_batch_created ON registry_batch (organisation_id, created_at);
CREATE TABLE registry_spared (
  id UUID PRIMARY KEY NOT NULL,
  batch_id UUID NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX registry_spared_value ON registry_spared (value);
CREATE INDEX registry_spared_batch ON registry_spared (batch_id, id);
-- Whether such a list protects the entry.
ALTER TABLE registry_entry ADD COLUMN spared BOOLEAN NOT NULL DEFAULT FALSE;
-- How many of them name it as what fraud was done with.
ALTER TABLE registry_entry ADD COLUMN lists BIGINT NOT NULL DEFAULT 0;
CREATE INDEX registry_entry_network ON registry_entry (id) WHERE kind IN ('url', 'domain', 'ip');
