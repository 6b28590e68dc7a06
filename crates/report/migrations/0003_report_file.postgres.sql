-- Files that the reporter or an officer adds. Name, kind and digest are sealed; the content lies in sealed parts,
-- so that no file is ever whole in memory or in one statement.
CREATE TABLE report_file (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL,
  no BIGINT,
  begun_wall BIGINT NOT NULL,
  part_wall BIGINT NOT NULL,
  arrived_at BIGINT,
  removed_wall BIGINT,
  from_citizen BOOLEAN NOT NULL,
  author TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  digest BYTEA,
  about_sealed BYTEA
);
CREATE UNIQUE INDEX report_file_no ON report_file (report_id, no);
CREATE INDEX report_file_removed ON report_file (removed_wall) WHERE removed_wall IS NOT NULL;
CREATE INDEX report_file_arriving ON report_file (part_wall) WHERE arrived_at IS NULL;
CREATE TABLE report_file_part (
  id UUID PRIMARY KEY NOT NULL,
  file_id UUID NOT NULL,
  no BIGINT NOT NULL,
  bytes_sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX report_file_part_no ON report_file_part (file_id, no);
