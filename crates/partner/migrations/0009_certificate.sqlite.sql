-- Whether signed requests must also come by mutual TLS.
ALTER TABLE partner ADD COLUMN mutual_tls INTEGER NOT NULL DEFAULT 0;
-- Client certificates of institutions, by the SHA-256 of the certificate. One that `awaits` a second person, or is revoked, is not taken.
CREATE TABLE partner_certificate (
  id BLOB NOT NULL,
  partner_id BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  awaits TEXT,
  revoked_at INTEGER,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX partner_certificate_fingerprint ON partner_certificate (partner_id, fingerprint);
