-- SPDX-License-Identifier: AGPL-3.0-or-later
-- place: the gazetteer, filled when a co-op is founded and by `filon rebuild`.

--: row place(int id, str name, str postcode, str area, int lat, int lon, int people)
--: place_add(int id, str name, str fold, str postcode, str area, int lat, int lon, int people) -> none
INSERT INTO place (id, name, fold, postcode, area, lat, lon, people)
VALUES (:id, :name, :fold, :postcode, :area, :lat, :lon, :people);

--: place_code_add(str postcode, int place) -> none
INSERT INTO place_code (postcode, place) VALUES (:postcode, :place) ON CONFLICT (postcode, place) DO NOTHING;

--: place_clear() -> none
DELETE FROM place;

--: place_code_clear() -> none
DELETE FROM place_code;

--: place_by_fold(str fold, int most) -> many place
SELECT id, name, postcode, area, lat, lon, people FROM place WHERE fold = :fold ORDER BY people DESC, id LIMIT :most;

-- Names that begin so: `past` is the fold with a character behind every letter.
--: place_by_start(str fold, str past, int most) -> many place
SELECT id, name, postcode, area, lat, lon, people FROM place WHERE fold >= :fold AND fold < :past
ORDER BY people DESC, id LIMIT :most;

--: place_by_postcode(str postcode, int most) -> many place
SELECT place.id, place.name, place.postcode, place.area, place.lat, place.lon, place.people
FROM place_code JOIN place ON place.id = place_code.place
WHERE place_code.postcode = :postcode ORDER BY place.people DESC, place.id LIMIT :most;

--: place_codes(int place) -> int
SELECT COUNT(*) FROM place_code WHERE place = :place;

-- The largest places of a rectangle: names for a plan.
--: place_around(int south, int north, int west, int east, int most) -> many place
SELECT id, name, postcode, area, lat, lon, people FROM place
WHERE lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east AND people > 0
ORDER BY people DESC, id LIMIT :most;
