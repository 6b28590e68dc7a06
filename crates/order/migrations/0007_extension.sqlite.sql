-- When a restriction ends that was made to go on; empty while its first term runs.
ALTER TABLE orders ADD COLUMN extended_until INTEGER;
