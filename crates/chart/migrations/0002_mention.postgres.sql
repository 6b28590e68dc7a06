-- Which views and places name which report: what is erased is looked up by its key, not in the texts of all of them.
CREATE TABLE chart_mention (
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  row_id UUID NOT NULL,
  PRIMARY KEY (key, kind, row_id)
);
CREATE INDEX chart_mention_row ON chart_mention (kind, row_id);
CREATE INDEX chart_place_changed ON chart_place (changed_at);
-- What is kept by now.
INSERT INTO chart_mention (key, kind, row_id)
SELECT DISTINCT m.found[1], t.kind, t.id FROM (
  SELECT 'view' AS kind, id, about || ' ' || asked || ' ' || places AS said FROM chart_view
  UNION ALL SELECT 'place', id, starts || ' ' || places FROM chart_place
) AS t CROSS JOIN LATERAL regexp_matches(t.said, 'report:[0-9a-f]{32}', 'g') AS m (found);
