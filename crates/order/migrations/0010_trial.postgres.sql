-- Trial orders: invented, to institutions in test mode alone. Nothing counts them: they stand beside the orders, not among
-- them. What is posted with a broken signature first, and what came of it, shows whether forged messages are refused.
CREATE TABLE trial_order (
  id UUID NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  partner TEXT NOT NULL,
  object_id UUID NOT NULL,
  message_id UUID NOT NULL,
  measure TEXT NOT NULL,
  ack_due BIGINT NOT NULL,
  action_due BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  acknowledged_at BIGINT,
  answered_at BIGINT,
  codes TEXT NOT NULL,
  -- What the gateway said to the message with a broken signature, and to the right one; NULL until it was posted.
  forged_status BIGINT,
  posted_status BIGINT,
  -- waiting, done
  post_state TEXT NOT NULL,
  due_wall BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX trial_order_partner ON trial_order (partner, created_at);
CREATE INDEX trial_order_due ON trial_order (due_wall) WHERE post_state = 'waiting';
