-- What people say about leads, and what is known of those that they had deleted.
ALTER TABLE lead ADD COLUMN owner_name TEXT;

-- Leads that are not what they were: those that are part of another one, and those that are deleted,
-- -1, while their events go.
CREATE INDEX lead_merged ON lead (merged_into) WHERE merged_into IS NOT NULL;

-- The keys of metadata are looked up among the leads that have any.
CREATE INDEX lead_with_profile ON lead (unit) WHERE profile IS NOT NULL;

-- Which leads a caller watches; `owner` is a client id.
CREATE TABLE watch (
  watch_id         TEXT    PRIMARY KEY,
  unit             INTEGER NOT NULL,
  owner            TEXT    NOT NULL,
  lead             INTEGER NOT NULL,
  prediction       TEXT,
  prediction_notes TEXT,
  watched_at       INTEGER NOT NULL,
  UNIQUE (unit, owner, lead)
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_of_lead ON watch (lead);

-- However a lead is deleted: its key may be given again, to a lead that nobody watches.
CREATE TRIGGER watch_of_deleted AFTER DELETE ON lead BEGIN
  DELETE FROM watch WHERE lead = old.key;
END;

-- Deletions that were asked for. One is done when none of the lead's events up to `last_seq` is left.
CREATE TABLE lead_deletion (
  unit     INTEGER NOT NULL,
  lead_id  TEXT    NOT NULL,
  lead     INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (unit, lead_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_deletion_asked ON lead_deletion (asked_at);
