CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who may do a piece of work that one process at a time does.
CREATE TABLE lease (
    name   TEXT NOT NULL PRIMARY KEY,
    holder UUID NOT NULL,
    until  BIGINT NOT NULL
);

-- The last number given out in each feed.
CREATE TABLE feed_counter (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE outbox (
    id      UUID NOT NULL PRIMARY KEY,
    feed_no BIGINT,
    name    TEXT NOT NULL,
    subject UUID NOT NULL,
    body    TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_feed_no ON outbox (feed_no);
CREATE INDEX outbox_unnumbered ON outbox (id) WHERE feed_no IS NULL;

-- How far each subscriber has come, and how its next event fares.
CREATE TABLE outbox_cursor (
    subscriber TEXT NOT NULL PRIMARY KEY,
    position   BIGINT NOT NULL,
    tries      BIGINT NOT NULL,
    retry_at   BIGINT NOT NULL
);

-- Events that a subscriber could not handle; they hold nobody up and wait for a person.
CREATE TABLE outbox_parked (
    subscriber TEXT NOT NULL,
    event      UUID NOT NULL,
    feed_no    BIGINT NOT NULL,
    error      TEXT NOT NULL,
    tries      BIGINT NOT NULL,
    parked_at  BIGINT NOT NULL,
    again      BOOLEAN NOT NULL,
    PRIMARY KEY (subscriber, event)
);
