-- What identifiers were seen. The number itself is not here: equality goes by a keyed hash, people see a mask.
CREATE TABLE identifier (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  blind BYTEA NOT NULL,
  masked TEXT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL
);
-- One appearance each, with its place. Sharded one day: no foreign key; the id is derived from report,
-- identifier and place, so that a story told twice counts once.
CREATE TABLE sighting (
  id UUID PRIMARY KEY NOT NULL,
  identifier_id UUID NOT NULL,
  report_id UUID NOT NULL,
  place TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX sighting_identifier ON sighting (identifier_id);
CREATE INDEX sighting_report ON sighting (report_id);
