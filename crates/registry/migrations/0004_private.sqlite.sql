-- By what a thing is asked about without being named. `open_sealed` is its open hash, sealed: whoever can guess the thing could
-- work that out. `mark` is what the office's key makes of it, and tells nothing without the key. Both go with the entry.
-- `in_base` is the number of the whole filter that holds it.
CREATE TABLE registry_private (
  entry_id BLOB PRIMARY KEY NOT NULL,
  open_sealed BLOB NOT NULL,
  mark BLOB NOT NULL,
  in_base INTEGER
) STRICT;
CREATE INDEX registry_private_base ON registry_private (in_base, entry_id) WHERE in_base IS NOT NULL;
CREATE INDEX registry_entry_people ON registry_entry (id) WHERE decided IN ('suspect', 'listed');
-- The filters that institutions fetch: the whole one, and what has changed since. Sealed: whoever has one can try out all
-- telephone numbers on it.
CREATE TABLE registry_filter (
  what TEXT PRIMARY KEY NOT NULL,
  number INTEGER NOT NULL,
  at_wall INTEGER NOT NULL,
  until_wall INTEGER NOT NULL,
  things INTEGER NOT NULL,
  size INTEGER NOT NULL,
  body_sealed BLOB NOT NULL
) STRICT;
