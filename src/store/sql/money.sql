-- SPDX-License-Identifier: AGPL-3.0-or-later
-- money: the public pages of the year's money, and the books of the accountant. Sums come from derived tables, entries by the
-- unique index on (journal, year, num).

--: include "rules/ledger.h"
--: row struct ledger_entry(int id, blob16 uid.bytes, blob32 body_hash, i32 journal, i32 year, int num, i32 book_date, str piece_ref, str label, int actor, u32 cause, int cause_id, int corrects, int booked_ns, int first_seq, int transfers_n)

--: row money_year(int year)
--: money_years(int currency) -> many money_year
SELECT DISTINCT year FROM ledger_month WHERE currency = :currency ORDER BY year DESC;

--: row journal_head(int journal, int year, int num)
--: journal_heads() -> many journal_head
SELECT journal, year, num FROM ledger_head WHERE journal > 0 AND num > 0 ORDER BY year DESC, journal;

--: journal_head_num(int journal, int year) -> int
SELECT num FROM ledger_head WHERE journal = :journal AND year = :year;

--: journal_entries(int journal, int year, int from_num, int to_num) -> many ledger_entry
SELECT id, uid, body_hash, journal, year, num, book_date, piece_ref, label, actor, cause, cause_id, corrects, booked_ns,
    first_seq, transfers_n
FROM entry WHERE journal = :journal AND year = :year AND num BETWEEN :from_num AND :to_num ORDER BY num DESC;

--: entries_between(int from_id, int to_id) -> many ledger_entry
SELECT id, uid, body_hash, journal, year, num, book_date, piece_ref, label, actor, cause, cause_id, corrects, booked_ns,
    first_seq, transfers_n
FROM entry WHERE id BETWEEN :from_id AND :to_id ORDER BY id DESC;

--: row journal_side(int owner, i32 number, str name)
--: journal_side_get(int account) -> one journal_side
SELECT account.owner, account.number, COALESCE(member.name, '')
FROM account LEFT JOIN member ON member.id = account.owner WHERE account.id = :account;

--: journal_order_running(int id) -> int
SELECT COUNT(*) FROM orders WHERE id = :id AND ended_ns = 0;
