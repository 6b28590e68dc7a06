-- What people have to look at is found among ten million entries without looking at the others: an index for each reason for
-- which somebody must, in the order in which it is worked off.
CREATE INDEX registry_entry_disputed ON registry_entry (organisation_id, disputed_at, id) WHERE disputed_at IS NOT NULL;
CREATE INDEX registry_entry_suspect ON registry_entry (organisation_id, decided_at, id) WHERE decided = 'suspect';
CREATE INDEX registry_entry_doubted ON registry_entry (organisation_id, doubted_at, id) WHERE doubted_at IS NOT NULL;
CREATE INDEX registry_entry_listed ON registry_entry (organisation_id, review_at, id) WHERE decided = 'listed';
-- What institutions were told of and was cleared since.
CREATE INDEX registry_entry_cleared ON registry_entry (id) WHERE decided = 'cleared';
-- Decisions that are over.
CREATE INDEX registry_entry_until ON registry_entry (until_at) WHERE decided IN ('suspect', 'listed');
-- What was named last.
CREATE INDEX registry_entry_named ON registry_entry (organisation_id, last_at) WHERE harmful > 0 OR heard > 1;
DROP INDEX registry_entry_decided;
DROP INDEX registry_entry_last;
-- Objections that wait, the next one due first.
CREATE INDEX registry_objection_waiting ON registry_objection (organisation_id, due_at, id) WHERE status IN ('filed', 'accepted');
CREATE INDEX registry_objection_filed ON registry_objection (organisation_id, filed_at, status);
-- What asking was worth is counted over a month of payments: all that is counted stands in the index.
DROP INDEX registry_outcome_told;
CREATE INDEX registry_outcome_told ON registry_outcome (told_at, outcome, asset, partner, payer, amount_minor, entry_id);
-- What asking was worth, counted every few minutes where it takes too long to be counted for a page.
CREATE TABLE registry_figures (
  organisation_id TEXT PRIMARY KEY NOT NULL,
  since INTEGER NOT NULL,
  at INTEGER NOT NULL,
  at_wall INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
