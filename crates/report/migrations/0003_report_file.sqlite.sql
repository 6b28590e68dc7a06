-- Files that the reporter or an officer adds. Name, kind and digest are sealed; the content lies in sealed parts,
-- so that no file is ever whole in memory or in one statement.
CREATE TABLE report_file (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL,
  no INTEGER,
  begun_wall INTEGER NOT NULL,
  part_wall INTEGER NOT NULL,
  arrived_at INTEGER,
  removed_wall INTEGER,
  from_citizen INTEGER NOT NULL,
  author TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  digest BLOB,
  about_sealed BLOB
) STRICT;
CREATE UNIQUE INDEX report_file_no ON report_file (report_id, no);
CREATE INDEX report_file_removed ON report_file (removed_wall) WHERE removed_wall IS NOT NULL;
CREATE INDEX report_file_arriving ON report_file (part_wall) WHERE arrived_at IS NULL;
CREATE TABLE report_file_part (
  id BLOB PRIMARY KEY NOT NULL,
  file_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  bytes_sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_file_part_no ON report_file_part (file_id, no);
