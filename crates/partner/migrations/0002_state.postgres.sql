-- When the institution was last taken out or taken in again, office time, and why, sealed under its own key.
ALTER TABLE partner ADD COLUMN state_at BIGINT;
ALTER TABLE partner ADD COLUMN state_reason_sealed BYTEA;
-- Why a key is no longer believed, sealed under the institution's key.
ALTER TABLE partner_key ADD COLUMN revoked_reason_sealed BYTEA;
