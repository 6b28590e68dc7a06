-- Times in which somebody is away. Why is sealed under the account's own key: it may be about health.
CREATE TABLE staff_absence (
  id UUID NOT NULL PRIMARY KEY,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  account_id UUID NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  why_sealed BYTEA NOT NULL,
  -- When it was ended before its time, and by whom.
  ended_at BIGINT,
  ended_by TEXT
);
CREATE INDEX staff_absence_account ON staff_absence (account_id, ends_at);
CREATE INDEX staff_absence_organisation ON staff_absence (organisation_id, ends_at);

-- Power to sign, given to a deputy for a term: in force once accepted and confirmed, until its end.
CREATE TABLE delegation (
  id UUID NOT NULL PRIMARY KEY,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  delegator_id UUID NOT NULL,
  deputy_id UUID NOT NULL,
  role TEXT NOT NULL,
  -- Orders of this unit only; empty for those of the whole organisation.
  for_unit TEXT NOT NULL,
  -- These measures only, by comma; empty for all.
  measures TEXT NOT NULL,
  -- The largest sum of an order, in smallest units; null for any.
  asset TEXT,
  most_minor BIGINT,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  -- Number and date of the paper that it rests on; what the paper says is sealed under the delegator's key.
  number TEXT NOT NULL,
  ground_sealed BYTEA NOT NULL,
  accepted_at BIGINT,
  confirmed_at BIGINT,
  confirmed_by TEXT,
  ended_at BIGINT,
  ended_by TEXT,
  end_why TEXT
);
CREATE INDEX delegation_deputy ON delegation (deputy_id, ends_at);
CREATE INDEX delegation_delegator ON delegation (delegator_id, ends_at);
CREATE INDEX delegation_organisation ON delegation (organisation_id, created_at);
