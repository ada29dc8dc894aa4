-- SPDX-License-Identifier: AGPL-3.0-or-later
-- test_demo: what the test of the demonstration counts.

--: test_demo_members() -> int
SELECT COUNT(*) FROM member WHERE status = 2 AND roles & 4 <> 0;

--: test_demo_offers() -> int
SELECT COUNT(*) FROM offer WHERE status = 1 AND source_key IS NULL;

--: test_demo_imported() -> int
SELECT (SELECT COUNT(*) FROM offer WHERE source_key IS NOT NULL)
    + (SELECT COUNT(*) FROM offer_variant WHERE source_key IS NOT NULL);

--: test_demo_names_twice() -> int
SELECT COUNT(*) FROM (SELECT name FROM member GROUP BY name HAVING COUNT(*) > 1) AS twice;

--: test_demo_titles_twice() -> int
SELECT COUNT(*) FROM (SELECT title FROM offer GROUP BY title HAVING COUNT(*) > 1) AS twice;

--: test_demo_trades() -> int
SELECT COUNT(DISTINCT trade) FROM member WHERE trade <> '';

--: test_demo_spots() -> int
SELECT COUNT(*) FROM (SELECT DISTINCT lat, lon FROM offer) AS spots;

--: test_demo_in_state(int state) -> int
SELECT COUNT(*) FROM orders WHERE state = :state;

--: test_demo_in_currency(int currency) -> int
SELECT COUNT(*) FROM order_part WHERE currency = :currency;

--: test_demo_running_of_nadia() -> int
SELECT COUNT(*) FROM orders WHERE state < 8 AND provider = (SELECT id FROM member WHERE handle = 'nadia');

--: test_demo_disputes_with_mediator() -> int
SELECT COUNT(*) FROM orders WHERE mediator > 0;

--: test_demo_reviews() -> int
SELECT COUNT(*) FROM review WHERE published_ns > 0;

--: test_demo_messages() -> int
SELECT COUNT(*) FROM order_message;

--: test_demo_letters_waiting() -> int
SELECT COUNT(*) FROM outbox WHERE state = 0;

--: test_demo_asking() -> int
SELECT COUNT(*) FROM member WHERE status = 1;

--: test_demo_after(int now_ns) -> int
SELECT (SELECT COUNT(*) FROM order_event WHERE at_ns > :now_ns) + (SELECT COUNT(*) FROM entry WHERE booked_ns > :now_ns)
    + (SELECT COUNT(*) FROM offer WHERE created_ns > :now_ns);
