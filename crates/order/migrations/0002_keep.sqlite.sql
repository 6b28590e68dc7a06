-- The most that may stay held once the office has ended or corrected a hold; NULL while it has not. A partner's later
-- words cannot bring back what was let go.
ALTER TABLE order_object ADD COLUMN keep_minor INTEGER;
