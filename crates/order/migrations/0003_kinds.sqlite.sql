-- Orders of every kind. What an order says of an object beside its name, sealed under the key of its report.
ALTER TABLE order_object ADD COLUMN details_sealed BLOB;
-- Why a scope wider than the disputed sum is needed, sealed under the key of the report.
ALTER TABLE orders ADD COLUMN reason_sealed BLOB;
