-- Exhibits that were read as rows. What was found and how the columns were read is sealed under the exhibit's key, and so is every row:
-- whoever destroys the exhibit destroys what came out of it.
CREATE TABLE import (
  id BLOB PRIMARY KEY NOT NULL,
  exhibit_id BLOB NOT NULL,
  sent_key TEXT NOT NULL,
  author TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  trouble_count INTEGER NOT NULL,
  told_sealed BLOB NOT NULL,
  changed_at INTEGER NOT NULL,
  touched_wall INTEGER NOT NULL,
  claimed INTEGER NOT NULL
);
CREATE UNIQUE INDEX import_sent ON import (sent_key);
CREATE INDEX import_exhibit ON import (exhibit_id, begun_at);
CREATE INDEX import_reading ON import (state, touched_wall);

-- Reports whose money the movements show.
CREATE TABLE import_report (
  import_id BLOB NOT NULL,
  report_id BLOB NOT NULL,
  PRIMARY KEY (import_id, report_id)
);
CREATE INDEX import_report_report ON import_report (report_id);

-- Rows, each with the line of the file that it stood on. Whose it is, and with whom, are keyed hashes.
CREATE TABLE import_row (
  import_id BLOB NOT NULL,
  row_no INTEGER NOT NULL,
  line_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER,
  own BLOB,
  other BLOB,
  row_sealed BLOB NOT NULL,
  PRIMARY KEY (import_id, row_no)
);
CREATE INDEX import_row_own ON import_row (import_id, own, row_no);
CREATE INDEX import_row_other ON import_row (import_id, other);
