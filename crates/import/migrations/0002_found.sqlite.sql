-- What somebody said of the columns of a file, for the next one like it: known by a keyed hash of its headings, or, where headings say
-- nothing, of how many columns it has and what they look like. What was said are meanings of columns by their place, and nothing of the file.
CREATE TABLE import_mapping (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  known_by TEXT NOT NULL,
  known_as BLOB NOT NULL,
  said TEXT NOT NULL,
  author TEXT NOT NULL,
  said_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX import_mapping_known ON import_mapping (organisation_id, known_by, known_as);

-- Keyed hashes of the words of names and purposes: for each word the numbers of the rows that have it, in parts as they were brought in.
CREATE TABLE import_word (
  import_id BLOB NOT NULL,
  word BLOB NOT NULL,
  part INTEGER NOT NULL,
  last_no INTEGER NOT NULL,
  row_nos BLOB NOT NULL,
  PRIMARY KEY (import_id, word, part)
);
CREATE INDEX import_row_dated ON import_row (import_id, at);
