-- What institutions say became of payments about which they had asked. The id is derived from institution and payment, so
-- that a payment told twice is one; who paid is a keyed hash of the institution's own word for them.
CREATE TABLE registry_outcome (
  id UUID PRIMARY KEY NOT NULL,
  entry_id UUID NOT NULL,
  partner TEXT NOT NULL,
  payer BYTEA NOT NULL,
  class TEXT NOT NULL,
  outcome TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  asset TEXT NOT NULL,
  at BIGINT NOT NULL,
  told_at BIGINT NOT NULL
);
CREATE INDEX registry_outcome_entry ON registry_outcome (entry_id, partner, payer);
CREATE INDEX registry_outcome_told ON registry_outcome (told_at);
-- How much was asked and how much of it was known, by day of the office and institution.
CREATE TABLE registry_day (
  day BIGINT NOT NULL,
  partner TEXT NOT NULL,
  asked BIGINT NOT NULL,
  known BIGINT NOT NULL,
  PRIMARY KEY (day, partner)
);
-- Since when an institution says that an entry stopped an honest payment, and nobody has decided anew.
ALTER TABLE registry_entry ADD COLUMN doubted_at BIGINT;
