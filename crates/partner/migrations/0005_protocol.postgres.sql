-- In which messages an institution is asked about money: ours, or those of ISO 20022.
ALTER TABLE partner ADD COLUMN protocol TEXT NOT NULL DEFAULT 'json';
