-- Events that the server makes itself have seqs below zero, see EventId; this is the last one given.
ALTER TABLE progress ADD COLUMN system_seq INTEGER NOT NULL DEFAULT -4611686018427387904;

ALTER TABLE lead ADD COLUMN score_reset_at INTEGER;           -- earlier events count for nothing
ALTER TABLE lead ADD COLUMN folded_to INTEGER;                -- newest timestamp added to its scores
ALTER TABLE lead ADD COLUMN decay_due INTEGER;                -- no decay is due before; NULL: none will be
ALTER TABLE lead ADD COLUMN fades INTEGER NOT NULL DEFAULT 0; -- HalfLives.fingerprint its scores stand for
ALTER TABLE lead ADD COLUMN merged_into INTEGER;              -- soft-deleted: the lead it is part of now
ALTER TABLE lead ADD COLUMN profile TEXT;                     -- {"field":{"value":…,"at":millis}}
UPDATE lead SET folded_to = last_event_at;
CREATE INDEX lead_decay_due ON lead (decay_due) WHERE decay_due IS NOT NULL;

-- A Standing, see there. `score` is what it came to when it was last written or refreshed. The
-- hourly snapshots from `since_hour` (hours since 1970) on are read off this row, those before off
-- score_segment.
ALTER TABLE score ADD COLUMN flat REAL NOT NULL DEFAULT 0;
ALTER TABLE score ADD COLUMN fading BLOB;                     -- see FadingAmounts; NULL: nothing fades
ALTER TABLE score ADD COLUMN ref INTEGER;
ALTER TABLE score ADD COLUMN settled INTEGER;
ALTER TABLE score ADD COLUMN since_hour INTEGER NOT NULL DEFAULT 0;
UPDATE score SET flat = score,
  since_hour = coalesce((SELECT l.updated_at / 3600000 + 1 FROM lead l WHERE l.key = score.lead), 0);

-- What stood from `from_hour` on until the next segment's, the last one until score.since_hour.
CREATE TABLE score_segment (
  lead      INTEGER NOT NULL,
  ruleset   INTEGER NOT NULL,
  from_hour INTEGER NOT NULL,
  flat      REAL    NOT NULL,
  fading    BLOB,
  ref       INTEGER,
  PRIMARY KEY (lead, ruleset, from_hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_score (
  lead    INTEGER NOT NULL,
  ruleset INTEGER NOT NULL,
  score   INTEGER NOT NULL,
  PRIMARY KEY (lead, ruleset)
) STRICT, WITHOUT ROWID;

ALTER TABLE event ADD COLUMN marks INTEGER NOT NULL DEFAULT 0; -- see ScoredEvent
ALTER TABLE event ADD COLUMN alias TEXT;                       -- whose it is when there is no lead
CREATE INDEX event_without_lead ON event (unit, alias, ts) WHERE lead IS NULL;

-- Units whose leads are being scored anew: the next lead to come.
CREATE TABLE rescore (
  unit      INTEGER PRIMARY KEY,
  next_lead INTEGER NOT NULL
) STRICT;
