-- What an institution keeps beside accounts, as JSON: beginnings of telephone numbers, ends of host names, whether
-- accounts of a messenger or network.
ALTER TABLE partner ADD COLUMN keeps TEXT NOT NULL DEFAULT '{}';
