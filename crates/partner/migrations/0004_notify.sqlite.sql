-- Addresses of institutions that notifications are posted to. Secrets lie sealed under the institution's own key;
-- `previous_sealed` holds the ones that were replaced and still sign, each with its end.
CREATE TABLE partner_endpoint (
  id BLOB PRIMARY KEY NOT NULL,
  partner_id BLOB NOT NULL,
  url TEXT NOT NULL,
  topics TEXT NOT NULL,
  mode TEXT NOT NULL,
  state TEXT NOT NULL,
  secret_sealed BLOB NOT NULL,
  previous_sealed BLOB,
  previous_until_wall INTEGER,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  last_success_wall INTEGER
) STRICT;
CREATE UNIQUE INDEX partner_endpoint_url ON partner_endpoint (partner_id, url);
-- Notifications on their way and for a month after. Made to be sharded: the id is the key, nothing points here.
CREATE TABLE notification (
  id BLOB PRIMARY KEY NOT NULL,
  endpoint BLOB NOT NULL,
  topic TEXT NOT NULL,
  created_wall INTEGER NOT NULL,
  due_wall INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  step INTEGER NOT NULL,
  state TEXT NOT NULL,
  tried_wall INTEGER,
  last_status INTEGER,
  last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_due ON notification (due_wall, id) WHERE state = 'pending';
CREATE INDEX notification_waiting ON notification (endpoint, topic) WHERE state = 'pending';
CREATE INDEX notification_history ON notification (endpoint, created_wall);
