-- Times in which somebody is away. Why is sealed under the account's own key: it may be about health.
CREATE TABLE staff_absence (
  id BLOB NOT NULL PRIMARY KEY,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  account_id BLOB NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  why_sealed BLOB NOT NULL,
  -- When it was ended before its time, and by whom.
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
CREATE INDEX staff_absence_account ON staff_absence (account_id, ends_at);
CREATE INDEX staff_absence_organisation ON staff_absence (organisation_id, ends_at);

-- Power to sign, given to a deputy for a term: in force once accepted and confirmed, until its end.
CREATE TABLE delegation (
  id BLOB NOT NULL PRIMARY KEY,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  delegator_id BLOB NOT NULL,
  deputy_id BLOB NOT NULL,
  role TEXT NOT NULL,
  -- Orders of this unit only; empty for those of the whole organisation.
  for_unit TEXT NOT NULL,
  -- These measures only, by comma; empty for all.
  measures TEXT NOT NULL,
  -- The largest sum of an order, in smallest units; null for any.
  asset TEXT,
  most_minor INTEGER,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  -- Number and date of the paper that it rests on; what the paper says is sealed under the delegator's key.
  number TEXT NOT NULL,
  ground_sealed BLOB NOT NULL,
  accepted_at INTEGER,
  confirmed_at INTEGER,
  confirmed_by TEXT,
  ended_at INTEGER,
  ended_by TEXT,
  end_why TEXT
) STRICT;
CREATE INDEX delegation_deputy ON delegation (deputy_id, ends_at);
CREATE INDEX delegation_delegator ON delegation (delegator_id, ends_at);
CREATE INDEX delegation_organisation ON delegation (organisation_id, created_at);
