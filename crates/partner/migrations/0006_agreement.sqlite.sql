-- What each institution has agreed to, version beside version; nothing here is overwritten. The text (an entry of the
-- agreement file as JSON) is sealed under the institution's own key, for it names people. A version that waits for a
-- second person has no number yet.
CREATE TABLE partner_agreement (
  id BLOB NOT NULL,
  origin_node TEXT NOT NULL, organisation_id TEXT NOT NULL, unit_id TEXT NOT NULL, region TEXT NOT NULL,
  marking TEXT NOT NULL, lang TEXT NOT NULL, created_at INTEGER NOT NULL, source_time INTEGER NOT NULL,
  source_zone TEXT NOT NULL, author TEXT NOT NULL, basis_id BLOB, basis_version INTEGER,
  profile_version TEXT NOT NULL, retention_class TEXT NOT NULL, row_hash BLOB NOT NULL,
  partner_id BLOB NOT NULL,
  code TEXT NOT NULL,
  -- The version over which it was written; 0 where there was none.
  base_version INTEGER NOT NULL,
  body_sealed BLOB NOT NULL,
  author_name TEXT NOT NULL,
  -- waits, kept, refused
  status TEXT NOT NULL,
  version INTEGER,
  decided_at INTEGER,
  decided_by TEXT,
  decided_name TEXT,
  reason_sealed BLOB,
  PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX partner_agreement_version ON partner_agreement (code, version);
CREATE INDEX partner_agreement_waiting ON partner_agreement (created_at) WHERE status = 'waits';
-- Last day of the agreement in force, empty where it names none.
ALTER TABLE partner ADD COLUMN until_day TEXT NOT NULL DEFAULT '';
-- Who added a key that waits for a second person; NULL for one that is believed.
ALTER TABLE partner_key ADD COLUMN awaits TEXT;
