DROP INDEX event_of_lead;
CREATE INDEX event_of_lead ON event (seq >> 18, lead, ts);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES ('event', 'event_of_lead', '10000000 262144 25 2');
ANALYZE sqlite_schema;
