-- Idempotency keys and the seq that the first event with each got. See IdempotencyKeys.
CREATE TABLE seen (
  unit INTEGER NOT NULL,
  key  BLOB    NOT NULL,
  seq  INTEGER NOT NULL,
  at   INTEGER NOT NULL, -- when it was first seen, milliseconds since 1970
  PRIMARY KEY (unit, key)
) STRICT, WITHOUT ROWID;
