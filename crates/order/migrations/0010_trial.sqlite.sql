-- Trial orders: invented, to institutions in test mode alone. Nothing counts them: they stand beside the orders, not among
-- them. What is posted with a broken signature first, and what came of it, shows whether forged messages are refused.
CREATE TABLE trial_order (
  id BLOB NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  partner TEXT NOT NULL,
  object_id BLOB NOT NULL,
  message_id BLOB NOT NULL,
  measure TEXT NOT NULL,
  ack_due INTEGER NOT NULL,
  action_due INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  acknowledged_at INTEGER,
  answered_at INTEGER,
  codes TEXT NOT NULL,
  -- What the gateway said to the message with a broken signature, and to the right one; NULL until it was posted.
  forged_status INTEGER,
  posted_status INTEGER,
  -- waiting, done
  post_state TEXT NOT NULL,
  due_wall INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
CREATE INDEX trial_order_partner ON trial_order (partner, created_at);
CREATE INDEX trial_order_due ON trial_order (due_wall) WHERE post_state = 'waiting';
