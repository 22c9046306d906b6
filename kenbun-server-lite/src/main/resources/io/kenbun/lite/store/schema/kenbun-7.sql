-- Destinations that triggers share. Which columns a channel has depends on its type.
CREATE TABLE notification_channel (
  key            INTEGER PRIMARY KEY,
  unit           INTEGER NOT NULL REFERENCES org_unit,
  id             TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  type           TEXT    NOT NULL CHECK (type IN ('slack', 'teams', 'webhook', 'email')),
  url            TEXT,
  auth_header    TEXT,
  signing_secret TEXT,
  channel_id     TEXT,
  channel_name   TEXT,
  recipients     TEXT,
  subject_prefix TEXT,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;
INSERT INTO last_key VALUES ('notification_channel', 0);

-- Where webhooks go, and with what: another URL, header or secret is another row. What is known of
-- a receiver's health is kept so that a restart does not begin by waiting for the dead.
CREATE TABLE destination (
  key            INTEGER PRIMARY KEY,
  unit           INTEGER NOT NULL REFERENCES org_unit,
  url            TEXT    NOT NULL,
  auth_header    TEXT,
  signing_secret TEXT,
  failures       INTEGER NOT NULL DEFAULT 0, -- in a row
  delivered_at   INTEGER,                    -- the last 2xx
  off_at         INTEGER                     -- when it answered 410; NULL: it is on
) STRICT;
CREATE INDEX destination_of_url ON destination (unit, url);

-- The second outbox. AUTOINCREMENT, since the worker looks for what is new by the key.
CREATE TABLE delivery (
  key          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE,      -- the webhook-id
  unit         INTEGER NOT NULL REFERENCES org_unit,
  firing       TEXT,                         -- NULL: a channel's test
  event        TEXT    NOT NULL,
  trigger_id   TEXT,
  trigger_name TEXT,
  lead         INTEGER,
  lead_id      TEXT,
  channel      INTEGER,                      -- NULL: the trigger's own webhook or e-mails
  target       TEXT    NOT NULL,             -- what a person is shown: a URL, a channel's name, addresses
  destination  INTEGER REFERENCES destination, -- NULL: nothing is sent
  body         TEXT    NOT NULL,             -- as it is sent, byte for byte
  state        TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'logged', 'off')),
  tries        INTEGER NOT NULL DEFAULT 0,
  next_at      INTEGER,                      -- of a pending one
  last_status  INTEGER,
  last_error   TEXT,
  attempts     TEXT    NOT NULL DEFAULT '',  -- see Attempts
  created_at   INTEGER NOT NULL,
  done_at      INTEGER
) STRICT;
CREATE INDEX delivery_due ON delivery (destination, next_at) WHERE state = 'pending';
CREATE INDEX delivery_of_unit ON delivery (unit, state);
CREATE INDEX delivery_done ON delivery (done_at) WHERE state IN ('delivered', 'logged', 'off');
CREATE INDEX delivery_of_lead ON delivery (lead) WHERE lead IS NOT NULL;

-- What a caller does not want to be told, by credential. Nothing here: all of it is wanted.
CREATE TABLE notification_pref (
  unit    INTEGER NOT NULL REFERENCES org_unit,
  owner   TEXT    NOT NULL, -- a client id
  enabled INTEGER NOT NULL,
  muted   TEXT    NOT NULL, -- event types, one a line
  PRIMARY KEY (unit, owner)
) STRICT, WITHOUT ROWID;
