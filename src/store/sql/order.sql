-- SPDX-License-Identifier: AGPL-3.0-or-later
-- order: requests and bookings, their parts, lines, events, messages. An order is written by deeds/order.c alone.

--: include "rules/order.h"

--: row order(int id, str reference, enum order_kind kind, enum order_state state, enum order_who opened_by, int buyer, int provider, int mediator, bool instant, int offer, str title, int quantity, int starts_ns, int ends_ns, int counter_quantity, int counter_starts_ns, int counter_ends_ns, int counter_parts_n, int parts_n, blob terms, bool pay_said, bool pay_seen, int requested_ns, int accepted_ns, int started_ns, int delivered_ns, int ended_ns, enum order_state disputed_from, enum order_who proposal_by, bool proposal_received, i32 overdue_days, int timer_ns, enum order_event timer_event, str code, int events_n, int updated_ns)
--: order_get(int id) -> one order
SELECT id, reference, kind, state, opened_by, buyer, provider, mediator, instant, offer, title, quantity, starts_ns, ends_ns,
    counter_quantity, counter_starts_ns, counter_ends_ns, counter_parts_n, parts_n, terms, pay_said, pay_seen, requested_ns,
    accepted_ns, started_ns, delivered_ns, ended_ns, disputed_from, proposal_by, proposal_received, overdue_days, timer_ns,
    timer_event, code, events_n, updated_ns
FROM orders WHERE id = :id;

--: order_by_uid(blob16 uid) -> int
SELECT id FROM orders WHERE uid = :uid;

--: order_open(blob16 uid, str reference, int kind, int opened_by, int buyer, int provider, bool instant, int offer, str title, int quantity, int starts_ns, int ends_ns, int parts_n, blob terms, str code, int now_ns) -> int
INSERT INTO orders (uid, reference, kind, state, opened_by, buyer, provider, mediator, instant, offer, title, quantity,
    starts_ns, ends_ns, counter_quantity, counter_starts_ns, counter_ends_ns, counter_parts_n, parts_n, terms, pay_said,
    pay_seen, requested_ns, accepted_ns, started_ns, delivered_ns, ended_ns, disputed_from, proposal_by, proposal_received,
    overdue_days, timer_ns, timer_event, code, events_n, updated_ns)
VALUES (:uid, :reference, :kind, 0, :opened_by, :buyer, :provider, 0, :instant, :offer, :title, :quantity, :starts_ns,
    :ends_ns, 0, 0, 0, 0, :parts_n, :terms, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, :code, 0, :now_ns)
RETURNING id;

-- The reference is made from the id, so it is written second.
--: order_reference(int id, str reference) -> none
UPDATE orders SET reference = :reference WHERE id = :id;

--: order_put(int id, int state, int mediator, int quantity, int starts_ns, int ends_ns, int counter_quantity, int counter_starts_ns, int counter_ends_ns, int counter_parts_n, int parts_n, bool pay_said, bool pay_seen, int requested_ns, int accepted_ns, int started_ns, int delivered_ns, int ended_ns, int disputed_from, int proposal_by, bool proposal_received, int overdue_days, int timer_ns, int timer_event, int events_n, int updated_ns) -> none
UPDATE orders SET state = :state, mediator = :mediator, quantity = :quantity, starts_ns = :starts_ns, ends_ns = :ends_ns,
    counter_quantity = :counter_quantity, counter_starts_ns = :counter_starts_ns, counter_ends_ns = :counter_ends_ns,
    counter_parts_n = :counter_parts_n, parts_n = :parts_n, pay_said = :pay_said, pay_seen = :pay_seen,
    requested_ns = :requested_ns, accepted_ns = :accepted_ns, started_ns = :started_ns, delivered_ns = :delivered_ns,
    ended_ns = :ended_ns, disputed_from = :disputed_from, proposal_by = :proposal_by,
    proposal_received = :proposal_received, overdue_days = :overdue_days, timer_ns = :timer_ns, timer_event = :timer_event,
    events_n = :events_n, updated_ns = :updated_ns
WHERE id = :id;

--: order_mediator(int id, int mediator) -> none
UPDATE orders SET mediator = :mediator WHERE id = :id;

--: row order_part(int part, i32 unit_kind, i32 currency, enum order_funding funding, int price, int fee_buyer, int fee_provider, int deposit, int counter_price, int counter_fee_buyer, int counter_fee_provider, int counter_deposit, bool held, bool deposit_held, int hold_provider, int hold_fee, int hold_deposit, int to_provider, int to_coop, int refunded, int late_claim, int owed_buyer, int owed_provider, int split_refund, int split_provider, int split_fee, int split_deposit)
--: order_part_list(int orders) -> many order_part
SELECT part, unit_kind, currency, funding, price, fee_buyer, fee_provider, deposit, counter_price, counter_fee_buyer,
    counter_fee_provider, counter_deposit, held, deposit_held, hold_provider, hold_fee, hold_deposit, to_provider, to_coop,
    refunded, late_claim, owed_buyer, owed_provider, split_refund, split_provider, split_fee, split_deposit
FROM order_part WHERE orders = :orders ORDER BY part;

--: order_part_put(int orders, int part, int unit_kind, int currency, int funding, int price, int fee_buyer, int fee_provider, int deposit, int counter_price, int counter_fee_buyer, int counter_fee_provider, int counter_deposit, bool held, bool deposit_held, int hold_provider, int hold_fee, int hold_deposit, int to_provider, int to_coop, int refunded, int late_claim, int owed_buyer, int owed_provider, int split_refund, int split_provider, int split_fee, int split_deposit) -> none
INSERT INTO order_part (orders, part, unit_kind, currency, funding, price, fee_buyer, fee_provider, deposit, counter_price,
    counter_fee_buyer, counter_fee_provider, counter_deposit, held, deposit_held, hold_provider, hold_fee, hold_deposit,
    to_provider, to_coop, refunded, late_claim, owed_buyer, owed_provider, split_refund, split_provider, split_fee,
    split_deposit)
VALUES (:orders, :part, :unit_kind, :currency, :funding, :price, :fee_buyer, :fee_provider, :deposit, :counter_price,
    :counter_fee_buyer, :counter_fee_provider, :counter_deposit, :held, :deposit_held, :hold_provider, :hold_fee,
    :hold_deposit, :to_provider, :to_coop, :refunded, :late_claim, :owed_buyer, :owed_provider, :split_refund,
    :split_provider, :split_fee, :split_deposit)
ON CONFLICT (orders, part) DO UPDATE SET unit_kind = excluded.unit_kind, currency = excluded.currency,
    funding = excluded.funding, price = excluded.price, fee_buyer = excluded.fee_buyer, fee_provider = excluded.fee_provider,
    deposit = excluded.deposit, counter_price = excluded.counter_price, counter_fee_buyer = excluded.counter_fee_buyer,
    counter_fee_provider = excluded.counter_fee_provider, counter_deposit = excluded.counter_deposit, held = excluded.held,
    deposit_held = excluded.deposit_held, hold_provider = excluded.hold_provider, hold_fee = excluded.hold_fee,
    hold_deposit = excluded.hold_deposit, to_provider = excluded.to_provider, to_coop = excluded.to_coop,
    refunded = excluded.refunded, late_claim = excluded.late_claim, owed_buyer = excluded.owed_buyer,
    owed_provider = excluded.owed_provider, split_refund = excluded.split_refund, split_provider = excluded.split_provider,
    split_fee = excluded.split_fee, split_deposit = excluded.split_deposit;

--: row order_line(int position, int offer, int variant, str title, int quantity, int a_minor, int b_minor, int claim)
--: order_line_put(int orders, int position, int offer, int variant, str title, int quantity, int a_minor, int b_minor, int claim) -> none
INSERT INTO order_line (orders, position, offer, variant, title, quantity, a_minor, b_minor, claim)
VALUES (:orders, :position, :offer, :variant, :title, :quantity, :a_minor, :b_minor, :claim);

--: order_line_list(int orders) -> many order_line
SELECT position, offer, variant, title, quantity, a_minor, b_minor, claim FROM order_line
WHERE orders = :orders ORDER BY position;

--: order_line_claim(int orders, int claim) -> none
UPDATE order_line SET claim = :claim WHERE orders = :orders;

--: row order_event(int num, enum order_event event, int actor, enum order_state state, str note, int entry, int at_ns)
--: order_event_put(int orders, int num, int event, int actor, int state, str note, int entry, int at_ns) -> none
INSERT INTO order_event (orders, num, event, actor, state, note, entry, at_ns)
VALUES (:orders, :num, :event, :actor, :state, :note, :entry, :at_ns);

--: order_event_list(int orders) -> many order_event
SELECT num, event, actor, state, note, entry, at_ns FROM order_event WHERE orders = :orders ORDER BY num;

--: row order_message(int id, int author, str body, int at_ns)
--: order_message_put(int orders, int author, str body, int at_ns) -> int
INSERT INTO order_message (orders, author, body, at_ns) VALUES (:orders, :author, :body, :at_ns) RETURNING id;

--: order_message_list(int orders) -> many order_message
SELECT id, author, body, at_ns FROM order_message WHERE orders = :orders ORDER BY id;

--: row id(int id)
-- Orders whose timer has run out, the longest waiting first.
--: order_due(int now_ns, int count) -> many id
SELECT id FROM orders WHERE timer_ns > 0 AND timer_ns <= :now_ns ORDER BY timer_ns LIMIT :count;

--: order_due_n(int now_ns) -> int
SELECT COUNT(*) FROM orders WHERE timer_ns > 0 AND timer_ns <= :now_ns;

--: order_of_offer_in_state(int offer, int state, int but) -> many id
SELECT id FROM orders WHERE offer = :offer AND state = :state AND id <> :but ORDER BY id;

-- --- lists for pages -----------------------------------------------------------------------------------------------

-- What a list needs to say of an order: whose turn it is, with whom, and what it costs.
--: row order_brief(int id, str reference, enum order_kind kind, enum order_state state, enum order_who opened_by, int buyer, int provider, int mediator, int offer, str title, int quantity, int starts_ns, blob terms, bool pay_said, bool pay_seen, enum order_who proposal_by, int timer_ns, enum order_event timer_event, int requested_ns, int ended_ns, int updated_ns, int parts_n, str buyer_name, str provider_name, int a_currency, int a_total, int a_funding, int a_owed_buyer, int a_owed_provider, int b_currency, int b_total, int b_funding, int b_owed_buyer, int b_owed_provider)
-- Running ones of a member, as buyer or provider.
--: order_running_of(int member, int count) -> many order_brief
SELECT o.id, o.reference, o.kind, o.state, o.opened_by, o.buyer, o.provider, o.mediator, o.offer, o.title, o.quantity, o.starts_ns,
    o.terms, o.pay_said, o.pay_seen, o.proposal_by, o.timer_ns, o.timer_event, o.requested_ns, o.ended_ns, o.updated_ns,
    o.parts_n, b.name, p.name, x.currency, x.price + x.fee_buyer, x.funding, x.owed_buyer, x.owed_provider,
    y.currency, y.price + y.fee_buyer, y.funding, y.owed_buyer, y.owed_provider
FROM orders AS o JOIN member AS b ON b.id = o.buyer JOIN member AS p ON p.id = o.provider
    LEFT JOIN order_part AS x ON x.orders = o.id AND x.part = 0 LEFT JOIN order_part AS y ON y.orders = o.id AND y.part = 1
WHERE o.id IN (SELECT id FROM orders WHERE buyer = :member AND state < 8
    UNION SELECT id FROM orders WHERE provider = :member AND state < 8)
ORDER BY o.id DESC LIMIT :count;

-- Finished ones, newest first.
--: order_over_of(int member, int count, int skip) -> many order_brief
SELECT o.id, o.reference, o.kind, o.state, o.opened_by, o.buyer, o.provider, o.mediator, o.offer, o.title, o.quantity, o.starts_ns,
    o.terms, o.pay_said, o.pay_seen, o.proposal_by, o.timer_ns, o.timer_event, o.requested_ns, o.ended_ns, o.updated_ns,
    o.parts_n, b.name, p.name, x.currency, x.price + x.fee_buyer, x.funding, x.owed_buyer, x.owed_provider,
    y.currency, y.price + y.fee_buyer, y.funding, y.owed_buyer, y.owed_provider
FROM orders AS o JOIN member AS b ON b.id = o.buyer JOIN member AS p ON p.id = o.provider
    LEFT JOIN order_part AS x ON x.orders = o.id AND x.part = 0 LEFT JOIN order_part AS y ON y.orders = o.id AND y.part = 1
WHERE o.id IN (
    SELECT id FROM (SELECT id FROM orders WHERE buyer = :member AND state > 7 ORDER BY id DESC LIMIT :count + :skip) AS bought
    UNION
    SELECT id FROM (SELECT id FROM orders WHERE provider = :member AND state > 7 ORDER BY id DESC LIMIT :count + :skip) AS done)
ORDER BY o.id DESC LIMIT :count OFFSET :skip;

--: order_over_n(int member) -> int
SELECT (SELECT COUNT(*) FROM orders WHERE buyer = :member AND state > 7)
    + (SELECT COUNT(*) FROM orders WHERE provider = :member AND state > 7);

-- Disputes, the oldest first, for those who mediate.
--: order_disputed_brief(int count) -> many order_brief
SELECT o.id, o.reference, o.kind, o.state, o.opened_by, o.buyer, o.provider, o.mediator, o.offer, o.title, o.quantity, o.starts_ns,
    o.terms, o.pay_said, o.pay_seen, o.proposal_by, o.timer_ns, o.timer_event, o.requested_ns, o.ended_ns, o.updated_ns,
    o.parts_n, b.name, p.name, x.currency, x.price + x.fee_buyer, x.funding, x.owed_buyer, x.owed_provider,
    y.currency, y.price + y.fee_buyer, y.funding, y.owed_buyer, y.owed_provider
FROM orders AS o JOIN member AS b ON b.id = o.buyer JOIN member AS p ON p.id = o.provider
    LEFT JOIN order_part AS x ON x.orders = o.id AND x.part = 0 LEFT JOIN order_part AS y ON y.orders = o.id AND y.part = 1
WHERE o.state = 7 ORDER BY o.id LIMIT :count;

-- A provider's jobs that start in a span of time; without a date when from_ns is 0.
--: order_day_of(int provider, int from_ns, int before_ns, int count) -> many order_brief
SELECT o.id, o.reference, o.kind, o.state, o.opened_by, o.buyer, o.provider, o.mediator, o.offer, o.title, o.quantity, o.starts_ns,
    o.terms, o.pay_said, o.pay_seen, o.proposal_by, o.timer_ns, o.timer_event, o.requested_ns, o.ended_ns, o.updated_ns,
    o.parts_n, b.name, p.name, x.currency, x.price + x.fee_buyer, x.funding, x.owed_buyer, x.owed_provider,
    y.currency, y.price + y.fee_buyer, y.funding, y.owed_buyer, y.owed_provider
FROM orders AS o JOIN member AS b ON b.id = o.buyer JOIN member AS p ON p.id = o.provider
    LEFT JOIN order_part AS x ON x.orders = o.id AND x.part = 0 LEFT JOIN order_part AS y ON y.orders = o.id AND y.part = 1
WHERE o.provider = :provider AND o.state IN (4, 5) AND o.starts_ns >= :from_ns AND o.starts_ns < :before_ns
ORDER BY o.starts_ns, o.id LIMIT :count;

-- Other offers of the same person that may stand in the same order.
--: row order_also(int offer, str title, int per, int a_minor, int b_minor, int stock, int claimed)
--: order_also(int member, int side, int kind, int a_currency, int b_currency, int price_mode, int but, int count) -> many order_also
SELECT id, title, per, a_minor, b_minor, stock, claimed FROM offer
WHERE member = :member AND side = :side AND kind = :kind AND a_currency = :a_currency AND b_currency = :b_currency
    AND price_mode = :price_mode AND status = 1 AND id <> :but AND stock <> claimed
    AND NOT EXISTS (SELECT 1 FROM offer_variant WHERE offer_variant.offer = offer.id)
ORDER BY id DESC LIMIT :count;

-- The nearest thing to what is gone: another open offer of the same category that still has a piece.
--: row order_instead(int offer, str title)
--: order_instead(int category, int side, int but, int not_member) -> one order_instead
SELECT id, title FROM offer
WHERE category = :category AND side = :side AND status = 1 AND id <> :but AND member <> :not_member AND price_mode <> 4
    AND (stock < 0 OR stock > claimed)
ORDER BY id DESC LIMIT 1;

-- How a party of an order is reached and paid.
--: row order_party(str name, str handle, str place, str iban, str bic, u32 roles, int status)
--: order_party(int member) -> one order_party
SELECT name, handle, place, iban, bic, roles, status FROM member WHERE id = :member;
