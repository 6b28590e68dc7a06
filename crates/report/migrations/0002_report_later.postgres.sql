-- What is told after a report was filed. Nothing told before is overwritten: each retold story is a version
-- of its own, each completed or corrected fact of a payment a row of its own.
-- Keyed hash of the message by which a partner filed the report: the same key with another body is refused.
ALTER TABLE report ADD COLUMN body_hash BYTEA;
CREATE INDEX report_next_message ON report (next_message_at);
-- Stories told after filing; what was told with the report itself stays in `report.story_sealed`.
CREATE TABLE report_story (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL,
  no BIGINT NOT NULL,
  at BIGINT NOT NULL,
  from_citizen BOOLEAN NOT NULL,
  author TEXT NOT NULL,
  text_sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX report_story_no ON report_story (report_id, no);
-- One fact of one payment, as told later. `applied` false: an order may stand on what was told before, so it
-- is a note for the officer.
CREATE TABLE report_correction (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL,
  payment_id UUID NOT NULL,
  no BIGINT NOT NULL,
  at BIGINT NOT NULL,
  from_citizen BOOLEAN NOT NULL,
  author TEXT NOT NULL,
  applied BOOLEAN NOT NULL,
  fact_sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX report_correction_no ON report_correction (report_id, no);
