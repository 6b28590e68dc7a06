-- In whose stead a signature was given, and by which delegation; empty for a signature in one's own right.
ALTER TABLE order_approval ADD COLUMN stead TEXT NOT NULL DEFAULT '';
ALTER TABLE order_approval ADD COLUMN delegation_id BLOB;
