-- SPDX-License-Identifier: AGPL-3.0-or-later
-- coop: the one row of the co-op itself, and the parameters its members decide.

--: row coop(int state, str name, str sentence, str legal_form, str place, int lat, int lon, int lang, str zone, str email, str iban, str bic, blob secret, int founded_ns, int step)
--: coop_get() -> one coop
SELECT state, name, sentence, legal_form, place, lat, lon, lang, zone, email, iban, bic, secret, founded_ns, step
FROM coop WHERE id = 1;

--: coop_put(int state, str name, str sentence, str legal_form, str place, int lat, int lon, int lang, str zone, str email, str iban, str bic, blob secret, int founded_ns, int step) -> none
INSERT INTO coop (id, state, name, sentence, legal_form, place, lat, lon, lang, zone, email, iban, bic, secret, founded_ns, step)
VALUES (1, :state, :name, :sentence, :legal_form, :place, :lat, :lon, :lang, :zone, :email, :iban, :bic, :secret, :founded_ns,
    :step)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, name = excluded.name, sentence = excluded.sentence,
    legal_form = excluded.legal_form, place = excluded.place, lat = excluded.lat, lon = excluded.lon, lang = excluded.lang,
    zone = excluded.zone, email = excluded.email, iban = excluded.iban, bic = excluded.bic, founded_ns = excluded.founded_ns,
    step = excluded.step;

--: row param(str name, int value, int decided_by, int set_ns)
--: param_list() -> many param
SELECT name, value, decided_by, set_ns FROM param ORDER BY name;

--: param_get(str name) -> int
SELECT value FROM param WHERE name = :name;

--: param_set(str name, int value, int decided_by, int set_ns) -> none
INSERT INTO param (name, value, decided_by, set_ns) VALUES (:name, :value, :decided_by, :set_ns)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, decided_by = excluded.decided_by, set_ns = excluded.set_ns;

-- Its history; the audit holds the last of each name against what stands.
--: param_change_put(str name, int value, int decided_by, int set_ns) -> none
INSERT INTO param_change (name, value, decided_by, set_ns) VALUES (:name, :value, :decided_by, :set_ns);

--: row category(int id, int parent, str slug, str name_en, str name_fr, str picture)
--: category_list() -> many category
SELECT id, parent, slug, name_en, name_fr, picture FROM category ORDER BY position, id;

--: category_put(int parent, str slug, str name_en, str name_fr, str picture, int position) -> int
INSERT INTO category (parent, slug, name_en, name_fr, picture, position)
VALUES (:parent, :slug, :name_en, :name_fr, :picture, :position)
ON CONFLICT (slug) DO UPDATE SET name_en = excluded.name_en, name_fr = excluded.name_fr
RETURNING id;
