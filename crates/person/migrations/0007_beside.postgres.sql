-- How often anything has changed by which a person is gathered: whoever thinks it over beside the writer looks whether it still holds.
ALTER TABLE person ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;
-- A keyed hash of weights as they are kept, by which they are known again; none where names stand in them as they sound: those are written
-- anew, with keyed hashes of the names.
ALTER TABLE person_model ADD COLUMN digest TEXT NOT NULL DEFAULT '';
CREATE INDEX person_model_digest ON person_model (digest, version, records);
-- A list that is taken back goes on behind this record.
ALTER TABLE person_list ADD COLUMN at_id UUID;
CREATE INDEX person_record_listed ON person_record (list_id, id);
-- Numbers that are not right contradict nobody: which of two that differ are right is not in the pair, so the records are looked at again.
UPDATE person_gate SET keyed = '' WHERE records > 0;
