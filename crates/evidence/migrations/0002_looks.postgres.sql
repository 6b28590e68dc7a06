-- What the limited reader says of bytes: once for the same bytes, sealed under their key. `due_wall` is when they are looked at next; while
-- somebody looks, when that is given up.
CREATE TABLE exhibit_look (
  blob_id UUID PRIMARY KEY NOT NULL,
  looker BIGINT NOT NULL,
  due_wall BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  ended TEXT,
  looked_at BIGINT,
  signs_sealed BYTEA,
  answer_sealed BYTEA
);
CREATE INDEX exhibit_look_due ON exhibit_look (due_wall);
CREATE INDEX exhibit_look_looker ON exhibit_look (looker);
INSERT INTO exhibit_look (blob_id, looker, due_wall, tries) SELECT id, 0, 0, 0 FROM evidence_blob;
