-- SPDX-License-Identifier: AGPL-3.0-or-later
-- audit: what is counted and compared when everything is recomputed.

--: audit_accounts() -> int
SELECT COALESCE(MAX(id), 0) FROM account;

--: audit_transfers() -> int
SELECT COALESCE(MAX(seq), 0) FROM transfer;

-- The most holds that can have been open at once is all of them; resolved ones are squeezed out as the audit goes.
--: audit_holds() -> int
SELECT COUNT(*) FROM hold;

--: audit_orders() -> int
SELECT COUNT(*) FROM orders;

--: row audit_order(int id, int state)
-- Not over and no timer: nothing would ever move it if nobody did.
--: audit_orders_stuck() -> each audit_order
SELECT id, state FROM orders WHERE state < 8 AND timer_ns = 0;

-- Over, and money still held for it.
--: audit_orders_holds() -> each audit_order
SELECT orders.id, orders.state FROM orders JOIN order_part ON order_part.orders = orders.id
WHERE orders.state >= 8 AND (order_part.hold_provider > 0 OR order_part.hold_fee > 0 OR order_part.hold_deposit > 0);

--: row audit_stock(int offer, int expected, int found)
--: audit_stock_offers() -> each audit_stock
SELECT offer.id, COALESCE(lines.firm, 0), offer.claimed
FROM offer LEFT JOIN (
    SELECT offer AS of_offer, CAST(SUM(quantity) AS BIGINT) AS firm FROM order_line WHERE claim = 2 AND variant = 0 GROUP BY offer
) AS lines ON lines.of_offer = offer.id
WHERE offer.claimed <> COALESCE(lines.firm, 0);

--: audit_stock_variants() -> each audit_stock
SELECT offer_variant.offer, COALESCE(lines.firm, 0), offer_variant.claimed
FROM offer_variant LEFT JOIN (
    SELECT variant AS of_variant, CAST(SUM(quantity) AS BIGINT) AS firm FROM order_line WHERE claim = 2 AND variant > 0
    GROUP BY variant
) AS lines ON lines.of_variant = offer_variant.id
WHERE offer_variant.claimed <> COALESCE(lines.firm, 0);

--: audit_entries() -> int
SELECT COUNT(*) FROM entry;

-- --- rows against their duplicates, and against each other ---------------------------------------------------------------

--: row audit_row(int id)
-- Each row that is not what it was, or was lost, or came in by another way.
--: audit_accounts_changed() -> each audit_row
SELECT now.id FROM said_by_account AS now LEFT JOIN duplicate ON duplicate.kind = 1 AND duplicate.id = now.id
WHERE COALESCE(duplicate.said, '') <> now.said
UNION ALL SELECT id FROM duplicate WHERE kind = 1 AND id NOT IN (SELECT id FROM account);

--: audit_limits_changed() -> each audit_row
SELECT now.id FROM said_by_limit_change AS now LEFT JOIN duplicate ON duplicate.kind = 2 AND duplicate.id = now.id
WHERE COALESCE(duplicate.said, '') <> now.said
UNION ALL SELECT id FROM duplicate WHERE kind = 2 AND id NOT IN (SELECT id FROM limit_change);

--: audit_periods_changed() -> each audit_row
SELECT now.id FROM said_by_period AS now LEFT JOIN duplicate ON duplicate.kind = 3 AND duplicate.id = now.id
WHERE COALESCE(duplicate.said, '') <> now.said
UNION ALL SELECT id FROM duplicate WHERE kind = 3 AND id NOT IN (SELECT year FROM period);

-- An account bears the limits that were last decided for it; none was decided: none.
--: audit_limits_differ() -> each audit_row
SELECT account.id FROM account
LEFT JOIN (SELECT account AS of_account, MAX(id) AS last FROM limit_change GROUP BY account) AS newest
    ON newest.of_account = account.id
LEFT JOIN limit_change ON limit_change.id = newest.last
WHERE account.has_floor <> COALESCE(limit_change.has_floor, 0) OR account.has_ceiling <> COALESCE(limit_change.has_ceiling, 0)
    OR account.floor <> COALESCE(limit_change.floor, 0) OR account.ceiling <> COALESCE(limit_change.ceiling, 0);

-- A hold is its pending transfer, and the entry that resolved it (resolved_by) has a transfer that says so.
--: audit_holds_differ() -> each audit_row
SELECT hold.seq FROM hold LEFT JOIN transfer AS taken ON taken.seq = hold.seq AND taken.flags & 1 <> 0
LEFT JOIN entry AS ending ON ending.id = hold.resolved_by
LEFT JOIN transfer AS ended ON ended.seq BETWEEN ending.first_seq AND ending.first_seq + ending.transfers_n - 1
    AND ended.pending_seq = hold.seq
WHERE taken.seq IS NULL OR hold.debit <> taken.debit OR hold.credit <> taken.credit OR hold.amount <> taken.amount
    OR hold.expires_ns <> taken.expires_ns OR (hold.resolved_by <> 0 AND ended.seq IS NULL)
    OR hold.state <> CASE WHEN ended.seq IS NULL THEN 0 WHEN ended.flags & 2 <> 0 THEN 1 WHEN ended.flags & 8 <> 0 THEN 3 ELSE 2 END;

-- Looked for only when their numbers differ.
--: audit_holds_lost() -> each audit_row
SELECT seq FROM transfer WHERE flags & 1 <> 0 AND seq NOT IN (SELECT seq FROM hold);

--: row audit_head(int journal, int year, int num, int last_seq, int booked_ns)
--: audit_heads() -> each audit_head
SELECT journal, year, num, last_seq, booked_ns FROM ledger_head ORDER BY journal, year;

--: row audit_month(int currency, int year, int month, int code, int amount, int n)
--: audit_months() -> each audit_month
SELECT currency, year, month, code, amount, n FROM ledger_month ORDER BY currency, year, month, code;

--: row audit_param(str name, int expected, int found)
--: audit_params_differ() -> each audit_param
SELECT param.name, COALESCE(param_change.value, 0), param.value FROM param
LEFT JOIN (SELECT name AS of_name, MAX(id) AS last FROM param_change GROUP BY name) AS newest ON newest.of_name = param.name
LEFT JOIN param_change ON param_change.id = newest.last
WHERE param_change.id IS NULL OR param_change.value <> param.value OR param_change.decided_by <> param.decided_by
    OR param_change.set_ns <> param.set_ns
UNION ALL SELECT name, value, 0 FROM param_change WHERE name NOT IN (SELECT name FROM param);

--: audit_open_from() -> int
SELECT COALESCE(MAX(last_day) + 1, 0) FROM period WHERE state > 0;
