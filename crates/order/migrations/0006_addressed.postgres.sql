-- An institution reads what was handed to it.
CREATE INDEX orders_executor ON orders (executor, status, action_due);
CREATE INDEX orders_gateway ON orders (gateway, status, action_due);
CREATE INDEX orders_sent ON orders (sent_at);
