-- What fires, what has fired, and what is to be remembered of each lead for it.
ALTER TABLE failed_event ADD COLUMN skip_triggers INTEGER NOT NULL DEFAULT 0;

-- Up to when the lead's scores were watched for crossings; NULL: no trigger has looked yet.
ALTER TABLE lead ADD COLUMN watched_at INTEGER;

INSERT INTO last_key VALUES ('milestone', 0), ('sequence', 0), ('surge', 0), ('firing', 0);

-- `in_force_since` moves with whatever changes which crossings are its own.
CREATE TABLE milestone (
  key              INTEGER PRIMARY KEY,
  unit             INTEGER NOT NULL REFERENCES org_unit,
  id               TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  score_threshold  INTEGER NOT NULL,
  event_type       TEXT,             -- NULL: whatever causes the crossing
  fire_mode        TEXT    NOT NULL CHECK (fire_mode IN ('once', 'always')),
  cooldown_seconds INTEGER NOT NULL,
  ruleset          INTEGER REFERENCES ruleset, -- NULL: the primary one
  engagement_level TEXT,
  profile_level    TEXT,
  account_level    TEXT,
  notify_on_exit   INTEGER NOT NULL,
  active           INTEGER NOT NULL,
  webhook_url      TEXT,
  signing_secret   TEXT,             -- needed in full to sign with
  channel          INTEGER,          -- the key of a notification channel
  notify_owner     INTEGER NOT NULL,
  emails           TEXT,             -- see TextList
  email_subject    TEXT,
  email_preheader  TEXT,
  email_message    TEXT,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  in_force_since   INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE sequence (
  key              INTEGER PRIMARY KEY,
  unit             INTEGER NOT NULL REFERENCES org_unit,
  id               TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  event_types      TEXT    NOT NULL, -- see TextList
  window_seconds   INTEGER NOT NULL,
  window_unit      TEXT,
  ordered          INTEGER NOT NULL,
  active           INTEGER NOT NULL,
  webhook_url      TEXT,
  signing_secret   TEXT,             -- needed in full to sign with
  channel          INTEGER,          -- the key of a notification channel
  notify_owner     INTEGER NOT NULL,
  emails           TEXT,             -- see TextList
  email_subject    TEXT,
  email_preheader  TEXT,
  email_message    TEXT,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE surge (
  key              INTEGER PRIMARY KEY,
  unit             INTEGER NOT NULL REFERENCES org_unit,
  id               TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  event_type       TEXT,             -- NULL: all events
  threshold        INTEGER NOT NULL CHECK (threshold > 0),
  window_seconds   INTEGER NOT NULL,
  active           INTEGER NOT NULL,
  webhook_url      TEXT,
  signing_secret   TEXT,             -- needed in full to sign with
  channel          INTEGER,          -- the key of a notification channel
  notify_owner     INTEGER NOT NULL,
  emails           TEXT,             -- see TextList
  email_subject    TEXT,
  email_preheader  TEXT,
  email_message    TEXT,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

-- What a trigger remembers of a lead, see TriggerMemory; a row is made when it first fires. Rows of
-- triggers that were deleted stay: keys are never given again.
CREATE TABLE trigger_memory (
  lead    INTEGER NOT NULL,
  kind    TEXT    NOT NULL,          -- milestone, sequence or surge
  trigger INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  marks   INTEGER NOT NULL,
  PRIMARY KEY (lead, kind, trigger)
) STRICT, WITHOUT ROWID;

-- The history: one row for each cause, written with what caused it. In the order they fired.
CREATE TABLE firing (
  key              INTEGER PRIMARY KEY,
  id               TEXT    NOT NULL,
  unit             INTEGER NOT NULL,
  type             TEXT    NOT NULL, -- a NotificationType's wire name
  trigger          INTEGER NOT NULL,
  trigger_id       TEXT    NOT NULL,
  trigger_name     TEXT    NOT NULL,
  score_threshold  INTEGER,
  lead             INTEGER NOT NULL,
  lead_id          TEXT    NOT NULL,
  fired_at         INTEGER NOT NULL,
  score            INTEGER NOT NULL,
  previous_score   INTEGER NOT NULL,
  ruleset_id       TEXT,
  engagement_level TEXT    NOT NULL,
  event_type       TEXT,
  event_id         TEXT,
  event_types      TEXT,             -- see TextList
  count            INTEGER,
  window_seconds   INTEGER
) STRICT;
CREATE INDEX firing_of_type ON firing (unit, type);
CREATE INDEX firing_of_trigger ON firing (unit, type, trigger_id);
CREATE INDEX firing_of_lead ON firing (lead);
