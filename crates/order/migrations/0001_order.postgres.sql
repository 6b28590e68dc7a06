-- Orders to partners. The table is `orders` because ORDER is a word of SQL.
CREATE TABLE orders (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  report_id UUID NOT NULL,
  report_number TEXT NOT NULL,
  measure TEXT NOT NULL,
  scope TEXT NOT NULL,
  executor TEXT NOT NULL,
  gateway TEXT NOT NULL,
  hop BIGINT NOT NULL,
  cap_minor BIGINT NOT NULL,
  asset TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  ack_due BIGINT NOT NULL,
  action_due BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  status TEXT NOT NULL,
  why_waiting TEXT NOT NULL,
  approval_id UUID,
  approval_version BIGINT,
  sent_at BIGINT,
  acknowledged_at BIGINT,
  answered_at BIGINT,
  escalated_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX orders_report ON orders (report_id);
CREATE INDEX orders_status ON orders (status, ack_due);
CREATE INDEX orders_expires ON orders (status, expires_at);
CREATE INDEX orders_approval ON orders (approval_id, sent_at);
-- What an order names. Sharded one day: no foreign key, the id is the key.
CREATE TABLE order_object (
  id UUID PRIMARY KEY NOT NULL,
  order_id UUID NOT NULL,
  report_id UUID NOT NULL,
  payment_id UUID,
  parent_object UUID,
  kind TEXT NOT NULL,
  value_sealed BYTEA NOT NULL,
  masked TEXT NOT NULL,
  blind BYTEA NOT NULL,
  trigger_sealed BYTEA NOT NULL,
  cap_minor BIGINT NOT NULL,
  asset TEXT NOT NULL,
  state TEXT NOT NULL,
  held_minor BIGINT NOT NULL,
  held_at BIGINT,
  changed_at BIGINT NOT NULL
);
CREATE INDEX order_object_order ON order_object (order_id);
CREATE INDEX order_object_report ON order_object (report_id);
CREATE INDEX order_object_blind ON order_object (blind);
-- The ordered steps of an order's route: submitter, authority, executor.
CREATE TABLE order_step (
  id UUID PRIMARY KEY NOT NULL,
  order_id UUID NOT NULL,
  no BIGINT NOT NULL,
  role TEXT NOT NULL,
  institution TEXT NOT NULL,
  gateway TEXT NOT NULL,
  due BIGINT,
  reached_at BIGINT,
  answer TEXT NOT NULL
);
CREATE UNIQUE INDEX order_step_no ON order_step (order_id, no);
-- Who approved an order that no standing approval covers.
CREATE TABLE order_approval (
  id UUID PRIMARY KEY NOT NULL,
  order_id UUID NOT NULL,
  approver TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX order_approval_once ON order_approval (order_id, approver);
-- Answers as they came, sealed; the id is derived from partner and answer id, so that one counts once.
CREATE TABLE order_answer (
  id UUID PRIMARY KEY NOT NULL,
  order_id UUID NOT NULL,
  object_id UUID,
  report_id UUID NOT NULL,
  partner TEXT NOT NULL,
  executor TEXT NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  codes TEXT NOT NULL,
  body_hash BYTEA NOT NULL,
  body_sealed BYTEA NOT NULL
);
CREATE INDEX order_answer_object ON order_answer (object_id);
CREATE INDEX order_answer_order ON order_answer (order_id);
-- Messages on their way. Bodies are built when sent, so that none lies here in the clear.
CREATE TABLE delivery (
  id UUID PRIMARY KEY NOT NULL,
  feed_no BIGINT,
  partner TEXT NOT NULL,
  kind TEXT NOT NULL,
  order_id UUID NOT NULL,
  object_id UUID,
  code TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  due_wall BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  created_wall BIGINT NOT NULL
);
CREATE INDEX delivery_due ON delivery (state, due_wall);
CREATE INDEX delivery_order ON delivery (order_id);
CREATE INDEX delivery_feed ON delivery (partner, feed_no);
