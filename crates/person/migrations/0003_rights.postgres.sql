-- Nothing that was told is overwritten: what stood before, sealed as it was, under the key of the record it belongs to. `of_id` is that
-- record, or the dropper that hangs on it; `field` is what was told anew.
CREATE TABLE person_earlier (
  id UUID PRIMARY KEY NOT NULL,
  record_id UUID NOT NULL,
  of_id UUID NOT NULL,
  field TEXT NOT NULL,
  facts TEXT NOT NULL,
  told_at BIGINT NOT NULL,
  told_by TEXT NOT NULL,
  replaced_at BIGINT NOT NULL,
  replaced_by TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  reason_sealed BYTEA NOT NULL
);
CREATE INDEX person_earlier_of ON person_earlier (of_id, replaced_at);
CREATE INDEX person_earlier_record ON person_earlier (record_id);
-- A record: when and by whom it was told last (as it was written, where null); taken back; whether some that may be the same person's
-- were not compared with it, since too many share what it is found by; the list that it came with.
ALTER TABLE person_record ADD COLUMN told_at BIGINT;
ALTER TABLE person_record ADD COLUMN told_by TEXT;
ALTER TABLE person_record ADD COLUMN taken_back_at BIGINT;
ALTER TABLE person_record ADD COLUMN taken_back_by TEXT;
ALTER TABLE person_record ADD COLUMN taken_back_sealed BYTEA;
ALTER TABLE person_record ADD COLUMN is_cut BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person_record ADD COLUMN list_id UUID;
CREATE INDEX person_record_recent ON person_record (created_at, id);
CREATE INDEX person_record_role ON person_record (role, created_at, id);
CREATE INDEX person_record_theirs ON person_record (person_id, created_at, id);
CREATE INDEX person_record_list ON person_record (list_id);
-- A person of very many records is gathered anew beside the writer.
ALTER TABLE person ADD COLUMN stale BIGINT NOT NULL DEFAULT 0;
CREATE INDEX person_stale ON person (stale);
-- Who may see a pair, without looking at both records: the organisation of both (none, where they differ), and the unit of whichever is
-- red (a dash, where they are of two).
ALTER TABLE person_pair ADD COLUMN office TEXT NOT NULL DEFAULT '';
ALTER TABLE person_pair ADD COLUMN closed TEXT NOT NULL DEFAULT '';
UPDATE person_pair SET
  office = COALESCE((SELECT a.organisation_id FROM person_record a JOIN person_record b ON b.id = person_pair.second_id
    WHERE a.id = person_pair.first_id AND a.organisation_id = b.organisation_id), ''),
  closed = CASE WHEN EXISTS (SELECT 1 FROM person_record r WHERE r.id IN (person_pair.first_id, person_pair.second_id)
    AND substr(r.marking, 1, 6) NOT IN ('clear/', 'green/', 'amber/') AND substr(r.marking, 1, 13) <> 'amber_strict/') THEN '-' ELSE '' END;
CREATE INDEX person_pair_queue ON person_pair (state, office, closed, bits);
-- Of a pair that needs two: what each said by themselves stands for nothing until two say the same.
ALTER TABLE person_judgement ADD COLUMN stands BIGINT NOT NULL DEFAULT 1;
-- A dropper: for which report it was begun; why it must be looked at again before its day; for which day of review that was told.
ALTER TABLE person_dropper ADD COLUMN ground_id UUID;
ALTER TABLE person_dropper ADD COLUMN doubt TEXT;
ALTER TABLE person_dropper ADD COLUMN due_told BIGINT;
CREATE INDEX person_dropper_ground ON person_dropper (ground_id);
CREATE INDEX person_dropper_review ON person_dropper (review_at);
-- One at a time weighs, joins and parts: whoever comes second sees what the first has done. And how many records there are.
CREATE TABLE person_gate (
  id UUID PRIMARY KEY NOT NULL,
  records BIGINT NOT NULL,
  keyed TEXT NOT NULL
);
INSERT INTO person_gate (id, records, keyed)
  SELECT '00000000-0000-0000-0000-000000000000'::uuid, COUNT(*), CASE WHEN COUNT(*) = 0 THEN 'done' ELSE '' END FROM person_record;
-- Which weights are in force is people's choice, one after the other; what the program learnt before they chose stays in force.
CREATE TABLE person_model_choice (
  no BIGINT PRIMARY KEY NOT NULL,
  version BIGINT NOT NULL,
  chosen_at BIGINT NOT NULL,
  chosen_by TEXT NOT NULL
);
INSERT INTO person_model_choice (no, version, chosen_at, chosen_by)
  SELECT 1, m.version, m.made_at, m.made_by FROM person_model m WHERE m.version = (SELECT MAX(n.version) FROM person_model n);
ALTER TABLE person_model ADD COLUMN effect TEXT;
