-- Which draft of the desk was enacted as this version; NULL for what the profile brought.
ALTER TABLE legal_basis ADD COLUMN draft_id UUID;
-- Changes of a legal basis that one person has drafted and another enacts or refuses. The basis and the version that
-- the change was written over are the header's.
CREATE TABLE legal_basis_draft (
  id UUID NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at BIGINT NOT NULL, source_time BIGINT NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id UUID, basis_version BIGINT,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BYTEA NOT NULL,
  -- The highest version of the basis when the form was opened: with a higher one, somebody changed it meanwhile.
  newest_version BIGINT NOT NULL,
  effective_from BIGINT NOT NULL,
  effective_to BIGINT,
  -- The proposed record as JSON.
  body TEXT NOT NULL,
  reason TEXT NOT NULL,
  author_name TEXT NOT NULL,
  -- drafted, enacted, refused
  status TEXT NOT NULL,
  enacted_version BIGINT,
  decided_at BIGINT,
  decided_by TEXT,
  decided_name TEXT,
  decided_reason TEXT,
  PRIMARY KEY (id)
);
CREATE INDEX legal_basis_draft_basis ON legal_basis_draft (basis_id, created_at);
