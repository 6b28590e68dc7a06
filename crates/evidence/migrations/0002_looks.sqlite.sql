-- What the limited reader says of bytes: once for the same bytes, sealed under their key. `due_wall` is when they are looked at next; while
-- somebody looks, when that is given up.
CREATE TABLE exhibit_look (
  blob_id BLOB PRIMARY KEY NOT NULL,
  looker INTEGER NOT NULL,
  due_wall INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  ended TEXT,
  looked_at INTEGER,
  signs_sealed BLOB,
  answer_sealed BLOB
);
CREATE INDEX exhibit_look_due ON exhibit_look (due_wall);
CREATE INDEX exhibit_look_looker ON exhibit_look (looker);
INSERT INTO exhibit_look (blob_id, looker, due_wall, tries) SELECT id, 0, 0, 0 FROM evidence_blob;
