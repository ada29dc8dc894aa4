-- SPDX-License-Identifier: AGPL-3.0-or-later
-- demo: what only the maker of a demonstration writes.

--: demo_letters_sent(int until_ns) -> none
UPDATE outbox SET state = 1, secret = '' WHERE state = 0 AND created_ns <= :until_ns;

--: demo_offer_spot(int id, int lat, int lon, int cell) -> none
UPDATE offer SET lat = :lat, lon = :lon, cell = :cell WHERE id = :id;

--: row demo_city(str name, int lat, int lon)
--: demo_city_list(int most) -> many demo_city
SELECT name, lat, lon FROM place WHERE people > 0 ORDER BY people DESC, id LIMIT :most;
