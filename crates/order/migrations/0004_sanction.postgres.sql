-- What was put before the prosecutor, and what came of it. One row an order: a draft that changes is put anew.
CREATE TABLE order_sanction (
  id UUID PRIMARY KEY NOT NULL,
  requested_at BIGINT NOT NULL,
  requested_by TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  -- Hash of what is to be sanctioned: order, basis, addressee, sum and keyed hashes of the objects.
  content_hash BYTEA NOT NULL,
  decision TEXT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  reason_sealed BYTEA,
  -- The act as signed: JSON without personal data, and the node's Ed25519 signature over its bytes.
  act BYTEA,
  signature BYTEA,
  keyid TEXT
);
CREATE INDEX order_sanction_open ON order_sanction (decision, due_at);
-- What an order to return money has given back.
ALTER TABLE order_object ADD COLUMN returned_minor BIGINT NOT NULL DEFAULT 0;
CREATE INDEX order_object_parent ON order_object (parent_object);
