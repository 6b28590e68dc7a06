-- A list of persons that somebody else keeps, brought by an officer: looked over, taken in, taken back as a whole. Its lines, where it
-- comes from and on what ground lie sealed under a key of its own.
CREATE TABLE person_list (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  good BIGINT NOT NULL,
  faulty BIGINT NOT NULL,
  faults TEXT NOT NULL,
  done BIGINT NOT NULL,
  told_sealed BYTEA NOT NULL
);
CREATE INDEX person_list_recent ON person_list (created_at, id);
CREATE INDEX person_list_status ON person_list (status);
