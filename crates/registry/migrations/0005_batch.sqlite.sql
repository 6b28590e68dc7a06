-- Lists that others keep: what fraud was done with, or what is never held against anybody. The lines lie here only until they are
-- taken in, sealed; what they protect stays as keys of `registry_spared`: hashes of numbers, names of sites as they are.
CREATE TABLE registry_batch (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  what TEXT NOT NULL,
  name TEXT NOT NULL,
  partner TEXT,
  good INTEGER NOT NULL,
  twice INTEGER NOT NULL,
  faulty INTEGER NOT NULL,
  known INTEGER NOT NULL,
  faults TEXT NOT NULL,
  status TEXT NOT NULL,
  done INTEGER NOT NULL,
  cursor_id BLOB,
  signed_by TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  body_sealed BLOB,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_batch_created ON registry_batch (organisation_id, created_at);
CREATE TABLE registry_spared (
  id BLOB PRIMARY KEY NOT NULL,
  batch_id BLOB NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX registry_spared_value ON registry_spared (value);
CREATE INDEX registry_spared_batch ON registry_spared (batch_id, id);
-- Whether such a list protects the entry.
ALTER TABLE registry_entry ADD COLUMN spared INTEGER NOT NULL DEFAULT 0;
-- How many of them name it as what fraud was done with.
ALTER TABLE registry_entry ADD COLUMN lists INTEGER NOT NULL DEFAULT 0;
CREATE INDEX registry_entry_network ON registry_entry (id) WHERE kind IN ('url', 'domain', 'ip');
