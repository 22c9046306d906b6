-- Explanations that were shared by a link. Of a token only its SHA-256 is kept.
CREATE TABLE share (
  token      BLOB    PRIMARY KEY,
  unit       INTEGER NOT NULL,
  lead_id    TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX share_expires ON share (expires_at);

-- Rare among events; a scored one costs these indexes nothing.
CREATE INDEX event_suppressed ON event (unit, suppression_reason) WHERE suppression_reason IS NOT NULL;
CREATE INDEX event_moved ON event (unit, original_lead_id) WHERE original_lead_id IS NOT NULL;
