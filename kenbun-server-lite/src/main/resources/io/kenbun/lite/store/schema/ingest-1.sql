-- Events that were acknowledged and are not scored yet. `seq` is given by the writer, never by SQLite,
-- which hands a rowid out again once the table has been emptied.
CREATE TABLE outbox (
  seq         INTEGER PRIMARY KEY,
  unit        INTEGER NOT NULL,
  received_at INTEGER NOT NULL, -- milliseconds since 1970
  ts          INTEGER NOT NULL, -- when it happened, milliseconds since 1970
  lead_id     TEXT,
  aliases     TEXT    NOT NULL, -- see AliasList
  event_type  TEXT    NOT NULL,
  metadata    TEXT              -- the JSON object as it was sent
) STRICT;
