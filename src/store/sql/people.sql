-- SPDX-License-Identifier: AGPL-3.0-or-later
-- people: lists of members, the desk's register, and what admits, refuses and finds people. Lists are read by pages whose
-- number is bounded by the door, newest first, along an index.

-- --- words (deeds/member_words.c) -------------------------------------------------------------------------------------

--: member_word_forget(int member) -> none
DELETE FROM member_word WHERE member = :member;

--: member_word_add(str word, int member) -> none
INSERT INTO member_word (word, member) VALUES (:word, :member) ON CONFLICT (word, member) DO NOTHING;

-- --- lists ------------------------------------------------------------------------------------------------------------

--: row person(int id, str handle, str name, str trade, str place, str college, u32 roles, int status, str email, str reason, int asked_ns, int joined_ns, int jobs_n)
--: people_page(int most, int skip) -> many person
SELECT id, handle, name, trade, place, college, roles, status, email, reason, asked_ns, joined_ns, jobs_n
FROM member WHERE status = 2 AND roles & 4 <> 0 ORDER BY id DESC LIMIT :most OFFSET :skip;

-- At most `cap`: nobody turns more pages than that.
--: people_count(int cap) -> int
SELECT COUNT(*) FROM (SELECT 1 FROM member WHERE status = 2 AND roles & 4 <> 0 LIMIT :cap) AS capped;

-- People with a word in each of the three ranges; of the first range the first thousand are looked at.
--: people_find(int members_only, str from0, str past0, str from1, str past1, str from2, str past2, int most, int skip) -> many person
SELECT m.id, m.handle, m.name, m.trade, m.place, m.college, m.roles, m.status, m.email, m.reason, m.asked_ns, m.joined_ns,
    m.jobs_n
FROM (SELECT DISTINCT member FROM (SELECT member FROM member_word WHERE word >= :from0 AND word < :past0 LIMIT 1000) AS one)
    AS hit JOIN member m ON m.id = hit.member
WHERE (:members_only = 0 OR (m.status = 2 AND m.roles & 4 <> 0))
    AND EXISTS (SELECT 1 FROM member_word b WHERE b.member = m.id AND b.word >= :from1 AND b.word < :past1)
    AND EXISTS (SELECT 1 FROM member_word c WHERE c.member = m.id AND c.word >= :from2 AND c.word < :past2)
ORDER BY m.id DESC LIMIT :most OFFSET :skip;

--: people_find_count(int members_only, str from0, str past0, str from1, str past1, str from2, str past2) -> int
SELECT COUNT(*)
FROM (SELECT DISTINCT member FROM (SELECT member FROM member_word WHERE word >= :from0 AND word < :past0 LIMIT 1000) AS one)
    AS hit JOIN member m ON m.id = hit.member
WHERE (:members_only = 0 OR (m.status = 2 AND m.roles & 4 <> 0))
    AND EXISTS (SELECT 1 FROM member_word b WHERE b.member = m.id AND b.word >= :from1 AND b.word < :past1)
    AND EXISTS (SELECT 1 FROM member_word c WHERE c.member = m.id AND c.word >= :from2 AND c.word < :past2);

--: register_page(int most, int skip) -> many person
SELECT id, handle, name, trade, place, college, roles, status, email, reason, asked_ns, joined_ns, jobs_n
FROM member ORDER BY id DESC LIMIT :most OFFSET :skip;

--: register_count(int cap) -> int
SELECT COUNT(*) FROM (SELECT 1 FROM member LIMIT :cap) AS capped;

--: register_page_of(int status, int most, int skip) -> many person
SELECT id, handle, name, trade, place, college, roles, status, email, reason, asked_ns, joined_ns, jobs_n
FROM member WHERE status = :status ORDER BY id DESC LIMIT :most OFFSET :skip;

--: register_count_of(int status, int cap) -> int
SELECT COUNT(*) FROM (SELECT 1 FROM member WHERE status = :status LIMIT :cap) AS capped;

--: person_get(int id) -> one person
SELECT id, handle, name, trade, place, college, roles, status, email, reason, asked_ns, joined_ns, jobs_n
FROM member WHERE id = :id;

-- Who waits longest comes first.
--: people_asking(int most) -> many person
SELECT id, handle, name, trade, place, college, roles, status, email, reason, asked_ns, joined_ns, jobs_n
FROM member WHERE status = 1 ORDER BY id LIMIT :most;

-- Of the roles that facilitators give.
--: people_with_role(int role, int most) -> many person
SELECT id, handle, name, trade, place, college, roles, status, email, reason, asked_ns, joined_ns, jobs_n
FROM member WHERE status = 2 AND roles & 240 <> 0 AND roles & :role <> 0 ORDER BY id LIMIT :most;

--: row person_offer(int id, int side, str title)
--: person_offers(int member, int most) -> many person_offer
SELECT id, side, title FROM offer WHERE member = :member AND status = 1 ORDER BY id DESC LIMIT :most;

-- --- the desk ---------------------------------------------------------------------------------------------------------

--: desk_disputes() -> int
SELECT COUNT(*) FROM orders WHERE state = 7;

--: row stuck_letter(int id, int kind, int member, str email, int tries, int created_ns)
--: desk_stuck_letters(int most) -> many stuck_letter
SELECT id, kind, member, email, tries, created_ns FROM outbox WHERE state = 2 ORDER BY id DESC LIMIT :most;

--: stuck_letter_get(int id) -> one stuck_letter
SELECT id, kind, member, email, tries, created_ns FROM outbox WHERE id = :id AND state = 2;

--: letter_again(int id, str secret, int now_ns) -> none
UPDATE outbox SET state = 0, tries = 0, secret = :secret, next_ns = :now_ns WHERE id = :id AND state = 2;

-- --- joining ----------------------------------------------------------------------------------------------------------

-- Someone asks who is known already: a client, or someone who was refused or imported.
--: member_asks(int id, str name, str trade, str place, str reason, int now_ns) -> none
UPDATE member SET status = 1, name = :name, trade = :trade, place = :place, reason = :reason, asked_ns = :now_ns
WHERE id = :id;

--: member_admitted(int id, int roles, int now_ns) -> none
UPDATE member SET status = 2, roles = :roles, joined_ns = :now_ns WHERE id = :id;

--: member_refused(int id, int status, str reason) -> none
UPDATE member SET status = :status, reason = :reason WHERE id = :id;

--: member_invited(int id, str name, str trade, str place, str email, str email_key, str password, int roles, int now_ns) -> none
UPDATE member SET status = 2, name = :name, trade = :trade, place = :place, email = :email, email_key = :email_key,
    password = CASE WHEN :password = '' THEN password ELSE :password END, roles = :roles, joined_ns = :now_ns
WHERE id = :id;

-- --- the demonstration (deeds/demo_door.c) ----------------------------------------------------------------------------

--: demo_person(int has, int lacks) -> int
SELECT id FROM member WHERE status = 2 AND roles & :has <> 0 AND roles & :lacks = 0 ORDER BY jobs_n DESC, id LIMIT 1;
