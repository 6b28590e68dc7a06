-- Two records that the machine joins only once people have answered: whoever parted them or set them together went, was corrected or was
-- taken back.
CREATE TABLE person_bar (
  first_id BLOB NOT NULL,
  second_id BLOB NOT NULL,
  PRIMARY KEY (first_id, second_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_bar_second ON person_bar (second_id);
-- Whether both records tell a right national number, and not the same: the machine joins them never by itself.
ALTER TABLE person_pair ADD COLUMN clash INTEGER NOT NULL DEFAULT 0;
UPDATE person_pair SET clash = 1 WHERE substr(levels, 1, 1) = '4';
-- Whether a record tells how old somebody is, and whether they were a minor when it was told; null until it was looked at.
ALTER TABLE person_record ADD COLUMN is_aged INTEGER;
ALTER TABLE person_record ADD COLUMN is_minor INTEGER;
UPDATE person_gate SET keyed = '' WHERE records > 0;
-- The unit of whichever is red may see the pair; nobody only where they are of two.
UPDATE person_pair SET closed = (
  SELECT CASE WHEN COUNT(*) = 0 THEN '' WHEN COUNT(DISTINCT r.unit_id) = 1 AND MIN(r.unit_id) <> '' THEN MIN(r.unit_id) ELSE '-' END
  FROM person_record r WHERE r.id IN (person_pair.first_id, person_pair.second_id)
    AND substr(r.marking, 1, 6) NOT IN ('clear/', 'green/', 'amber/') AND substr(r.marking, 1, 13) <> 'amber_strict/');
