-- Accounts of staff. Name and one-time-code secret are sealed under the account's own key in the vault.
CREATE TABLE staff_account (
  id BLOB NOT NULL PRIMARY KEY,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  login TEXT NOT NULL,
  demo INTEGER NOT NULL,
  name_sealed BLOB NOT NULL,
  roles TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  totp_sealed BLOB NOT NULL,
  -- The last step whose code was taken: each code works once.
  totp_last_step INTEGER NOT NULL,
  active INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX staff_account_login ON staff_account (login);
CREATE INDEX staff_account_organisation ON staff_account (organisation_id, login);

-- Who is signed in. Times are wall time; the token itself is in the cookie only.
CREATE TABLE staff_session (
  id BLOB NOT NULL PRIMARY KEY,
  account_id BLOB NOT NULL,
  token_hash BLOB NOT NULL,
  user_agent_hash BLOB NOT NULL,
  created_wall INTEGER NOT NULL,
  last_seen_wall INTEGER NOT NULL,
  expires_wall INTEGER NOT NULL,
  stepped_up_wall INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX staff_session_token ON staff_session (token_hash);
CREATE INDEX staff_session_account ON staff_session (account_id);
CREATE INDEX staff_session_expires ON staff_session (expires_wall);

-- Tries to sign in, for the throttle. Login and address are keyed hashes.
CREATE TABLE sign_in_try (
  id BLOB NOT NULL PRIMARY KEY,
  login_hash BLOB NOT NULL,
  address_hash BLOB NOT NULL,
  at_wall INTEGER NOT NULL,
  passed INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_try_login ON sign_in_try (login_hash, at_wall);
CREATE INDEX sign_in_try_address ON sign_in_try (address_hash, at_wall);
CREATE INDEX sign_in_try_at ON sign_in_try (at_wall);
