-- Exhibits. What was told and the hashes are sealed under the exhibit's own key; the seal is a hash over them and a salt.
CREATE TABLE exhibit (
  id BLOB PRIMARY KEY NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  number TEXT NOT NULL,
  form TEXT NOT NULL,
  parent_id BLOB,
  blob_id BLOB,
  size_bytes INTEGER,
  seal BLOB NOT NULL,
  told_sealed BLOB NOT NULL,
  content_sealed BLOB NOT NULL,
  title_sealed BLOB NOT NULL,
  matter_kind TEXT,
  matter_id BLOB,
  matter_number TEXT,
  state TEXT NOT NULL,
  custodian TEXT NOT NULL,
  offered_to TEXT NOT NULL,
  place_id BLOB,
  under_seal INTEGER NOT NULL,
  events INTEGER NOT NULL,
  closed INTEGER NOT NULL,
  damaged INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed TEXT,
  changed_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX exhibit_number ON exhibit (number);
CREATE INDEX exhibit_matter ON exhibit (matter_id, created_at);
CREATE INDEX exhibit_parent ON exhibit (parent_id);
CREATE INDEX exhibit_blob ON exhibit (blob_id);
CREATE INDEX exhibit_list ON exhibit (organisation_id, changed_at);
CREATE INDEX exhibit_custodian ON exhibit (custodian, changed_at);
CREATE INDEX exhibit_offered ON exhibit (offered_to, changed_at);

-- Who is let in where nobody else is: those of the case.
CREATE TABLE exhibit_reader (
  exhibit_id BLOB NOT NULL,
  label TEXT NOT NULL,
  PRIMARY KEY (exhibit_id, label)
);

-- What happened to each, counted without gaps. What was said is sealed under the exhibit's key.
CREATE TABLE custody_event (
  exhibit_id BLOB NOT NULL,
  no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  record_id BLOB NOT NULL,
  counterpart TEXT NOT NULL,
  place_id BLOB,
  words_sealed BLOB,
  PRIMARY KEY (exhibit_id, no)
);

-- Bytes in the folder, under a key of their own. The same bytes lie there once: they are known by a keyed hash.
CREATE TABLE evidence_blob (
  id BLOB PRIMARY KEY NOT NULL,
  known_by BLOB NOT NULL,
  size_bytes INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  sha256_sealed BLOB NOT NULL,
  checked_wall INTEGER NOT NULL,
  damaged_frame INTEGER
);
CREATE UNIQUE INDEX evidence_blob_known_by ON evidence_blob (known_by);
CREATE INDEX evidence_blob_checked ON evidence_blob (checked_wall);

-- Files that are coming in.
CREATE TABLE evidence_upload (
  id BLOB PRIMARY KEY NOT NULL,
  author TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  disk_bytes INTEGER NOT NULL,
  touched_wall INTEGER NOT NULL
);
CREATE INDEX evidence_upload_touched ON evidence_upload (touched_wall);

-- Places where things lie.
CREATE TABLE evidence_place (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  name TEXT NOT NULL,
  open INTEGER NOT NULL
);

-- Packages that were made: the act in the record names the hash of their manifest.
CREATE TABLE evidence_package (
  id BLOB PRIMARY KEY NOT NULL,
  organisation_id TEXT NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  manifest BLOB NOT NULL,
  record_id BLOB NOT NULL,
  exhibits INTEGER NOT NULL
);
