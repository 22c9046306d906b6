-- Scoring settings are the organization's, but for the session timeout. Units that differed come to
-- have the default unit's, which is whose defaults count when it has no row.
CREATE TABLE organization_setting (
  org_id                TEXT    PRIMARY KEY, -- one without a row has the defaults
  allow_negative_scores INTEGER NOT NULL,
  abm_enabled           INTEGER NOT NULL,
  fan_out_window_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO organization_setting
  SELECT u.org_id, s.allow_negative_scores, s.abm_enabled, s.fan_out_window_ms
  FROM org_unit u JOIN scoring_setting s ON s.unit = u.key
  WHERE u.key = (SELECT d.key FROM org_unit d WHERE d.org_id = u.org_id
                 ORDER BY d.is_default DESC, d.key LIMIT 1);

CREATE TABLE unit_setting (
  unit                    INTEGER PRIMARY KEY REFERENCES org_unit, -- one without a row has the default
  session_timeout_minutes INTEGER NOT NULL
) STRICT;
INSERT INTO unit_setting SELECT unit, session_timeout_minutes FROM scoring_setting;
DROP TABLE scoring_setting;
