-- What somebody said of the columns of a file, for the next one like it: known by a keyed hash of its headings, or, where headings say
-- nothing, of how many columns it has and what they look like. What was said are meanings of columns by their place, and nothing of the file.
CREATE TABLE import_mapping (
  id BYTEA PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  known_by TEXT NOT NULL,
  known_as BYTEA NOT NULL,
  said TEXT NOT NULL,
  author TEXT NOT NULL,
  said_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX import_mapping_known ON import_mapping (organisation_id, known_by, known_as);

-- Keyed hashes of the words of names and purposes: for each word the numbers of the rows that have it, in parts as they were brought in.
CREATE TABLE import_word (
  import_id BYTEA NOT NULL,
  word BYTEA NOT NULL,
  part BIGINT NOT NULL,
  last_no BIGINT NOT NULL,
  row_nos BYTEA NOT NULL,
  PRIMARY KEY (import_id, word, part)
);
CREATE INDEX import_row_dated ON import_row (import_id, at);
