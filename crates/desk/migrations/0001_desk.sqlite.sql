-- One row per report: what the queue shows. A projection of other slices' news, rebuilt from them at any
-- time; only owner, snooze and closing are the desk's own.
CREATE TABLE desk_row (
  report_id BLOB PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  marking TEXT NOT NULL,
  number TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  lang TEXT NOT NULL,
  harm TEXT NOT NULL,
  ongoing INTEGER NOT NULL,
  loss_minor INTEGER NOT NULL,
  asset TEXT NOT NULL,
  held_minor INTEGER NOT NULL,
  reachable_minor INTEGER NOT NULL,
  hops INTEGER NOT NULL,
  drafts INTEGER NOT NULL,
  why TEXT NOT NULL,
  due INTEGER,
  owner BLOB,
  owner_name TEXT NOT NULL,
  snoozed_until INTEGER,
  snooze_reason TEXT NOT NULL,
  closed_at INTEGER,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX desk_row_open ON desk_row (organisation_id, closed_at, due);
CREATE UNIQUE INDEX desk_row_number ON desk_row (number);
