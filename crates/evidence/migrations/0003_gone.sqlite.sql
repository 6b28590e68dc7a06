-- Bytes that are no longer wanted and may still lie on the shelf: destroyed, brought twice, never whole. Their keys are gone; the room is
-- given back when the shelf can be reached. `tried_wall` is when that was tried last.
CREATE TABLE evidence_gone (
  id BLOB PRIMARY KEY NOT NULL,
  tried_wall INTEGER NOT NULL
);
CREATE INDEX evidence_gone_tried ON evidence_gone (tried_wall);
