-- When somebody last signed in with this account, office time.
ALTER TABLE staff_account ADD COLUMN last_sign_in_at BIGINT;
-- When it was last closed or opened, office time, and why, sealed under the account's own key.
ALTER TABLE staff_account ADD COLUMN state_at BIGINT;
ALTER TABLE staff_account ADD COLUMN state_reason_sealed BYTEA;
