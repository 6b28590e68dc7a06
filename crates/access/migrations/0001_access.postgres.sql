-- Accounts of staff. Name and one-time-code secret are sealed under the account's own key in the vault.
CREATE TABLE staff_account (
  id UUID NOT NULL PRIMARY KEY,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  login TEXT NOT NULL,
  demo BOOLEAN NOT NULL,
  name_sealed BYTEA NOT NULL,
  roles TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  totp_sealed BYTEA NOT NULL,
  -- The last step whose code was taken: each code works once.
  totp_last_step BIGINT NOT NULL,
  active BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX staff_account_login ON staff_account (login);
CREATE INDEX staff_account_organisation ON staff_account (organisation_id, login);

-- Who is signed in. Times are wall time; the token itself is in the cookie only.
CREATE TABLE staff_session (
  id UUID NOT NULL PRIMARY KEY,
  account_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  user_agent_hash BYTEA NOT NULL,
  created_wall BIGINT NOT NULL,
  last_seen_wall BIGINT NOT NULL,
  expires_wall BIGINT NOT NULL,
  stepped_up_wall BIGINT NOT NULL
);
CREATE UNIQUE INDEX staff_session_token ON staff_session (token_hash);
CREATE INDEX staff_session_account ON staff_session (account_id);
CREATE INDEX staff_session_expires ON staff_session (expires_wall);

-- Tries to sign in, for the throttle. Login and address are keyed hashes.
CREATE TABLE sign_in_try (
  id UUID NOT NULL PRIMARY KEY,
  login_hash BYTEA NOT NULL,
  address_hash BYTEA NOT NULL,
  at_wall BIGINT NOT NULL,
  passed BOOLEAN NOT NULL
);
CREATE INDEX sign_in_try_login ON sign_in_try (login_hash, at_wall);
CREATE INDEX sign_in_try_address ON sign_in_try (address_hash, at_wall);
CREATE INDEX sign_in_try_at ON sign_in_try (at_wall);
