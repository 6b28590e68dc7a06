-- What officers found out about a report after it was filed: a SIM, a handset, a sender name, an address. The value and
-- where it is known from are sealed; what was taken back stays, and counts for nothing.
CREATE TABLE report_clue (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL,
  no BIGINT NOT NULL,
  at BIGINT NOT NULL,
  author TEXT NOT NULL,
  clue_sealed BYTEA NOT NULL,
  taken_back_at BIGINT
);
CREATE UNIQUE INDEX report_clue_no ON report_clue (report_id, no);
