-- What officers found out about a report after it was filed: a SIM, a handset, a sender name, an address. The value and
-- where it is known from are sealed; what was taken back stays, and counts for nothing.
CREATE TABLE report_clue (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  clue_sealed BLOB NOT NULL,
  taken_back_at INTEGER
) STRICT;
CREATE UNIQUE INDEX report_clue_no ON report_clue (report_id, no);
