-- What witnesses outside say of checkpoints: that they saw them (C2SP tlog-cosignature), one line of each.
CREATE TABLE log_cosignature (
  size BIGINT NOT NULL,
  name TEXT NOT NULL,
  line TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (size, name)
);
CREATE INDEX log_cosignature_name ON log_cosignature (name, size);

-- What time-stamping authorities say of checkpoints: when they existed (RFC 3161).
CREATE TABLE log_stamp (
  size BIGINT NOT NULL,
  authority TEXT NOT NULL,
  token BYTEA NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (size, authority)
);
