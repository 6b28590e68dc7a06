-- Which views and places name which report: what is erased is looked up by its key, not in the texts of all of them.
CREATE TABLE chart_mention (
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  row_id BLOB NOT NULL,
  PRIMARY KEY (key, kind, row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chart_mention_row ON chart_mention (kind, row_id);
CREATE INDEX chart_place_changed ON chart_place (changed_at);
-- What is kept by now: each text is read from one report to the next.
INSERT INTO chart_mention (key, kind, row_id)
WITH RECURSIVE said (kind, id, step, rest) AS (
  SELECT 'view', id, 0, about || ' ' || asked || ' ' || places FROM chart_view
  UNION ALL SELECT 'place', id, 0, starts || ' ' || places FROM chart_place
  UNION ALL SELECT kind, id, step + 1, substr(rest, instr(rest, 'report:') + 7) FROM said WHERE instr(rest, 'report:') > 0
)
SELECT DISTINCT 'report:' || substr(rest, 1, 32), kind, id FROM said
WHERE step > 0 AND length(substr(rest, 1, 32)) = 32 AND substr(rest, 1, 32) NOT GLOB '*[^0-9a-f]*';
