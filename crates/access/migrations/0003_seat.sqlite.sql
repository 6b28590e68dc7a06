-- People of partner institutions, who sign in at the console: whose they are, and whether they keep its keys and people.
ALTER TABLE staff_account ADD COLUMN partner_id BLOB;
ALTER TABLE staff_account ADD COLUMN partner_code TEXT;
ALTER TABLE staff_account ADD COLUMN partner_manages INTEGER NOT NULL DEFAULT 0;
CREATE INDEX staff_account_partner ON staff_account (partner_id, login);
