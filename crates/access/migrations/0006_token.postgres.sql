-- Tokens of programs that act for a member of staff, within what the member may do at that moment. The token itself is shown once and kept
-- as a keyed hash; its name is sealed under the account's own key. Times are wall time.
CREATE TABLE staff_token (
  id UUID NOT NULL PRIMARY KEY,
  account_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  name_sealed BYTEA NOT NULL,
  -- Whether it also changes things.
  writes BOOLEAN NOT NULL,
  created_wall BIGINT NOT NULL,
  expires_wall BIGINT NOT NULL,
  used_wall BIGINT,
  -- How many requests it bore in the minute in which it was used last.
  used_minute BIGINT NOT NULL,
  used_count BIGINT NOT NULL,
  ended_wall BIGINT
);
CREATE UNIQUE INDEX staff_token_hash ON staff_token (token_hash);
CREATE INDEX staff_token_account ON staff_token (account_id, expires_wall);
