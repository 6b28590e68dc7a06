-- People of partner institutions, who sign in at the console: whose they are, and whether they keep its keys and people.
ALTER TABLE staff_account ADD COLUMN partner_id uuid;
ALTER TABLE staff_account ADD COLUMN partner_code text;
ALTER TABLE staff_account ADD COLUMN partner_manages boolean NOT NULL DEFAULT false;
CREATE INDEX staff_account_partner ON staff_account (partner_id, login);
