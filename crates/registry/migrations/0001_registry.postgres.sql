-- Entries of the registry: things that fraud is done with, by keyed hash and mask, never as plain numbers. The id is that
-- of the identifier, or, of a card whose whole number was given, derived from its keyed token.
CREATE TABLE registry_entry (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  kind TEXT NOT NULL,
  masked TEXT NOT NULL,
  whole BOOLEAN NOT NULL,
  harmful BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  told BIGINT NOT NULL,
  reporters BIGINT NOT NULL,
  verified BIGINT NOT NULL,
  heard BIGINT NOT NULL,
  partners BIGINT NOT NULL,
  own BIGINT NOT NULL,
  own_verified BIGINT NOT NULL,
  first_at BIGINT,
  last_at BIGINT,
  decided TEXT NOT NULL,
  decided_at BIGINT,
  confirmed_by TEXT,
  listing_basis UUID,
  listing_version BIGINT,
  until_at BIGINT,
  disputed_at BIGINT,
  objected_by TEXT,
  review_at BIGINT,
  expires_at BIGINT NOT NULL,
  reason_sealed BYTEA,
  objection_sealed BYTEA,
  version BIGINT NOT NULL
);
CREATE INDEX registry_entry_decided ON registry_entry (decided, review_at);
CREATE INDEX registry_entry_last ON registry_entry (last_at);
-- Which report names what, and how. Sharded one day: no foreign key; the id is derived from report and entry.
CREATE TABLE registry_mention (
  id UUID PRIMARY KEY NOT NULL,
  entry_id UUID NOT NULL,
  report_id UUID NOT NULL,
  how TEXT NOT NULL,
  reporter_id UUID NOT NULL,
  verified BOOLEAN NOT NULL,
  partner TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX registry_mention_entry ON registry_mention (entry_id, how, verified, at);
CREATE INDEX registry_mention_report ON registry_mention (report_id);
-- Who has signed that an entry is listed.
CREATE TABLE registry_signature (
  entry_id UUID NOT NULL,
  signer TEXT NOT NULL,
  basis_id UUID NOT NULL,
  basis_version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (entry_id, signer)
);
-- Which institution was told what of an entry, and when last.
CREATE TABLE registry_told (
  entry_id UUID NOT NULL,
  partner TEXT NOT NULL,
  class TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (entry_id, partner)
);
