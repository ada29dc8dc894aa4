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
