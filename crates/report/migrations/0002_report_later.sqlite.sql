-- What is told after a report was filed. Nothing told before is overwritten: each retold story is a version
-- of its own, each completed or corrected fact of a payment a row of its own.
-- Keyed hash of the message by which a partner filed the report: the same key with another body is refused.
ALTER TABLE report ADD COLUMN body_hash BLOB;
CREATE INDEX report_next_message ON report (next_message_at);
-- Stories told after filing; what was told with the report itself stays in `report.story_sealed`.
CREATE TABLE report_story (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  from_citizen INTEGER NOT NULL,
  author TEXT NOT NULL,
  text_sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_story_no ON report_story (report_id, no);
-- One fact of one payment, as told later. `applied` false: an order may stand on what was told before, so it
-- is a note for the officer.
CREATE TABLE report_correction (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL,
  payment_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  from_citizen INTEGER NOT NULL,
  author TEXT NOT NULL,
  applied INTEGER NOT NULL,
  fact_sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_correction_no ON report_correction (report_id, no);
