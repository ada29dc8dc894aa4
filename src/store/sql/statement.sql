-- SPDX-License-Identifier: AGPL-3.0-or-later
-- statement: what a line of a statement says beside its transfer, and the amounts held on an account.

--: row statement_entry(int id, i32 journal, i32 year, int num, i32 book_date, str piece_ref, str label, u32 cause, int cause_id, int corrects, int booked_ns)
--: statement_entry_get(int id) -> one statement_entry
SELECT id, journal, year, num, book_date, piece_ref, label, cause, cause_id, corrects, booked_ns FROM entry WHERE id = :id;

-- Who stands behind an account: the member's name now, nothing for the co-op.
--: row statement_owner(int owner, i32 number, str name, str handle)
--: statement_owner_get(int account) -> one statement_owner
SELECT account.owner, account.number, COALESCE(member.name, ''), COALESCE(member.handle, '')
FROM account LEFT JOIN member ON member.id = account.owner WHERE account.id = :account;

--: row statement_hold(int seq, int debit, int credit, int amount, int expires_ns, int entry, u32 code)
--: statement_holds(int account, int count) -> many statement_hold
SELECT seq, debit, credit, amount, expires_ns, entry, code FROM (
    SELECT hold.seq AS seq, hold.debit AS debit, hold.credit AS credit, hold.amount AS amount, hold.expires_ns AS expires_ns,
        transfer.entry AS entry, transfer.code AS code
    FROM hold JOIN transfer ON transfer.seq = hold.seq WHERE hold.state = 0 AND hold.debit = :account
    UNION ALL
    SELECT hold.seq, hold.debit, hold.credit, hold.amount, hold.expires_ns, transfer.entry, transfer.code
    FROM hold JOIN transfer ON transfer.seq = hold.seq WHERE hold.state = 0 AND hold.credit = :account
) AS held ORDER BY seq DESC LIMIT :count;

--: entry_note_put(int entry, int author, str body) -> none
INSERT INTO entry_note (entry, author, body) VALUES (:entry, :author, :body);

--: row entry_note(str body)
--: entry_note_get(int entry) -> one entry_note
SELECT body FROM entry_note WHERE entry = :entry;

--: entry_note_forget(int author) -> none
DELETE FROM entry_note WHERE author = :author;
