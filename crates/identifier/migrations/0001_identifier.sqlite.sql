-- What identifiers were seen. The number itself is not here: equality goes by a keyed hash, people see a mask.
CREATE TABLE identifier (
  id BLOB PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  blind BLOB NOT NULL,
  masked TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- One appearance each, with its place. Sharded one day: no foreign key; the id is derived from report,
-- identifier and place, so that a story told twice counts once.
CREATE TABLE sighting (
  id BLOB PRIMARY KEY NOT NULL,
  identifier_id BLOB NOT NULL,
  report_id BLOB NOT NULL,
  place TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_identifier ON sighting (identifier_id);
CREATE INDEX sighting_report ON sighting (report_id);
