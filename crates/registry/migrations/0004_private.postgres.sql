-- By what a thing is asked about without being named. `open_sealed` is its open hash, sealed: whoever can guess the thing could
-- work that out. `mark` is what the office's key makes of it, and tells nothing without the key. Both go with the entry.
-- `in_base` is the number of the whole filter that holds it.
CREATE TABLE registry_private (
  entry_id UUID PRIMARY KEY NOT NULL,
  open_sealed BYTEA NOT NULL,
  mark BYTEA NOT NULL,
  in_base BIGINT
);
-- The filters that institutions fetch: the whole one, and what has changed since.
CREATE TABLE registry_filter (
  what TEXT PRIMARY KEY NOT NULL,
  number BIGINT NOT NULL,
  at_wall BIGINT NOT NULL,
  until_wall BIGINT NOT NULL,
  things BIGINT NOT NULL,
  body BYTEA NOT NULL
);
