-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What is kept beside the facts.

-- --- written twice ------------------------------------------------------------------------------------------------------

-- What a row said when it was written, where nothing else in the book says it again: who an account belongs to, since when,
-- a limit and who decided it, the days of a year. `filon audit` holds both against each other, so that a row changed by hand
-- is found and named. Written by triggers with the row itself.
CREATE TABLE duplicate (
    kind INTEGER NOT NULL,                 -- 1 account, 2 limit_change, 3 period
    id   INTEGER NOT NULL,                 -- of the row; of a period its year
    said TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE VIEW said_by_account AS SELECT id, hex(uid) || ' ' || currency || ' ' || number || ' ' || owner || ' ' || nature || ' '
    || flags || ' ' || opened_ns || ' ' || closed_ns AS said FROM account;
CREATE VIEW said_by_limit_change AS SELECT id, account || ' ' || has_floor || ' ' || floor || ' ' || has_ceiling || ' '
    || ceiling || ' ' || from_entry || ' ' || decided_by || ' ' || at_ns AS said FROM limit_change;
CREATE VIEW said_by_period AS SELECT year AS id, first_day || ' ' || last_day || ' ' || state || ' ' || hex(hash) AS said
    FROM period;

INSERT INTO duplicate (kind, id, said) SELECT 1, id, said FROM said_by_account;
INSERT INTO duplicate (kind, id, said) SELECT 2, id, said FROM said_by_limit_change;
INSERT INTO duplicate (kind, id, said) SELECT 3, id, said FROM said_by_period;

CREATE TRIGGER account_said AFTER INSERT ON account
BEGIN INSERT INTO duplicate (kind, id, said) SELECT 1, id, said FROM said_by_account WHERE id = NEW.id; END;
CREATE TRIGGER limit_change_said AFTER INSERT ON limit_change
BEGIN INSERT INTO duplicate (kind, id, said) SELECT 2, id, said FROM said_by_limit_change WHERE id = NEW.id; END;
CREATE TRIGGER period_said AFTER INSERT ON period
BEGIN INSERT INTO duplicate (kind, id, said) SELECT 3, id, said FROM said_by_period WHERE id = NEW.year; END;

-- Every value a parameter ever had: what stands in `param` must be the last of them.
CREATE TABLE param_change (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    value      INTEGER NOT NULL,
    decided_by INTEGER NOT NULL,           -- the vote; 0 = the founding
    set_ns     INTEGER NOT NULL
) STRICT;
INSERT INTO param_change (name, value, decided_by, set_ns) SELECT name, value, decided_by, set_ns FROM param ORDER BY name;

CREATE TRIGGER duplicate_no_update BEFORE UPDATE ON duplicate BEGIN SELECT RAISE (ABORT, 'a duplicate is never changed'); END;
CREATE TRIGGER duplicate_no_delete BEFORE DELETE ON duplicate BEGIN SELECT RAISE (ABORT, 'a duplicate is never deleted'); END;
CREATE TRIGGER param_change_no_update BEFORE UPDATE ON param_change
BEGIN SELECT RAISE (ABORT, 'what was decided is never changed'); END;
CREATE TRIGGER param_change_no_delete BEFORE DELETE ON param_change
BEGIN SELECT RAISE (ABORT, 'what was decided is never deleted'); END;

-- --- derived ------------------------------------------------------------------------------------------------------------

-- How many members there are, because every page says it and the house is read again after each deed that changes it. Kept
-- by triggers, so that no deed can forget it; made again by `filon rebuild`.
CREATE TABLE member_count (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n  INTEGER NOT NULL                    -- active, with the role of a member
) STRICT;
INSERT INTO member_count (id, n) SELECT 1, COUNT(*) FROM member WHERE status = 2 AND roles & 4 <> 0;

CREATE TRIGGER member_count_added AFTER INSERT ON member WHEN NEW.status = 2 AND NEW.roles & 4 <> 0
BEGIN UPDATE member_count SET n = n + 1 WHERE id = 1; END;
CREATE TRIGGER member_count_moved AFTER UPDATE OF status, roles ON member
WHEN (NEW.status = 2 AND NEW.roles & 4 <> 0) <> (OLD.status = 2 AND OLD.roles & 4 <> 0)
BEGIN UPDATE member_count SET n = n + CASE WHEN NEW.status = 2 AND NEW.roles & 4 <> 0 THEN 1 ELSE -1 END WHERE id = 1; END;
CREATE TRIGGER member_count_gone AFTER DELETE ON member WHEN OLD.status = 2 AND OLD.roles & 4 <> 0
BEGIN UPDATE member_count SET n = n - 1 WHERE id = 1; END;

-- Who works for the others (facilitator, accountant, auditor, mediator): a handful among all.
CREATE INDEX member_working ON member (status, id) WHERE roles & 240 <> 0;
