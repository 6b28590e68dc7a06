-- Versions of legal bases. Rows are only ever added: the law of a past day can always be shown.
CREATE TABLE legal_basis (
  id BLOB NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  version INTEGER NOT NULL,
  basis_key TEXT NOT NULL,
  -- The version number in the profile; several stored versions can come from one.
  entry_version INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  effective_from INTEGER NOT NULL,
  effective_to INTEGER,
  withdrawn INTEGER NOT NULL,
  source_mark TEXT NOT NULL,
  -- Words of the record, each between spaces, so that what does not fit is not even read.
  measures TEXT NOT NULL,
  addressees TEXT NOT NULL,
  -- The full record as JSON.
  body TEXT NOT NULL,
  PRIMARY KEY (id, version)
) STRICT;
-- Standing approvals: what may go out by itself, within which bounds, until when. The basis is the header's.
CREATE TABLE standing_approval (
  id BLOB NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  version INTEGER NOT NULL,
  measure TEXT NOT NULL,
  scope TEXT NOT NULL,
  asset TEXT NOT NULL,
  cap_order_minor INTEGER NOT NULL,
  cap_day_minor INTEGER NOT NULL,
  hop_limit INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  in_force_at INTEGER,
  ended_at INTEGER,
  ended_by TEXT,
  ended_reason TEXT,
  PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX standing_approval_status ON standing_approval (status, measure);
-- Who signed which version. One person signs a version once.
CREATE TABLE standing_signature (
  approval_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  approver BLOB NOT NULL,
  name TEXT NOT NULL,
  signed_at INTEGER NOT NULL,
  PRIMARY KEY (approval_id, version, approver)
) STRICT;
