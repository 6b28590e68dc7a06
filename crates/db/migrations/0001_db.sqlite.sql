CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may do a piece of work that one process at a time does.
CREATE TABLE lease (
    name   TEXT NOT NULL PRIMARY KEY,
    holder BLOB NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last number given out in each feed.
CREATE TABLE feed_counter (
    name TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id      BLOB NOT NULL PRIMARY KEY,
    feed_no INTEGER,
    name    TEXT NOT NULL,
    subject BLOB NOT NULL,
    body    TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_feed_no ON outbox (feed_no);
CREATE INDEX outbox_unnumbered ON outbox (id) WHERE feed_no IS NULL;

-- How far each subscriber has come, and how its next event fares.
CREATE TABLE outbox_cursor (
    subscriber TEXT NOT NULL PRIMARY KEY,
    position   INTEGER NOT NULL,
    tries      INTEGER NOT NULL,
    retry_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events that a subscriber could not handle; they hold nobody up and wait for a person.
CREATE TABLE outbox_parked (
    subscriber TEXT NOT NULL,
    event      BLOB NOT NULL,
    feed_no    INTEGER NOT NULL,
    error      TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    parked_at  INTEGER NOT NULL,
    again      INTEGER NOT NULL,
    PRIMARY KEY (subscriber, event)
) STRICT, WITHOUT ROWID;
