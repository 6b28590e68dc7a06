-- Institutions that receive orders or answer them.
CREATE TABLE partner (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  names TEXT NOT NULL,
  iban_codes TEXT NOT NULL,
  card_bins TEXT NOT NULL,
  gateway_url TEXT NOT NULL,
  duty_phone TEXT NOT NULL,
  contact TEXT NOT NULL,
  active INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX partner_code ON partner (code);
-- Keys by which a partner signs. A revoked one stays, so that old answers can still be checked.
CREATE TABLE partner_key (
  id BLOB PRIMARY KEY NOT NULL,
  partner_id BLOB NOT NULL,
  keyid TEXT NOT NULL,
  public_key BLOB NOT NULL,
  valid_from INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX partner_key_keyid ON partner_key (keyid);
-- Nonces of accepted signatures, until they expire: a signature works once.
CREATE TABLE partner_nonce (
  keyid TEXT NOT NULL,
  nonce TEXT NOT NULL,
  expires_wall INTEGER NOT NULL,
  PRIMARY KEY (keyid, nonce)
) STRICT;
CREATE INDEX partner_nonce_expires ON partner_nonce (expires_wall);
