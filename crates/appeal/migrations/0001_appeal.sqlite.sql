-- Objections to restrictions. What the objector told is sealed under the objection's own key.
CREATE TABLE appeal (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  number TEXT NOT NULL,
  order_id BLOB NOT NULL,
  object_id BLOB NOT NULL,
  channel TEXT NOT NULL,
  ground TEXT NOT NULL,
  filed_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  told_sealed BLOB NOT NULL,
  status TEXT NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  reasons_sealed BLOB,
  restored INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX appeal_number ON appeal (number);
CREATE INDEX appeal_object ON appeal (object_id);
CREATE INDEX appeal_order ON appeal (order_id);
CREATE INDEX appeal_status ON appeal (status, due_at);
