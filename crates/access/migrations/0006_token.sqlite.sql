-- Tokens of programs that act for a member of staff, within what the member may do at that moment. The token itself is shown once and kept
-- as a keyed hash; its name is sealed under the account's own key. Times are wall time.
CREATE TABLE staff_token (
  id BLOB NOT NULL PRIMARY KEY,
  account_id BLOB NOT NULL,
  token_hash BLOB NOT NULL,
  name_sealed BLOB NOT NULL,
  -- Whether it also changes things.
  writes INTEGER NOT NULL,
  created_wall INTEGER NOT NULL,
  expires_wall INTEGER NOT NULL,
  used_wall INTEGER,
  -- How many requests it bore in the minute in which it was used last.
  used_minute INTEGER NOT NULL,
  used_count INTEGER NOT NULL,
  ended_wall INTEGER
) STRICT;
CREATE UNIQUE INDEX staff_token_hash ON staff_token (token_hash);
CREATE INDEX staff_token_account ON staff_token (account_id, expires_wall);
