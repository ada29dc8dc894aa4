-- SPDX-License-Identifier: AGPL-3.0-or-later
-- register: the transparency log. Entries are only ever inserted.

--: include "rules/ledger.h"
--: row struct ledger_account(int id, i32 currency, i32 number, int owner, u32 nature, u32 flags, int debits_posted, int credits_posted, int debits_pending, int credits_pending, bool has_floor, int floor, bool has_ceiling, int ceiling, int last_seq, int transfers_n, int opened_ns, int closed_ns)
--: row log_head(int size, blob frontier)
--: log_head_get() -> one log_head
SELECT size, frontier FROM log_head WHERE id = 1;

--: log_head_put(int size, blob frontier) -> none
UPDATE log_head SET size = :size, frontier = :frontier WHERE id = 1;

--: row log_entry(int idx, u32 kind, int ref, int at_s, str body)
--: log_entry_put(int idx, int kind, int ref, int at_s, str body) -> none
INSERT INTO log_entry (idx, kind, ref, at_s, body) VALUES (:idx, :kind, :ref, :at_s, :body);

--: log_entry_get(int idx) -> one log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE idx = :idx;

--: log_entry_of_txn(int ref) -> one log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry
WHERE idx = :ref + (SELECT shift FROM log_shift WHERE entry <= :ref ORDER BY entry DESC LIMIT 1) AND kind = 5 AND ref = :ref;

--: log_shift_put(int entry, int shift) -> none
INSERT INTO log_shift (entry, shift) VALUES (:entry, :shift);

--: log_shift_last() -> int
SELECT COALESCE((SELECT shift FROM log_shift ORDER BY entry DESC LIMIT 1), -1);

-- The newest of a kind about something; not for txn.
--: log_entry_about(int kind, int ref) -> one log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE kind <> 5 AND kind = :kind AND ref = :ref ORDER BY idx DESC LIMIT 1;

--: log_entry_of_kind(int kind) -> each log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE kind <> 5 AND kind = :kind ORDER BY idx;

--: log_entry_range(int first, int last) -> each log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE idx BETWEEN :first AND :last ORDER BY idx;

-- The newest entries, for the page.
--: log_entry_before(int before, int count) -> many log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE idx < :before ORDER BY idx DESC LIMIT :count;

--: log_last_at() -> int
SELECT COALESCE((SELECT at_s FROM log_entry ORDER BY idx DESC LIMIT 1), 0);

-- --- openings -------------------------------------------------------------------------------------------------------

--: log_open_put(int idx, blob openings) -> none
INSERT INTO log_open (idx, openings) VALUES (:idx, :openings);

--: row log_open(int idx, blob openings)
--: log_open_get(int idx) -> one log_open
SELECT idx, openings FROM log_open WHERE idx = :idx;

--: log_open_change(int idx, blob openings) -> none
UPDATE log_open SET openings = :openings WHERE idx = :idx;

--: log_payload_put(int idx, int slot, str payload) -> none
INSERT INTO log_payload (idx, slot, payload) VALUES (:idx, :slot, :payload);

--: row log_payload(int idx, int slot, str payload)
--: log_payload_get(int idx, int slot) -> one log_payload
SELECT idx, slot, payload FROM log_payload WHERE idx = :idx AND slot = :slot;

--: log_payload_forget(int idx, int slot) -> none
DELETE FROM log_payload WHERE idx = :idx AND slot = :slot;

-- --- name, policy, peers, state ---------------------------------------------------------------------------------------

--: log_name_put(str origin) -> none
INSERT INTO log_name (id, origin) VALUES (1, :origin);

--: row log_name(str origin)
--: log_name_get() -> one log_name
SELECT origin FROM log_name WHERE id = 1;

--: log_policy_put(str body, int idx) -> none
INSERT INTO log_policy (body, idx) VALUES (:body, :idx);

--: row log_policy(int id, str body, int idx)
--: log_policy_last() -> one log_policy
SELECT id, body, idx FROM log_policy ORDER BY id DESC LIMIT 1;

--: row log_peer(int id, str origin, str vkeys, str url, int state, int added_s)
--: log_peer_list() -> many log_peer
SELECT id, origin, vkeys, url, state, added_s FROM log_peer ORDER BY origin;

--: log_peer_get(str origin) -> one log_peer
SELECT id, origin, vkeys, url, state, added_s FROM log_peer WHERE origin = :origin;

--: log_peer_put(str origin, str vkeys, str url, int state, int added_s) -> none
INSERT INTO log_peer (origin, vkeys, url, state, added_s) VALUES (:origin, :vkeys, :url, :state, :added_s)
ON CONFLICT (origin) DO UPDATE SET vkeys = excluded.vkeys, url = excluded.url, state = excluded.state;

--: row log_state(int published, int witnessed, int witnessed_at_s, int witnesses_n, int quorum_n, u32 still)
--: log_state_get() -> one log_state
SELECT published, witnessed, witnessed_at_s, witnesses_n, quorum_n, still FROM log_state WHERE id = 1;

--: log_state_put(int published, int witnessed, int witnessed_at_s, int witnesses_n, int quorum_n, int still) -> none
UPDATE log_state SET published = :published, witnessed = :witnessed, witnessed_at_s = :witnessed_at_s,
    witnesses_n = :witnesses_n, quorum_n = :quorum_n, still = :still
WHERE id = 1;

-- --- what stands already when a register begins ---------------------------------------------------------------------------

--: row log_member(int id, str handle, str name, str college)
--: log_member_get(int id) -> one log_member
SELECT id, handle, name, college FROM member WHERE id = :id;

-- Active members: status 2, with the role of a member (4).
--: log_member_list() -> each log_member
SELECT id, handle, name, college FROM member WHERE status = 2 AND (roles & 4) <> 0 ORDER BY id;

--: log_account_list(int owner) -> many ledger_account
SELECT id, currency, number, owner, nature, flags, debits_posted, credits_posted, debits_pending, credits_pending,
    has_floor, floor, has_ceiling, ceiling, last_seq, transfers_n, opened_ns, closed_ns
FROM account WHERE owner = :owner ORDER BY id;

-- The newest of a kind; not for txn.
--: log_entry_last(int kind) -> one log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE idx = (SELECT MAX(idx) FROM log_entry WHERE kind <> 5 AND kind = :kind);

--: log_entry_each_about(int kind, int ref) -> each log_entry
SELECT idx, kind, ref, at_s, body FROM log_entry WHERE kind <> 5 AND kind = :kind AND ref = :ref ORDER BY idx;

-- How many parameters the register has ever named for the first time ("old" is left out then).
--: log_param_names() -> int
SELECT COUNT(*) FROM log_entry WHERE kind <> 5 AND kind = 4 AND body NOT LIKE '%,"old":%';

-- Entries that commit to something whose opening is not there.
--: log_open_missing() -> int
SELECT COUNT(*) FROM log_entry WHERE body LIKE '%"cs":[%' AND idx NOT IN (SELECT idx FROM log_open);
