-- Types whose events are being deleted, a slice at a time: those from after `done_seq` to `to_seq`, the
-- newest when it was asked for, are still to go.
CREATE TABLE event_deletion (
  event_type INTEGER PRIMARY KEY REFERENCES event_type,
  done_seq   INTEGER NOT NULL,
  to_seq     INTEGER NOT NULL
) STRICT;
