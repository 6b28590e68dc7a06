-- Which records came to the person on whom a matter is open since it was begun, however old they are themselves: where people take back that
-- somebody is that person, whoever came along and is not held by people leaves the matter. Of what came before this was kept only when each
-- was told is known.
CREATE TABLE person_came (
  dropper_id BLOB NOT NULL,
  record_id BLOB NOT NULL,
  PRIMARY KEY (dropper_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_came_record ON person_came (record_id);
INSERT INTO person_came (dropper_id, record_id)
  SELECT d.id, r.id FROM person_dropper d JOIN person_record c ON c.id = d.record_id JOIN person_record r ON r.person_id = c.person_id
  WHERE d.status <> 'cleared' AND r.id <> c.id AND COALESCE(r.told_at, r.created_at) > d.created_at;
