-- Whether the event is of an import that must set off no trigger.
ALTER TABLE outbox ADD COLUMN skip_triggers INTEGER NOT NULL DEFAULT 0;
