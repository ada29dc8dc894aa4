-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What is kept beside the facts.

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
