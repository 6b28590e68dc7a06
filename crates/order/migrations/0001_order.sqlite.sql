-- Orders to partners. The table is `orders` because ORDER is a word of SQL.
CREATE TABLE orders (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  report_id BLOB NOT NULL,
  report_number TEXT NOT NULL,
  measure TEXT NOT NULL,
  scope TEXT NOT NULL,
  executor TEXT NOT NULL,
  gateway TEXT NOT NULL,
  hop INTEGER NOT NULL,
  cap_minor INTEGER NOT NULL,
  asset TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  ack_due INTEGER NOT NULL,
  action_due INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  why_waiting TEXT NOT NULL,
  approval_id BLOB,
  approval_version INTEGER,
  sent_at INTEGER,
  acknowledged_at INTEGER,
  answered_at INTEGER,
  escalated_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX orders_report ON orders (report_id);
CREATE INDEX orders_status ON orders (status, ack_due);
CREATE INDEX orders_expires ON orders (status, expires_at);
CREATE INDEX orders_approval ON orders (approval_id, sent_at);
-- What an order names. Sharded one day: no foreign key, the id is the key.
CREATE TABLE order_object (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL,
  report_id BLOB NOT NULL,
  payment_id BLOB,
  parent_object BLOB,
  kind TEXT NOT NULL,
  value_sealed BLOB NOT NULL,
  masked TEXT NOT NULL,
  blind BLOB NOT NULL,
  trigger_sealed BLOB NOT NULL,
  cap_minor INTEGER NOT NULL,
  asset TEXT NOT NULL,
  state TEXT NOT NULL,
  held_minor INTEGER NOT NULL,
  held_at INTEGER,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX order_object_order ON order_object (order_id);
CREATE INDEX order_object_report ON order_object (report_id);
CREATE INDEX order_object_blind ON order_object (blind);
-- The ordered steps of an order's route: submitter, authority, executor.
CREATE TABLE order_step (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  role TEXT NOT NULL,
  institution TEXT NOT NULL,
  gateway TEXT NOT NULL,
  due INTEGER,
  reached_at INTEGER,
  answer TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX order_step_no ON order_step (order_id, no);
-- Who approved an order that no standing approval covers.
CREATE TABLE order_approval (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL,
  approver TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX order_approval_once ON order_approval (order_id, approver);
-- Answers as they came, sealed; the id is derived from partner and answer id, so that one counts once.
CREATE TABLE order_answer (
  id BLOB PRIMARY KEY NOT NULL,
  order_id BLOB NOT NULL,
  object_id BLOB,
  report_id BLOB NOT NULL,
  partner TEXT NOT NULL,
  executor TEXT NOT NULL,
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  codes TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  body_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX order_answer_object ON order_answer (object_id);
CREATE INDEX order_answer_order ON order_answer (order_id);
-- Messages on their way. Bodies are built when sent, so that none lies here in the clear.
CREATE TABLE delivery (
  id BLOB PRIMARY KEY NOT NULL,
  feed_no INTEGER,
  partner TEXT NOT NULL,
  kind TEXT NOT NULL,
  order_id BLOB NOT NULL,
  object_id BLOB,
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  due_wall INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  created_wall INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_due ON delivery (state, due_wall);
CREATE INDEX delivery_order ON delivery (order_id);
CREATE INDEX delivery_feed ON delivery (partner, feed_no);
