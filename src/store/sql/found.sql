-- SPDX-License-Identifier: AGPL-3.0-or-later
-- found: what the founders have typed so far.

--: row found_draft(str name, str value)
--: found_draft_list() -> many found_draft
SELECT name, value FROM found_draft ORDER BY name;

--: found_draft_put(str name, str value) -> none
INSERT INTO found_draft (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

--: found_draft_clear() -> none
DELETE FROM found_draft;
