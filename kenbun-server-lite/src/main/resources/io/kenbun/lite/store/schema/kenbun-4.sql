-- What decides about scores beside rules. Deleted rulesets stay, as deleted rules do: what they gave
-- is still explained by them, and what has a half-life fades on.
ALTER TABLE ruleset ADD COLUMN deleted_at INTEGER;
ALTER TABLE rule ADD COLUMN half_life_days INTEGER; -- NULL: never fades
ALTER TABLE level ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

-- The last key given of each table here, so that none comes to stand for something else.
CREATE TABLE last_key (
  name TEXT    PRIMARY KEY,
  key  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO last_key SELECT 'ruleset', coalesce(max(key), 0) FROM ruleset;
INSERT INTO last_key SELECT 'rule', coalesce(max(key), 0) FROM rule;
INSERT INTO last_key SELECT 'level', coalesce(max(key), 0) FROM level;
INSERT INTO last_key VALUES ('decay_rule', 0), ('metadata_filter', 0), ('velocity_filter', 0),
  ('profile_mapping', 0), ('profile_ruleset', 0), ('profile_rule', 0);

-- `in_force_since` moves with whatever changes what the rule takes.
CREATE TABLE decay_rule (
  key            INTEGER PRIMARY KEY,
  unit           INTEGER NOT NULL REFERENCES org_unit,
  id             TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  points         INTEGER NOT NULL CHECK (points <= 0),
  interval_days  INTEGER NOT NULL,
  active         INTEGER NOT NULL,
  ruleset        INTEGER REFERENCES ruleset, -- NULL: every one
  created_at     INTEGER NOT NULL,
  in_force_since INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE metadata_filter (
  key        INTEGER PRIMARY KEY,
  unit       INTEGER NOT NULL REFERENCES org_unit,
  id         TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  event_type TEXT    NOT NULL, -- empty: every type
  enabled    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  updated_by TEXT    NOT NULL,
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE metadata_filter_condition (
  filter   INTEGER NOT NULL REFERENCES metadata_filter,
  position INTEGER NOT NULL,
  field    TEXT    NOT NULL,
  operator TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  PRIMARY KEY (filter, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE velocity_filter (
  key             INTEGER PRIMARY KEY,
  unit            INTEGER NOT NULL REFERENCES org_unit,
  id              TEXT    NOT NULL,
  event_type      TEXT    NOT NULL,
  count_threshold INTEGER NOT NULL,
  window_ms       INTEGER NOT NULL,
  keep_first      INTEGER NOT NULL,
  enabled         INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE profile_mapping (
  key             INTEGER PRIMARY KEY,
  unit            INTEGER NOT NULL REFERENCES org_unit,
  id              TEXT    NOT NULL,
  metadata_key    TEXT    NOT NULL,
  profile_field   TEXT    NOT NULL,
  update_behavior TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE profile_ruleset (
  key         INTEGER PRIMARY KEY,
  unit        INTEGER NOT NULL REFERENCES org_unit,
  id          TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  active      INTEGER NOT NULL,
  is_primary  INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  deleted     INTEGER NOT NULL DEFAULT 0, -- stays to name the scores that it left behind
  UNIQUE (unit, id)
) STRICT;

CREATE TABLE profile_rule (
  key           INTEGER PRIMARY KEY,
  ruleset       INTEGER NOT NULL REFERENCES profile_ruleset,
  id            TEXT    NOT NULL,
  profile_field TEXT    NOT NULL,
  operator      TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  weight        INTEGER NOT NULL,
  active        INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  UNIQUE (ruleset, id)
) STRICT;

-- A unit without a row has the defaults.
CREATE TABLE scoring_setting (
  unit                    INTEGER PRIMARY KEY REFERENCES org_unit,
  allow_negative_scores   INTEGER NOT NULL,
  abm_enabled             INTEGER NOT NULL,
  session_timeout_minutes INTEGER NOT NULL,
  fan_out_window_ms       INTEGER NOT NULL
) STRICT;

CREATE TABLE hidden_event_type (
  unit INTEGER NOT NULL REFERENCES org_unit,
  name TEXT    NOT NULL,
  PRIMARY KEY (unit, name)
) STRICT, WITHOUT ROWID;

-- Counted beside attribute filters, among all events.
CREATE INDEX event_of_metadata_filter ON event (unit) WHERE suppression_reason = 'metadata_filter';
