-- Signed requests that the institution may send in a minute; NULL where its agreement names no number: the profile's.
ALTER TABLE partner ADD COLUMN requests_per_minute INTEGER;
-- What an institution has sent in the present minute, by the wall clock. `id` is the institution's.
CREATE TABLE partner_use (
  id BLOB NOT NULL,
  minute INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;
