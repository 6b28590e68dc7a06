-- Which entries have changed: one row for each, numbered anew after every change, so that every process keeps its own copy of
-- what is told. Rows of a day ago are removed; whoever was away so long reads everything anew.
CREATE TABLE registry_change (
  id BLOB PRIMARY KEY NOT NULL,
  at_wall INTEGER NOT NULL,
  feed_no INTEGER
) STRICT;
CREATE INDEX registry_change_wall ON registry_change (at_wall);
CREATE UNIQUE INDEX registry_change_feed ON registry_change (feed_no);
CREATE INDEX registry_change_unnumbered ON registry_change (id) WHERE feed_no IS NULL;
-- What institutions asked, in segments of a tenth of a second: one row and one record for all of it, every question provable
-- inside by its number. Numbers are counted in the process; the id is derived from process and first number, since the
-- table is made to be sharded and can have no other unique key.
CREATE TABLE check_record (
  id BLOB PRIMARY KEY NOT NULL,
  node TEXT NOT NULL,
  process BLOB NOT NULL,
  start_no INTEGER NOT NULL,
  questions INTEGER NOT NULL,
  at INTEGER NOT NULL,
  root BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX check_record_process ON check_record (process, start_no);
