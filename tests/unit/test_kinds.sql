-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A room that exists only to be tested: each kind of result, each type, on the tables of db_kinds_test.c.

--: include "test_kinds.h"

-- Every type once.
--: row thing(int id, str name, blob note, blob16 uid, blob32 hash, bool closed, i32 small, u32 flags,
--:     enum colour colour)
--: row struct box(int id, i32 size.width, u32 size.height, enum colour colour, str label)
--: row plain(int id, int amount)

--: thing_put(int id, str name, blob note, blob16 uid, blob32 hash, bool closed, i32 small, u32 flags,
--:     enum colour colour) -> none
INSERT INTO thing (id, name, note, uid, hash, closed, small, flags, colour)
VALUES (:id, :name, :note, :uid, :hash, :closed, :small, :flags, :colour);

--: thing_get(int id) -> one thing
SELECT id, name, note, uid, hash, closed, small, flags, colour FROM thing WHERE id = :id;

-- The quotes, the cast and the comments are left alone: ':id' is no parameter.
--: thing_named(str name) -> many thing
SELECT id, name, note, uid, hash, closed, small, flags, colour -- all of it
FROM thing WHERE name = :name AND name <> ':id' /* ; :nobody */ ORDER BY id;

--: thing_each(int from_id) -> each thing
SELECT id, name, note, uid, hash, closed, small, flags, colour FROM thing WHERE id >= :from_id ORDER BY id;

--: thing_count() -> int
SELECT COUNT(*) FROM thing;

--: thing_rename(str from, str name) -> changed
UPDATE thing SET name = :name WHERE name = :from AND name <> :name;

--: box_put(int id, int width, str label) -> none
INSERT INTO box (id, width, height, colour, label) VALUES (:id, :width, :width, 2, :label);

--: box_get(int id) -> one struct box
SELECT id, width, height, colour, label FROM box WHERE id = :id;

--: plain_put(int id, int amount) -> none
INSERT INTO plain (id, amount) VALUES (:id, :amount);

--: plain_add(int amount, int thing) -> int
INSERT INTO plain (amount, thing) VALUES (:amount, :thing) RETURNING id;

--: plain_later(int amount, int later) -> int
INSERT INTO plain (amount, later) VALUES (:amount, :later) RETURNING id;

--: plain_list() -> many plain
SELECT id, amount FROM plain ORDER BY id;

--: plain_sum() -> int
SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM plain;

-- Written twice, because the two differ.
--: now_ns() -> int
-- sqlite
SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000000;
-- postgres
SELECT CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000000000;
