-- Who a referral was sent to by messages, the body's own number, and when its lateness is told.
ALTER TABLE case_referral ADD COLUMN institution TEXT NOT NULL DEFAULT '';
ALTER TABLE case_referral ADD COLUMN body_number TEXT NOT NULL DEFAULT '';
ALTER TABLE case_referral ADD COLUMN call_at BIGINT NOT NULL DEFAULT 9223372036854775807;
UPDATE case_referral SET call_at = due_at WHERE state = 'sent';
CREATE INDEX case_referral_call ON case_referral (state, call_at);
-- How cases stand in the country's registers, as the registers' own slice says; made anew from there at each of its news.
CREATE TABLE case_register (
  id UUID PRIMARY KEY NOT NULL,
  case_id UUID NOT NULL,
  system TEXT NOT NULL,
  since BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX case_register_case ON case_register (case_id);
