-- Addresses of institutions that notifications are posted to. Secrets lie sealed under the institution's own key;
-- `previous_sealed` holds the ones that were replaced and still sign, each with its end.
CREATE TABLE partner_endpoint (
  id UUID PRIMARY KEY NOT NULL,
  partner_id UUID NOT NULL,
  url TEXT NOT NULL,
  topics TEXT NOT NULL,
  mode TEXT NOT NULL,
  state TEXT NOT NULL,
  secret_sealed BYTEA NOT NULL,
  previous_sealed BYTEA,
  previous_until_wall BIGINT,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  last_success_wall BIGINT
);
CREATE UNIQUE INDEX partner_endpoint_url ON partner_endpoint (partner_id, url);
-- Notifications on their way and for a month after. Made to be sharded: the id is the key, nothing points here.
CREATE TABLE notification (
  id UUID PRIMARY KEY NOT NULL,
  endpoint UUID NOT NULL,
  topic TEXT NOT NULL,
  created_wall BIGINT NOT NULL,
  due_wall BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  step BIGINT NOT NULL,
  state TEXT NOT NULL,
  tried_wall BIGINT,
  last_status BIGINT,
  last_error TEXT NOT NULL
);
CREATE INDEX notification_due ON notification (due_wall, id) WHERE state = 'pending';
CREATE INDEX notification_waiting ON notification (endpoint, topic) WHERE state = 'pending';
CREATE INDEX notification_history ON notification (endpoint, created_wall);
