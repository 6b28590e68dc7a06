-- What goes out under a standing approval is summed before each order of the day: the sum is read from the indexes alone.
DROP INDEX orders_approval;
CREATE INDEX orders_approval ON orders (approval_id, sent_at, status);
DROP INDEX order_object_order;
CREATE INDEX order_object_order ON order_object (order_id, state, held_minor, returned_minor, cap_minor);
