-- Views of charts that people keep: what is asked, and where things stand. Ids and places alone; the name is sealed under the view's own key.
CREATE TABLE chart_view (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  shared INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  about TEXT NOT NULL,
  asked TEXT NOT NULL,
  places TEXT NOT NULL,
  name_sealed BLOB NOT NULL,
  removed_at INTEGER
);
CREATE INDEX chart_view_author ON chart_view (author, created_at);
CREATE INDEX chart_view_shared ON chart_view (organisation_id, unit_id, created_at);
CREATE INDEX chart_view_removed ON chart_view (removed_at);
-- Where things stood when somebody last looked at a chart: a row for each person and what it began with, the id a hash of both. Of each person
-- the latest are kept, and not for ever.
CREATE TABLE chart_place (
  id BLOB PRIMARY KEY NOT NULL,
  author TEXT NOT NULL,
  starts TEXT NOT NULL,
  places TEXT NOT NULL,
  changed_at INTEGER NOT NULL
);
CREATE INDEX chart_place_author ON chart_place (author, changed_at);
