-- SPDX-License-Identifier: AGPL-3.0-or-later
-- letter: the outbox.

--: row letter(int id, int kind, int member, str email, int ref, int arg, str secret, int tries, int created_ns)
--: letter_put(int kind, int member, str email, int ref, int arg, str secret, int now_ns) -> none
INSERT INTO outbox (kind, member, email, ref, arg, secret, state, tries, next_ns, created_ns)
VALUES (:kind, :member, :email, :ref, :arg, :secret, 0, 0, :now_ns, :now_ns);

--: letter_due(int now_ns, int count) -> many letter
SELECT id, kind, member, email, ref, arg, secret, tries, created_ns FROM outbox
WHERE state = 0 AND next_ns <= :now_ns ORDER BY next_ns LIMIT :count;

--: letter_sent(int id) -> none
UPDATE outbox SET state = 1, secret = '' WHERE id = :id;

--: letter_later(int id, int state, int next_ns) -> none
UPDATE outbox SET state = :state, tries = tries + 1, next_ns = :next_ns WHERE id = :id;

--: letter_given_up(int id) -> none
UPDATE outbox SET state = 2, tries = tries + 1, secret = '' WHERE id = :id;
