-- Times are milliseconds since 1970. `key` columns are numbers of this file's own and are never sent.

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to which seq of the outbox everything is scored; moves in the transaction that scores.
CREATE TABLE progress (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  cursor INTEGER NOT NULL
) STRICT;
INSERT INTO progress VALUES (1, 0);

CREATE TABLE org_unit (
  key          INTEGER PRIMARY KEY,
  unit_id      TEXT    NOT NULL UNIQUE,
  org_id       TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  slug         TEXT    NOT NULL,
  external_ref TEXT,
  is_default   INTEGER NOT NULL
) STRICT;

CREATE TABLE ruleset (
  key         INTEGER PRIMARY KEY,
  unit        INTEGER NOT NULL REFERENCES org_unit,
  id          TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  score_field TEXT    NOT NULL,
  active      INTEGER NOT NULL,
  is_primary  INTEGER NOT NULL,
  start_date  TEXT,
  end_date    TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

-- A deleted rule stays: what it gave before is still explained by it.
CREATE TABLE rule (
  key        INTEGER PRIMARY KEY,
  ruleset    INTEGER NOT NULL REFERENCES ruleset,
  id         TEXT    NOT NULL UNIQUE,
  event_type TEXT    NOT NULL,
  weight     INTEGER NOT NULL,
  active     INTEGER NOT NULL,
  start_date TEXT,
  end_date   TEXT,
  priority   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX rule_of_ruleset ON rule (ruleset);

CREATE TABLE rule_filter (
  rule     INTEGER NOT NULL REFERENCES rule,
  position INTEGER NOT NULL,
  field    TEXT    NOT NULL,
  operator TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  PRIMARY KEY (rule, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE level (
  key       INTEGER PRIMARY KEY,
  unit      INTEGER NOT NULL REFERENCES org_unit,
  surface   TEXT    NOT NULL CHECK (surface IN ('engagement', 'profile')),
  id        TEXT    NOT NULL UNIQUE,
  name      TEXT    NOT NULL,
  min_score INTEGER NOT NULL,
  max_score INTEGER,
  color     TEXT    NOT NULL,
  position  INTEGER NOT NULL
) STRICT;

-- `events` counts the stored events of the type, so that totals need no scan.
CREATE TABLE event_type (
  key    INTEGER PRIMARY KEY,
  unit   INTEGER NOT NULL REFERENCES org_unit,
  name   TEXT    NOT NULL,
  events INTEGER NOT NULL,
  UNIQUE (unit, name)
) STRICT;

CREATE TABLE lead (
  key             INTEGER PRIMARY KEY,
  unit            INTEGER NOT NULL,
  lead_id         TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  last_event_at   INTEGER,
  last_event_type INTEGER,
  UNIQUE (unit, lead_id)
) STRICT;

-- `value` is what two spellings have in common, `raw_value` the spelling that was seen first.
CREATE TABLE alias (
  unit       INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  lead       INTEGER NOT NULL,
  raw_value  TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (unit, kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_of_lead ON alias (lead);

CREATE TABLE score (
  lead    INTEGER NOT NULL,
  ruleset INTEGER NOT NULL,
  score   INTEGER NOT NULL,
  PRIMARY KEY (lead, ruleset)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  seq                INTEGER PRIMARY KEY, -- the outbox's
  unit               INTEGER NOT NULL,
  lead               INTEGER,
  event_type         INTEGER NOT NULL,
  ts                 INTEGER NOT NULL,    -- when it happened
  received_at        INTEGER NOT NULL,
  metadata           TEXT,
  contributions      TEXT,                -- see ContributionList
  suppression_reason TEXT,
  original_lead_id   TEXT
) STRICT;
CREATE INDEX event_of_lead ON event (lead, ts);

-- Accepted events whose scoring failed. They are tried again at `next_at`; NULL: never again by itself.
CREATE TABLE failed_event (
  seq         INTEGER PRIMARY KEY,
  unit        INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  ts          INTEGER NOT NULL,
  lead_id     TEXT,
  aliases     TEXT    NOT NULL,
  event_type  TEXT    NOT NULL,
  metadata    TEXT,
  reason      TEXT    NOT NULL,
  tries       INTEGER NOT NULL,
  failed_at   INTEGER NOT NULL,
  next_at     INTEGER
) STRICT;
CREATE INDEX failed_event_due ON failed_event (next_at) WHERE next_at IS NOT NULL;
