-- Cards are known by ten digits; the keyed token of the whole number tells two apart that share them.
ALTER TABLE sighting ADD COLUMN card_token TEXT;
-- For readers by cursor, numbered after commit; its index comes with the first of them.
ALTER TABLE sighting ADD COLUMN feed_no BIGINT;
