-- SPDX-License-Identifier: AGPL-3.0-or-later
-- ledger: currencies, accounts, entries, transfers, holds. Entries and transfers are only ever inserted.

--: include "rules/ledger.h"

--: row currency(int id, str code, int kind, int exponent, bool zero_sum, str name_en, str name_fr)
--: currency_put(int id, str code, int kind, int exponent, bool zero_sum, str name_en, str name_fr) -> none
INSERT INTO currency (id, code, kind, exponent, zero_sum, name_en, name_fr)
VALUES (:id, :code, :kind, :exponent, :zero_sum, :name_en, :name_fr);

--: currency_list() -> many currency
SELECT id, code, kind, exponent, zero_sum, name_en, name_fr FROM currency ORDER BY id;

--: row struct ledger_account(int id, i32 currency, i32 number, int owner, u32 nature, u32 flags, int debits_posted, int credits_posted, int debits_pending, int credits_pending, bool has_floor, int floor, bool has_ceiling, int ceiling, int last_seq, int transfers_n, int opened_ns, int closed_ns)
--: account_get(int id) -> one ledger_account
SELECT id, currency, number, owner, nature, flags, debits_posted, credits_posted, debits_pending, credits_pending,
    has_floor, floor, has_ceiling, ceiling, last_seq, transfers_n, opened_ns, closed_ns
FROM account WHERE id = :id;

--: account_find(int owner, i32 number, i32 currency) -> one ledger_account
SELECT id, currency, number, owner, nature, flags, debits_posted, credits_posted, debits_pending, credits_pending,
    has_floor, floor, has_ceiling, ceiling, last_seq, transfers_n, opened_ns, closed_ns
FROM account WHERE owner = :owner AND number = :number AND currency = :currency;

--: account_of_owner(int owner) -> many ledger_account
SELECT id, currency, number, owner, nature, flags, debits_posted, credits_posted, debits_pending, credits_pending,
    has_floor, floor, has_ceiling, ceiling, last_seq, transfers_n, opened_ns, closed_ns
FROM account WHERE owner = :owner ORDER BY currency, number;

--: account_each() -> each ledger_account
SELECT id, currency, number, owner, nature, flags, debits_posted, credits_posted, debits_pending, credits_pending,
    has_floor, floor, has_ceiling, ceiling, last_seq, transfers_n, opened_ns, closed_ns
FROM account ORDER BY id;

-- Opens an account; a second one for the same owner, number and currency conflicts.
--: account_open(blob16 uid, i32 currency, i32 number, int owner, int nature, int flags, bool has_floor, int floor, bool has_ceiling, int ceiling, int opened_ns) -> int
INSERT INTO account (uid, currency, number, owner, nature, flags, debits_posted, credits_posted, debits_pending,
    credits_pending, has_floor, floor, has_ceiling, ceiling, last_seq, transfers_n, opened_ns, closed_ns)
VALUES (:uid, :currency, :number, :owner, :nature, :flags, 0, 0, 0, 0, :has_floor, :floor, :has_ceiling, :ceiling, 0, 0,
    :opened_ns, 0)
RETURNING id;

-- What an entry moves in an account: read again after it was written.
--: row account_sums(int debits_posted, int credits_posted, int debits_pending, int credits_pending, int last_seq, int transfers_n)
--: account_sums_get(int id) -> one account_sums
SELECT debits_posted, credits_posted, debits_pending, credits_pending, last_seq, transfers_n FROM account WHERE id = :id;

-- The fold of the account's chain after an entry.
--: account_move(int id, int debits_posted, int credits_posted, int debits_pending, int credits_pending, int last_seq, int transfers_n) -> none
UPDATE account SET debits_posted = :debits_posted, credits_posted = :credits_posted, debits_pending = :debits_pending,
    credits_pending = :credits_pending, last_seq = :last_seq, transfers_n = :transfers_n
WHERE id = :id;

--: limit_change_put(int account, bool has_floor, int floor, bool has_ceiling, int ceiling, int from_entry, int decided_by, int at_ns) -> none
INSERT INTO limit_change (account, has_floor, floor, has_ceiling, ceiling, from_entry, decided_by, at_ns)
VALUES (:account, :has_floor, :floor, :has_ceiling, :ceiling, :from_entry, :decided_by, :at_ns);

-- --- heads ----------------------------------------------------------------------------------------------------------

-- The end of the book: last numbers of the whole and of one journal and year, and the first days still open.
--: row struct ledger_head(int seq, int entry, int booked_ns, int num, i32 open_from, i32 soft_from)
--: ledger_head_get(int journal, int year) -> one ledger_head
SELECT whole.last_seq, whole.num, whole.booked_ns, COALESCE(one.num, 0),
    COALESCE((SELECT MAX(last_day) + 1 FROM period WHERE state > 0), 0),
    COALESCE((SELECT MAX(last_day) + 1 FROM period WHERE state > 1), 0)
FROM ledger_head AS whole LEFT JOIN ledger_head AS one ON one.journal = :journal AND one.year = :year
WHERE whole.journal = 0 AND whole.year = 0;

--: ledger_head_put(int entry, int seq, int booked_ns) -> none
UPDATE ledger_head SET num = :entry, last_seq = :seq, booked_ns = :booked_ns WHERE journal = 0 AND year = 0;

--: journal_head_put(int journal, int year, int num) -> none
INSERT INTO ledger_head (journal, year, num, last_seq, booked_ns) VALUES (:journal, :year, :num, 0, 0)
ON CONFLICT (journal, year) DO UPDATE SET num = excluded.num;

-- --- entries ----------------------------------------------------------------------------------------------------------

--: row struct ledger_entry(int id, blob16 uid.bytes, blob32 body_hash, i32 journal, i32 year, int num, i32 book_date, str piece_ref, str label, int actor, u32 cause, int cause_id, int corrects, int booked_ns, int first_seq, int transfers_n)
--: entry_put(int id, blob16 uid, blob32 body_hash, int journal, int year, int num, int book_date, str piece_ref, str label, int actor, int cause, int cause_id, int corrects, int booked_ns, int first_seq, int transfers_n) -> none
INSERT INTO entry (id, uid, body_hash, journal, year, num, book_date, piece_ref, label, actor, cause, cause_id, corrects,
    booked_ns, first_seq, transfers_n)
VALUES (:id, :uid, :body_hash, :journal, :year, :num, :book_date, :piece_ref, :label, :actor, :cause, :cause_id, :corrects,
    :booked_ns, :first_seq, :transfers_n);

--: entry_get(int id) -> one ledger_entry
SELECT id, uid, body_hash, journal, year, num, book_date, piece_ref, label, actor, cause, cause_id, corrects, booked_ns,
    first_seq, transfers_n
FROM entry WHERE id = :id;

--: entry_by_uid(blob16 uid) -> one ledger_entry
SELECT id, uid, body_hash, journal, year, num, book_date, piece_ref, label, actor, cause, cause_id, corrects, booked_ns,
    first_seq, transfers_n
FROM entry WHERE uid = :uid;

--: entry_correction_of(int corrects) -> int
SELECT id FROM entry WHERE corrects = :corrects;

--: entry_each(int from_id) -> each ledger_entry
SELECT id, uid, body_hash, journal, year, num, book_date, piece_ref, label, actor, cause, cause_id, corrects, booked_ns,
    first_seq, transfers_n
FROM entry WHERE id >= :from_id ORDER BY id;

-- --- transfers and holds -------------------------------------------------------------------------------------------------

--: row struct ledger_transfer(int seq, int entry, int debit, int credit, int amount, i32 currency, u32 code, u32 flags, int pending_seq, int expires_ns, int event_ns, int debit_prev, int credit_prev)
--: transfer_put(int seq, int entry, int debit, int credit, int amount, int currency, int code, int flags, int pending_seq, int expires_ns, int event_ns, int debit_prev, int credit_prev) -> none
INSERT INTO transfer (seq, entry, debit, credit, amount, currency, code, flags, pending_seq, expires_ns, event_ns,
    debit_prev, credit_prev)
VALUES (:seq, :entry, :debit, :credit, :amount, :currency, :code, :flags, :pending_seq, :expires_ns, :event_ns,
    :debit_prev, :credit_prev);

--: transfer_get(int seq) -> one ledger_transfer
SELECT seq, entry, debit, credit, amount, currency, code, flags, pending_seq, expires_ns, event_ns, debit_prev, credit_prev
FROM transfer WHERE seq = :seq;

--: transfer_range(int first_seq, int last_seq) -> many ledger_transfer
SELECT seq, entry, debit, credit, amount, currency, code, flags, pending_seq, expires_ns, event_ns, debit_prev, credit_prev
FROM transfer WHERE seq BETWEEN :first_seq AND :last_seq ORDER BY seq;

--: hold_put(int seq, int debit, int credit, int amount, int expires_ns) -> none
INSERT INTO hold (seq, debit, credit, amount, state, resolved_by, expires_ns)
VALUES (:seq, :debit, :credit, :amount, 0, 0, :expires_ns);

--: row struct ledger_hold(int seq, int debit, int credit, int amount, i32 currency, u32 state, int expires_ns)
--: hold_get(int seq) -> one ledger_hold
SELECT hold.seq, transfer.debit, transfer.credit, transfer.amount, transfer.currency, hold.state, hold.expires_ns
FROM hold JOIN transfer ON transfer.seq = hold.seq WHERE hold.seq = :seq;

--: hold_resolve(int seq, int state, int resolved_by) -> changed
UPDATE hold SET state = :state, resolved_by = :resolved_by WHERE seq = :seq AND state = 0;

--: hold_expired(int now_ns, int count) -> many ledger_hold
SELECT hold.seq, transfer.debit, transfer.credit, transfer.amount, transfer.currency, hold.state, hold.expires_ns
FROM hold JOIN transfer ON transfer.seq = hold.seq
WHERE hold.state = 0 AND hold.expires_ns > 0 AND hold.expires_ns <= :now_ns ORDER BY hold.expires_ns LIMIT :count;

--: hold_expired_n(int now_ns) -> int
SELECT COUNT(*) FROM hold WHERE state = 0 AND expires_ns > 0 AND expires_ns <= :now_ns;

--: hold_each() -> each ledger_hold
SELECT hold.seq, transfer.debit, transfer.credit, transfer.amount, transfer.currency, hold.state, hold.expires_ns
FROM hold JOIN transfer ON transfer.seq = hold.seq ORDER BY hold.seq;

-- --- periods ---------------------------------------------------------------------------------------------------------------

--: row period(int year, int first_day, int last_day, int state)
--: period_put(int year, int first_day, int last_day) -> none
INSERT INTO period (year, first_day, last_day, state, hash) VALUES (:year, :first_day, :last_day, 0, x'')
ON CONFLICT (year) DO NOTHING;

-- --- answered requests ---------------------------------------------------------------------------------------------------------

--: row command(str key, int actor, blob32 body_hash, int outcome, int result)
--: command_get(str key) -> one command
SELECT key, actor, body_hash, outcome, result FROM command WHERE key = :key;

--: command_put(str key, int actor, blob32 body_hash, int outcome, int result, int at_ns) -> none
INSERT INTO command (key, actor, body_hash, outcome, result, at_ns)
VALUES (:key, :actor, :body_hash, :outcome, :result, :at_ns);

-- --- sums for pages and audit ----------------------------------------------------------------------------------------------------

--: row ledger_sum(i32 currency, i32 number, int accounts_n, int debits_posted, int credits_posted, int debits_pending, int credits_pending)
--: ledger_sums() -> many ledger_sum
SELECT currency, number, COUNT(*), CAST(SUM(debits_posted) AS BIGINT), CAST(SUM(credits_posted) AS BIGINT),
    CAST(SUM(debits_pending) AS BIGINT), CAST(SUM(credits_pending) AS BIGINT)
FROM account GROUP BY currency, number ORDER BY currency, number;

--: transfer_of_range(int first_seq, int last_seq) -> each ledger_transfer
SELECT seq, entry, debit, credit, amount, currency, code, flags, pending_seq, expires_ns, event_ns, debit_prev, credit_prev
FROM transfer WHERE seq BETWEEN :first_seq AND :last_seq ORDER BY seq;

--: row limit_change(int id, int account, bool has_floor, int floor, bool has_ceiling, int ceiling, int from_entry)
--: limit_change_list() -> many limit_change
SELECT id, account, has_floor, floor, has_ceiling, ceiling, from_entry FROM limit_change ORDER BY id;

-- --- months (derived) ------------------------------------------------------------------------------------------------------------

--: month_add(int currency, int year, int month, int code, int amount, int n) -> none
INSERT INTO ledger_month (currency, year, month, code, amount, n) VALUES (:currency, :year, :month, :code, :amount, :n)
ON CONFLICT (currency, year, month, code) DO UPDATE SET amount = ledger_month.amount + excluded.amount, n = ledger_month.n + excluded.n;

--: row ledger_month(int currency, int year, int month, int code, int amount, int n)
--: month_of_year(int currency, int year) -> many ledger_month
SELECT currency, year, month, code, amount, n FROM ledger_month WHERE currency = :currency AND year = :year
ORDER BY currency, year, month, code;

--: month_list() -> many ledger_month
SELECT currency, year, month, code, amount, n FROM ledger_month ORDER BY currency, year, month, code;

--: month_forget() -> none
DELETE FROM ledger_month;

--: row month_move(int currency, u32 code, u32 flags, int amount, i32 book_date)
--: month_moves() -> each month_move
SELECT transfer.currency, transfer.code, transfer.flags, transfer.amount, entry.book_date
FROM transfer JOIN entry ON entry.id = transfer.entry ORDER BY transfer.seq;

-- --- marks on chains (derived) ---------------------------------------------------------------------------------------------------

--: mark_put(int account, int n, int seq, int debits_posted, int credits_posted) -> none
INSERT INTO account_mark (account, n, seq, debits_posted, credits_posted)
VALUES (:account, :n, :seq, :debits_posted, :credits_posted);

--: row account_mark(int n, int seq, int debits_posted, int credits_posted)
-- The first mark at or after the n-th transfer.
--: mark_after(int account, int n) -> one account_mark
SELECT n, seq, debits_posted, credits_posted FROM account_mark WHERE account = :account AND n >= :n ORDER BY n LIMIT 1;

--: mark_forget() -> none
DELETE FROM account_mark;
