-- By what a thing is asked about without being named. `open_sealed` is its open hash, sealed: whoever can guess the thing could
-- work that out. `mark` is what the office's key makes of it, and tells nothing without the key. Both go with the entry.
-- `in_base` is the number of the whole filter that holds it.
CREATE TABLE registry_private (
  entry_id BLOB PRIMARY KEY NOT NULL,
  open_sealed BLOB NOT NULL,
  mark BLOB NOT NULL,
  in_base INTEGER
) STRICT;
-- The filters that institutions fetch: the whole one, and what has changed since.
CREATE TABLE registry_filter (
  what TEXT PRIMARY KEY NOT NULL,
  number INTEGER NOT NULL,
  at_wall INTEGER NOT NULL,
  until_wall INTEGER NOT NULL,
  things INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
