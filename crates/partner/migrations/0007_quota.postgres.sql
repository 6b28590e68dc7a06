-- Signed requests that the institution may send in a minute; NULL where its agreement names no number: the profile's.
ALTER TABLE partner ADD COLUMN requests_per_minute BIGINT;
-- What an institution has sent in the present minute, by the wall clock. `id` is the institution's.
CREATE TABLE partner_use (
  id UUID NOT NULL,
  minute BIGINT NOT NULL,
  requests BIGINT NOT NULL,
  answers BIGINT NOT NULL,
  PRIMARY KEY (id)
);
