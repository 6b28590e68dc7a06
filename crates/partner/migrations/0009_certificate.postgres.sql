-- Whether signed requests must also come by mutual TLS.
ALTER TABLE partner ADD COLUMN mutual_tls BOOLEAN NOT NULL DEFAULT FALSE;
-- Client certificates of institutions, by the SHA-256 of the certificate. One that `awaits` a second person, or is revoked, is not taken.
CREATE TABLE partner_certificate (
  id UUID NOT NULL,
  partner_id UUID NOT NULL,
  fingerprint BYTEA NOT NULL,
  added_at BIGINT NOT NULL,
  awaits TEXT,
  revoked_at BIGINT,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX partner_certificate_fingerprint ON partner_certificate (partner_id, fingerprint);
