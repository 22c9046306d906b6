-- Units that were emptied: what was in the queue then, up to that seq, is not to be scored.
CREATE TABLE unit_reset (
  unit INTEGER PRIMARY KEY REFERENCES org_unit,
  seq  INTEGER NOT NULL
) STRICT;

-- A unit may be scored anew from a point in time on; what events gave before it stays.
ALTER TABLE rescore ADD COLUMN from_ts INTEGER NOT NULL DEFAULT -9223372036854775808;
