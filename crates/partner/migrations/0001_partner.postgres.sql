-- Institutions that receive orders or answer them.
CREATE TABLE partner (
  id UUID PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  code TEXT NOT NULL,
  kind TEXT NOT NULL,
  role TEXT NOT NULL,
  names TEXT NOT NULL,
  iban_codes TEXT NOT NULL,
  card_bins TEXT NOT NULL,
  gateway_url TEXT NOT NULL,
  duty_phone TEXT NOT NULL,
  contact TEXT NOT NULL,
  active BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX partner_code ON partner (code);
-- Keys by which a partner signs. A revoked one stays, so that old answers can still be checked.
CREATE TABLE partner_key (
  id UUID PRIMARY KEY NOT NULL,
  partner_id UUID NOT NULL,
  keyid TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  valid_from BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX partner_key_keyid ON partner_key (keyid);
-- Nonces of accepted signatures, until they expire: a signature works once.
CREATE TABLE partner_nonce (
  keyid TEXT NOT NULL,
  nonce TEXT NOT NULL,
  expires_wall BIGINT NOT NULL,
  PRIMARY KEY (keyid, nonce)
);
CREATE INDEX partner_nonce_expires ON partner_nonce (expires_wall);
