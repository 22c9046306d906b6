-- Service accounts that callers have made. Of a secret only a salted, slow hash is kept.
CREATE TABLE secret (
  secret_id              TEXT    PRIMARY KEY,
  unit                   INTEGER NOT NULL REFERENCES org_unit,
  client_id              TEXT    NOT NULL UNIQUE,
  name                   TEXT    NOT NULL,
  trust_upstream_consent INTEGER NOT NULL,
  hash                   TEXT    NOT NULL,
  created_at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Personal access tokens; `owner` is the client_id of who made one, in a configuration or above.
CREATE TABLE token (
  id         TEXT    PRIMARY KEY,
  owner      TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  hash       TEXT    NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
