-- One row per report: what the queue shows. A projection of other slices' news, rebuilt from them at any
-- time; only owner, snooze and closing are the desk's own.
CREATE TABLE desk_row (
  report_id UUID PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  marking TEXT NOT NULL,
  number TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  lang TEXT NOT NULL,
  harm TEXT NOT NULL,
  ongoing BOOLEAN NOT NULL,
  loss_minor BIGINT NOT NULL,
  asset TEXT NOT NULL,
  held_minor BIGINT NOT NULL,
  reachable_minor BIGINT NOT NULL,
  hops BIGINT NOT NULL,
  drafts BIGINT NOT NULL,
  why TEXT NOT NULL,
  due BIGINT,
  owner UUID,
  owner_name TEXT NOT NULL,
  snoozed_until BIGINT,
  snooze_reason TEXT NOT NULL,
  closed_at BIGINT,
  changed_at BIGINT NOT NULL
);
CREATE INDEX desk_row_open ON desk_row (organisation_id, closed_at, due);
CREATE UNIQUE INDEX desk_row_number ON desk_row (number);
