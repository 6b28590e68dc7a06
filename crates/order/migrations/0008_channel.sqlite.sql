-- How a message is carried, and who has carried it where no machine does.
ALTER TABLE delivery ADD COLUMN channel TEXT NOT NULL DEFAULT 'partner_api';
ALTER TABLE delivery ADD COLUMN handed_at INTEGER;
ALTER TABLE delivery ADD COLUMN handed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN handed_how TEXT NOT NULL DEFAULT '';
CREATE INDEX delivery_by_hand ON delivery (channel, state, handed_at);
