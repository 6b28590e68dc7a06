-- What the holder of a restricted thing is told, and by which code an objection is made. One row an object.
CREATE TABLE holder_notice (
  id UUID PRIMARY KEY NOT NULL,
  order_id UUID NOT NULL,
  report_id UUID NOT NULL,
  code_hash BYTEA NOT NULL,
  -- The code itself, sealed under the key of the report, for repetitions of the message.
  code_sealed BYTEA NOT NULL,
  drafted_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  told_at BIGINT
);
CREATE UNIQUE INDEX holder_notice_code ON holder_notice (code_hash);
CREATE INDEX holder_notice_due ON holder_notice (told_at, due_at);
CREATE INDEX delivery_object ON delivery (object_id, kind);
