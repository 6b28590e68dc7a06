-- What was done by a form or a message that may come twice: the second does nothing and leads to the same case. Kept for a month.
CREATE TABLE case_once (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  -- A keyed hash of what was sent.
  said BYTEA NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX case_once_at ON case_once (at);
