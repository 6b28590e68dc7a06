-- Why a certificate was revoked, sealed under the institution's key.
ALTER TABLE partner_certificate ADD COLUMN revoked_reason_sealed bytea;
