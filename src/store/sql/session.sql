-- SPDX-License-Identifier: AGPL-3.0-or-later
-- session: who is signed in on which browser, links that sign in, failed sign-ins.

-- The one read of every request that carries a cookie: both tables by their primary key.
--: row session_who(int member, str csrf, int seen_ns, u32 roles, int status)
--: session_find(blob32 token, int now_ns) -> one session_who
SELECT s.member, s.csrf, s.seen_ns, m.roles, m.status
FROM session s JOIN member m ON m.id = s.member
WHERE s.token = :token AND s.expires_ns > :now_ns;

--: session_add(blob32 token, int member, str csrf, str agent, int now_ns, int expires_ns) -> none
INSERT INTO session (token, member, csrf, agent, created_ns, seen_ns, expires_ns)
VALUES (:token, :member, :csrf, :agent, :now_ns, :now_ns, :expires_ns);

--: session_seen(blob32 token, int now_ns) -> none
UPDATE session SET seen_ns = :now_ns WHERE token = :token;

--: session_remove(blob32 token) -> none
DELETE FROM session WHERE token = :token;

--: row session_row(blob32 token, str agent, int created_ns, int seen_ns, int expires_ns)
--: session_list(int member, int now_ns) -> many session_row
SELECT token, agent, created_ns, seen_ns, expires_ns FROM session
WHERE member = :member AND expires_ns > :now_ns ORDER BY seen_ns DESC, token;

--: session_created(blob32 token, int member) -> int
SELECT created_ns FROM session WHERE token = :token AND member = :member;

--: session_remove_others(int member, blob32 keep) -> changed
DELETE FROM session WHERE member = :member AND token <> :keep;

--: session_remove_all(int member) -> none
DELETE FROM session WHERE member = :member;

--: session_remove_old(int member, int now_ns) -> none
DELETE FROM session WHERE member = :member AND expires_ns <= :now_ns;

--: row link_row(int kind, int member, str email, int roles, str target, int created_by, int created_ns, int expires_ns, int used_ns)
--: link_find(blob32 token) -> one link_row
SELECT kind, member, email, roles, target, created_by, created_ns, expires_ns, used_ns FROM link WHERE token = :token;

--: link_add(blob32 token, int kind, int member, str email, int roles, str target, int created_by, int now_ns, int expires_ns) -> none
INSERT INTO link (token, kind, member, email, roles, target, created_by, created_ns, expires_ns, used_ns)
VALUES (:token, :kind, :member, :email, :roles, :target, :created_by, :now_ns, :expires_ns, 0);

--: link_used(blob32 token, int now_ns) -> none
UPDATE link SET used_ns = :now_ns WHERE token = :token;

-- Links that nobody may use any more say nothing worth keeping, and may hold an address.
--: link_remove_old(int now_ns) -> none
DELETE FROM link WHERE expires_ns <= :now_ns;

--: link_count(int member, int kind, int since_ns) -> int
SELECT COUNT(*) FROM link WHERE member = :member AND kind = :kind AND created_ns > :since_ns;

-- A letter that waits for someone who is gone says nothing to anyone.
--: letters_remove_of(int member) -> none
DELETE FROM outbox WHERE member = :member AND state = 0;

-- What lets somebody in, or moves the letters elsewhere; a guest's way to the order stays, and so does an invitation.
--: link_remove_waiting(int member) -> none
DELETE FROM link WHERE member = :member AND kind IN (1, 4, 5);

--: letters_remove_waiting(int member) -> none
DELETE FROM outbox WHERE member = :member AND state = 0 AND kind IN (1, 8, 9);

--: link_remove_of(int member) -> none
DELETE FROM link WHERE member = :member;

--: row sign_in_fail_row(int fails, int until_ns)
--: sign_in_fail_get(blob32 key) -> one sign_in_fail_row
SELECT fails, until_ns FROM sign_in_fail WHERE key = :key;

--: sign_in_fail_put(blob32 key, int fails, int until_ns) -> none
INSERT INTO sign_in_fail (key, fails, until_ns) VALUES (:key, :fails, :until_ns)
ON CONFLICT (key) DO UPDATE SET fails = excluded.fails, until_ns = excluded.until_ns;

--: sign_in_fail_remove(blob32 key) -> none
DELETE FROM sign_in_fail WHERE key = :key;

--: sign_in_fail_remove_old(int before_ns) -> none
DELETE FROM sign_in_fail WHERE until_ns < :before_ns;
