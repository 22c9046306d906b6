-- The index of a lead's events is kept in runs of 2^18 events in the order of arrival (see EventRuns): a
-- transaction adds to one or two of them, some hundred pages, however many events are stored. In one
-- index of all, each event of a large file changes a page of its own. System events, below zero, have
-- runs of their own.
DROP INDEX event_of_lead;
CREATE INDEX event_of_lead ON event (seq >> 18, lead, ts);

-- The runs that have events. `newest` is at least the newest timestamp among them, so that a question
-- about the last hours leaves out runs that ended before.
CREATE TABLE event_run (
  run    INTEGER PRIMARY KEY,
  newest INTEGER NOT NULL
) STRICT;
INSERT INTO event_run SELECT seq >> 18, max(ts) FROM event GROUP BY 1;

-- By these figures SQLite goes through the runs one by one for `WHERE lead = ?`, instead of through the
-- table; they need not be true. The first ANALYZE makes the table for them, the second has them read.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES ('event', 'event_of_lead', '10000000 262144 10 1');
ANALYZE sqlite_schema;
