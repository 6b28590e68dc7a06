-- Entries of the registry: things that fraud is done with, by keyed hash and mask, never as plain numbers. The id is that
-- of the identifier, or, of a card whose whole number was given, derived from its keyed token.
CREATE TABLE registry_entry (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  kind TEXT NOT NULL,
  masked TEXT NOT NULL,
  whole INTEGER NOT NULL,
  harmful INTEGER NOT NULL,
  paid INTEGER NOT NULL,
  told INTEGER NOT NULL,
  reporters INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  heard INTEGER NOT NULL,
  partners INTEGER NOT NULL,
  own INTEGER NOT NULL,
  own_verified INTEGER NOT NULL,
  first_at INTEGER,
  last_at INTEGER,
  decided TEXT NOT NULL,
  decided_at INTEGER,
  confirmed_by TEXT,
  listing_basis BLOB,
  listing_version INTEGER,
  until_at INTEGER,
  disputed_at INTEGER,
  objected_by TEXT,
  review_at INTEGER,
  expires_at INTEGER NOT NULL,
  reason_sealed BLOB,
  objection_sealed BLOB,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_entry_decided ON registry_entry (decided, review_at);
CREATE INDEX registry_entry_last ON registry_entry (last_at);
-- Which report names what, and how. Sharded one day: no foreign key; the id is derived from report and entry.
CREATE TABLE registry_mention (
  id BLOB PRIMARY KEY NOT NULL,
  entry_id BLOB NOT NULL,
  report_id BLOB NOT NULL,
  how TEXT NOT NULL,
  reporter_id BLOB NOT NULL,
  verified INTEGER NOT NULL,
  partner TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_mention_entry ON registry_mention (entry_id, how, verified, at);
CREATE INDEX registry_mention_report ON registry_mention (report_id);
-- Who has signed that an entry is listed.
CREATE TABLE registry_signature (
  entry_id BLOB NOT NULL,
  signer TEXT NOT NULL,
  basis_id BLOB NOT NULL,
  basis_version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (entry_id, signer)
) STRICT;
-- Which institution was told what of an entry, and when last.
CREATE TABLE registry_told (
  entry_id BLOB NOT NULL,
  partner TEXT NOT NULL,
  class TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (entry_id, partner)
) STRICT;
