-- The queue in partitions by day, which are dropped whole, see OutboxDays: what is scored is not deleted
-- row by row any more. `day` is counted from 1970 on, by the database's clock and in UTC. A node of the
-- version before writes and reads the same columns: it goes on meanwhile.
LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE;
ALTER TABLE outbox RENAME TO outbox_before;
ALTER INDEX outbox_pkey RENAME TO outbox_before_pkey;

CREATE TABLE outbox (
  part          INTEGER NOT NULL,
  xid           xid8    NOT NULL DEFAULT pg_current_xact_id(),
  seq           BIGINT  NOT NULL,
  unit          BIGINT  NOT NULL,
  received_at   BIGINT  NOT NULL,
  ts            BIGINT  NOT NULL,
  lead_id       TEXT COLLATE "C",
  aliases       TEXT COLLATE "C" NOT NULL,
  event_type    TEXT COLLATE "C" NOT NULL,
  metadata      TEXT COLLATE "C",
  skip_triggers BIGINT  NOT NULL,
  day           INTEGER NOT NULL DEFAULT floor(extract(epoch FROM now()) / 86400),
  PRIMARY KEY (part, xid, seq, day)
) PARTITION BY RANGE (day);

-- What has no partition of its day. Scored rows are deleted here.
CREATE TABLE outbox_rest PARTITION OF outbox DEFAULT
  WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);

-- What waits; of a day that is never made.
INSERT INTO outbox SELECT o.*, 0 FROM outbox_before o;
DROP TABLE outbox_before;
