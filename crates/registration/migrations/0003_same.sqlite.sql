-- A case is the same matter as a report that belongs to it: it may stand under the report's number. Of each kind a number stands once.
DROP INDEX external_ref_number;
CREATE UNIQUE INDEX external_ref_number ON external_ref (system, number, subject_kind) WHERE wrong_at IS NULL;
