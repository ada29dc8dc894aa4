-- SPDX-License-Identifier: AGPL-3.0-or-later
-- market: finding offers and needs, the index that finds them, and what their pages show.

-- --- the index (deeds/offer_index.c) ------------------------------------------------------------------------------------

--: row market_words(int side, int kind, int category, str words)
--: market_words_get(int offer) -> one market_words
SELECT side, kind, category, words FROM offer_words WHERE offer = :offer;

--: market_words_put(int offer, int side, int kind, int category, int lat, int lon, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, str title, str words) -> none
INSERT INTO offer_words (offer, side, kind, category, lat, lon, a_currency, a_minor, b_currency, b_minor, price_mode, title, words)
VALUES (:offer, :side, :kind, :category, :lat, :lon, :a_currency, :a_minor, :b_currency, :b_minor, :price_mode, :title, :words);

--: market_words_drop(int offer) -> none
DELETE FROM offer_words WHERE offer = :offer;

-- The full-text index keeps no text of its own: what goes must be told with the words it came with.
--: market_search_put(int offer, str words) -> none
-- sqlite
INSERT INTO offer_search (rowid, words) VALUES (:offer, :words);
-- postgres
DELETE FROM offer_words WHERE offer = :offer AND words = :words AND FALSE;

--: market_search_drop(int offer, str words) -> none
-- sqlite
INSERT INTO offer_search (offer_search, rowid, words) VALUES ('delete', :offer, :words);
-- postgres
DELETE FROM offer_words WHERE offer = :offer AND words = :words AND FALSE;

--: market_count_add(int side, int kind, int category, int n) -> none
INSERT INTO offer_count (side, kind, category, n) VALUES (:side, :kind, :category, :n)
ON CONFLICT (side, kind, category) DO UPDATE SET n = offer_count.n + excluded.n;

--: market_words_clear() -> none
DELETE FROM offer_words;

--: market_search_clear() -> none
-- sqlite
INSERT INTO offer_search (offer_search) VALUES ('delete-all');
-- postgres
DELETE FROM offer_words WHERE FALSE;

--: market_count_clear() -> none
DELETE FROM offer_count;

--: row market_id(int id)
--: market_open_after(int after, int most) -> many market_id
SELECT id FROM offer WHERE id > :after AND status = 1 ORDER BY id LIMIT :most;

--: market_ids_of(int member) -> many market_id
SELECT id FROM offer WHERE member = :member ORDER BY id;

-- --- searching (deeds/market_search.c) ----------------------------------------------------------------------------------

-- Newest first. `match` is words and tokens with AND, OR and brackets, all of them asked of the index: nobody looks at `words`.
--: row market_hit(int offer, int side, int kind, int category, int lat, int lon, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, str title, str words)
--: market_find(str match, int until, int most, int skip) -> each market_hit
-- sqlite
SELECT w.offer, w.side, w.kind, w.category, w.lat, w.lon, w.a_currency, w.a_minor, w.b_currency, w.b_minor, w.price_mode,
    w.title, '' AS words
FROM offer_search JOIN offer_words w ON w.offer = offer_search.rowid
WHERE offer_search MATCH :match AND offer_search.rowid <= :until ORDER BY offer_search.rowid DESC LIMIT :most OFFSET :skip;
-- postgres
SELECT w.offer, w.side, w.kind, w.category, w.lat, w.lon, w.a_currency, w.a_minor, w.b_currency, w.b_minor, w.price_mode,
    w.title, '' AS words
FROM offer_words w
WHERE to_tsvector('simple', w.words) @@ to_tsquery('simple', replace(replace(:match, ' AND ', ' & '), ' OR ', ' | '))
    AND w.offer <= :until ORDER BY w.offer DESC LIMIT :most OFFSET :skip;

-- The same, oldest first: the index of words is read forwards, which costs it half.
--: market_find_all(str match, int until, int most) -> each market_hit
-- sqlite
SELECT w.offer, w.side, w.kind, w.category, w.lat, w.lon, w.a_currency, w.a_minor, w.b_currency, w.b_minor, w.price_mode,
    w.title, w.words
FROM offer_search JOIN offer_words w ON w.offer = offer_search.rowid
WHERE offer_search MATCH :match AND offer_search.rowid <= :until ORDER BY offer_search.rowid LIMIT :most;
-- postgres
SELECT w.offer, w.side, w.kind, w.category, w.lat, w.lon, w.a_currency, w.a_minor, w.b_currency, w.b_minor, w.price_mode,
    w.title, w.words
FROM offer_words w
WHERE to_tsvector('simple', w.words) @@ to_tsquery('simple', replace(replace(:match, ' AND ', ' & '), ' OR ', ' | '))
    AND w.offer <= :until ORDER BY w.offer LIMIT :most;

-- The one after the `skip` newest.
--: market_nth(str match, int until, int skip) -> one market_id
-- sqlite
SELECT offer_search.rowid FROM offer_search
WHERE offer_search MATCH :match AND offer_search.rowid <= :until ORDER BY offer_search.rowid DESC LIMIT 1 OFFSET :skip;
-- postgres
SELECT w.offer FROM offer_words w
WHERE to_tsvector('simple', w.words) @@ to_tsquery('simple', replace(replace(:match, ' AND ', ' & '), ' OR ', ' | '))
    AND w.offer <= :until ORDER BY w.offer DESC LIMIT 1 OFFSET :skip;

--: market_last() -> one market_id
SELECT COALESCE(MAX(offer), 0) FROM offer_words;

--: row market_count(int side, int kind, int category, int n)
--: market_count_list(int side) -> many market_count
SELECT side, kind, category, n FROM offer_count WHERE side = :side AND n > 0 ORDER BY kind, category;

--: row market_rating(int reviews_n, int stars_sum)
--: market_rating_get(int offer) -> one market_rating
SELECT reviews_n, stars_sum FROM offer WHERE id = :offer;

--: row market_card(int id, int member, int side, int kind, int status, str title, int lang, int category, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, int per, int stock, int claimed, str place, int lat, int lon, int reviews_n, int stars_sum, int photo, int created_ns, str name, str handle)
--: market_card_get(int id) -> one market_card
SELECT o.id, o.member, o.side, o.kind, o.status, o.title, o.lang, o.category, o.a_currency, o.a_minor, o.b_currency, o.b_minor,
    o.price_mode, o.per, o.stock, o.claimed, o.place, o.lat, o.lon, o.reviews_n, o.stars_sum, o.photo, o.created_ns, m.name,
    m.handle
FROM offer o JOIN member m ON m.id = o.member WHERE o.id = :id;

-- The newest open ones, when nothing else is asked: the index of offer_status has them in this order.
--: market_newest(int side, int until, int most, int skip) -> many market_card
SELECT o.id, o.member, o.side, o.kind, o.status, o.title, o.lang, o.category, o.a_currency, o.a_minor, o.b_currency, o.b_minor,
    o.price_mode, o.per, o.stock, o.claimed, o.place, o.lat, o.lon, o.reviews_n, o.stars_sum, o.photo, o.created_ns, m.name,
    m.handle
FROM offer o JOIN member m ON m.id = o.member
WHERE o.side = :side AND o.status = 1 AND o.id <= :until ORDER BY o.id DESC LIMIT :most OFFSET :skip;

-- Everything a member has published, withdrawn ones last.
--: market_mine(int member, int most) -> many market_card
SELECT o.id, o.member, o.side, o.kind, o.status, o.title, o.lang, o.category, o.a_currency, o.a_minor, o.b_currency, o.b_minor,
    o.price_mode, o.per, o.stock, o.claimed, o.place, o.lat, o.lon, o.reviews_n, o.stars_sum, o.photo, o.created_ns, m.name,
    m.handle
FROM offer o JOIN member m ON m.id = o.member WHERE o.member = :member ORDER BY o.status, o.id DESC LIMIT :most;

-- --- one offer ------------------------------------------------------------------------------------------------------------

--: row market_review(int stars, str body, int published_ns, str name)
--: market_review_list(int offer, int most) -> many market_review
SELECT r.stars, r.body, r.published_ns, m.name
FROM review r JOIN member m ON m.id = r.author
WHERE r.offer = :offer AND r.published_ns > 0 ORDER BY r.published_ns DESC LIMIT :most;

--: row market_photo(int id, str alt, int width, int height)
--: market_photo_list(int offer) -> many market_photo
SELECT id, alt, width, height FROM photo WHERE offer = :offer ORDER BY position, id;

--: market_by_uid(blob16 uid) -> one market_id
SELECT id FROM offer WHERE uid = :uid;

-- A member's own edit: what an import noted of its line stays.
--: market_rewrite(int id, int kind, str title, str body, int lang, int category, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, int per, int stock, int cancel, str place, int lat, int lon, int cell, int now_ns) -> none
UPDATE offer SET kind = :kind, title = :title, body = :body, lang = :lang, category = :category, a_currency = :a_currency,
    a_minor = :a_minor, b_currency = :b_currency, b_minor = :b_minor, price_mode = :price_mode, per = :per, stock = :stock,
    cancel = :cancel, place = :place, lat = :lat, lon = :lon, cell = :cell, updated_ns = :now_ns
WHERE id = :id;
