-- Objections to restrictions. What the objector told is sealed under the objection's own key.
CREATE TABLE appeal (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  number TEXT NOT NULL,
  order_id UUID NOT NULL,
  object_id UUID NOT NULL,
  channel TEXT NOT NULL,
  ground TEXT NOT NULL,
  filed_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  told_sealed BYTEA NOT NULL,
  status TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  reasons_sealed BYTEA,
  restored BIGINT NOT NULL
);
CREATE UNIQUE INDEX appeal_number ON appeal (number);
CREATE INDEX appeal_object ON appeal (object_id);
CREATE INDEX appeal_order ON appeal (order_id);
CREATE INDEX appeal_status ON appeal (status, due_at);
