-- SPDX-License-Identifier: AGPL-3.0-or-later
-- offer: offers and needs, their variants and what is claimed of them.

--: row offer(int id, int member, int side, int kind, int status, str title, str body, int lang, int category, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, int per, int stock, int claimed, int cancel, str place, int lat, int lon, int cell, int group_of, int reviews_n, int stars_sum, int photo, int created_ns, int updated_ns)
--: offer_get(int id) -> one offer
SELECT id, member, side, kind, status, title, body, lang, category, a_currency, a_minor, b_currency, b_minor, price_mode, per,
    stock, claimed, cancel, place, lat, lon, cell, group_of, reviews_n, stars_sum, photo, created_ns, updated_ns
FROM offer WHERE id = :id;

-- Who offers, for the page of an offer.
--: row offer_who(str name, str handle, u32 roles, int status, str trade, str college, int joined_ns, int jobs_n)
--: offer_who(int member) -> one offer_who
SELECT name, handle, roles, status, trade, college, joined_ns, jobs_n FROM member WHERE id = :member;

--: offer_add(blob16 uid, int member, int side, int kind, int status, str title, str body, int lang, int category, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, int per, int stock, int cancel, str place, int lat, int lon, int cell, str source_key, blob source_hash, int group_of, int now_ns) -> int
INSERT INTO offer (uid, member, side, kind, status, title, body, lang, category, a_currency, a_minor, b_currency, b_minor,
    price_mode, per, stock, claimed, cancel, place, lat, lon, cell, source_key, source_hash, group_of, reviews_n, stars_sum,
    photo, created_ns, updated_ns)
VALUES (:uid, :member, :side, :kind, :status, :title, :body, :lang, :category, :a_currency, :a_minor, :b_currency, :b_minor,
    :price_mode, :per, :stock, 0, :cancel, :place, :lat, :lon, :cell, :source_key, :source_hash, :group_of, 0, 0, 0, :now_ns,
    :now_ns)
RETURNING id;

--: offer_edit(int id, int kind, int status, str title, str body, int lang, int category, int a_currency, int a_minor, int b_currency, int b_minor, int price_mode, int per, int stock, int cancel, str place, int lat, int lon, int cell, blob source_hash, int group_of, int now_ns) -> none
UPDATE offer SET kind = :kind, status = :status, title = :title, body = :body, lang = :lang, category = :category,
    a_currency = :a_currency, a_minor = :a_minor, b_currency = :b_currency, b_minor = :b_minor, price_mode = :price_mode,
    per = :per, stock = :stock, cancel = :cancel, place = :place, lat = :lat, lon = :lon, cell = :cell,
    source_hash = :source_hash, group_of = :group_of, updated_ns = :now_ns
WHERE id = :id;

--: offer_set_status(int id, int status, int now_ns) -> none
UPDATE offer SET status = :status, updated_ns = :now_ns WHERE id = :id;

-- Pieces promised or in use: a firm claim. Used ones leave the stock and the claim together.
--: offer_claim(int id, int claimed) -> none
UPDATE offer SET claimed = claimed + :claimed WHERE id = :id;

--: offer_use(int id, int quantity) -> none
UPDATE offer SET claimed = claimed - :quantity,
    stock = CASE WHEN stock < 0 THEN stock ELSE stock - :quantity END
WHERE id = :id;

--: offer_stars(int id, int reviews_n, int stars_sum) -> none
UPDATE offer SET reviews_n = reviews_n + :reviews_n, stars_sum = stars_sum + :stars_sum WHERE id = :id;

--: row offer_variant(int id, int offer, str label, int a_minor, int b_minor, int stock, int claimed, int position)
--: offer_variant_get(int id) -> one offer_variant
SELECT id, offer, label, a_minor, b_minor, stock, claimed, position FROM offer_variant WHERE id = :id;

--: offer_variant_list(int offer) -> many offer_variant
SELECT id, offer, label, a_minor, b_minor, stock, claimed, position FROM offer_variant WHERE offer = :offer ORDER BY position;

--: offer_variant_any(int offer) -> int
SELECT id FROM offer_variant WHERE offer = :offer LIMIT 1;

--: offer_variant_claim(int id, int claimed) -> none
UPDATE offer_variant SET claimed = claimed + :claimed WHERE id = :id;

--: offer_variant_use(int id, int quantity) -> none
UPDATE offer_variant SET claimed = claimed - :quantity,
    stock = CASE WHEN stock < 0 THEN stock ELSE stock - :quantity END
WHERE id = :id;
