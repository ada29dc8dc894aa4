-- SPDX-License-Identifier: AGPL-3.0-or-later
-- import: what came from other platforms, and is found again by what it was called there (source_key).

--: row import_offer(int id, int status, blob source_hash, int group_of, int a_currency, int a_minor, int price_mode)
--: import_offer_get(str source_key) -> one import_offer
SELECT id, status, source_hash, group_of, a_currency, a_minor, price_mode FROM offer WHERE source_key = :source_key;

--: import_offer_group(int id, int group_of) -> none
UPDATE offer SET group_of = :group_of WHERE id = :id;

--: import_offer_price(int id, int a_currency, int a_minor, int price_mode) -> none
UPDATE offer SET a_currency = :a_currency, a_minor = :a_minor, price_mode = :price_mode WHERE id = :id;

--: row import_variant(int id, int offer, blob source_hash)
--: import_variant_get(str source_key) -> one import_variant
SELECT id, offer, source_hash FROM offer_variant WHERE source_key = :source_key;

--: import_variant_add(int offer, str label, int a_minor, int stock, int position, str source_key, blob source_hash) -> int
INSERT INTO offer_variant (offer, label, a_minor, b_minor, stock, claimed, position, source_key, source_hash)
VALUES (:offer, :label, :a_minor, 0, :stock, 0, :position, :source_key, :source_hash)
RETURNING id;

--: import_variant_edit(int id, str label, int a_minor, int stock, blob source_hash) -> none
UPDATE offer_variant SET label = :label, a_minor = :a_minor, stock = :stock, source_hash = :source_hash WHERE id = :id;

--: import_variant_least(int offer) -> int
SELECT a_minor FROM offer_variant WHERE offer = :offer ORDER BY a_minor LIMIT 1;

--: row import_member(int id, str handle, str name, int status, u32 roles, str place, int lat, int lon)
--: import_member_by_source(str source_key) -> one import_member
SELECT id, handle, name, status, roles, place, lat, lon FROM member WHERE source_key = :source_key;

--: import_member_by_handle(str handle) -> one import_member
SELECT id, handle, name, status, roles, place, lat, lon FROM member WHERE handle = :handle;

--: import_member_by_email(str email_key) -> one import_member
SELECT id, handle, name, status, roles, place, lat, lon FROM member WHERE email_key = :email_key;

-- Who holds the desk longest: what a shop sells is theirs when nobody else is named.
--: import_facilitator() -> one import_member
SELECT id, handle, name, status, roles, place, lat, lon FROM member WHERE status = 2 AND roles & 16 <> 0 ORDER BY id LIMIT 1;

-- Only of people nobody has reached yet: who signs in writes their own name.
--: import_member_edit(int id, str name, int roles, int status, int lang, str place, int lat, int lon, int joined_ns) -> none
UPDATE member SET name = :name, roles = :roles, status = :status, lang = :lang, place = :place, lat = :lat, lon = :lon,
    joined_ns = :joined_ns
WHERE id = :id AND status = 5;

--: import_run_put(str source, blob sha, int actor, int added, int changed, int same, int refused, int at_ns) -> int
INSERT INTO import_run (source, sha, actor, added, changed, same, refused, at_ns)
VALUES (:source, :sha, :actor, :added, :changed, :same, :refused, :at_ns)
RETURNING id;

--: row import_run(int id, str source, int actor, int added, int changed, int same, int refused, int at_ns)
--: import_run_list(int most) -> many import_run
SELECT id, source, actor, added, changed, same, refused, at_ns FROM import_run ORDER BY id DESC LIMIT :most;

-- --- a file between its dry run and its coming in ------------------------------------------------------------------------

--: import_file_put(blob16 uid, int actor, str source, str name, str rate, str currency, str seller, bool keep_good, bool admit, blob bytes, int at_ns) -> none
INSERT INTO import_file (uid, actor, source, name, rate, currency, seller, keep_good, admit, bytes, at_ns)
VALUES (:uid, :actor, :source, :name, :rate, :currency, :seller, :keep_good, :admit, :bytes, :at_ns);

--: row import_file(int actor, str source, str name, str rate, str currency, str seller, bool keep_good, bool admit, blob bytes)
--: import_file_get(blob16 uid) -> one import_file
SELECT actor, source, name, rate, currency, seller, keep_good, admit, bytes FROM import_file WHERE uid = :uid;

--: import_file_drop(blob16 uid, int actor) -> changed
DELETE FROM import_file WHERE uid = :uid AND actor = :actor;

-- One waiting file for each person; none for longer than a day.
--: import_file_clean(int actor, int before_ns) -> none
DELETE FROM import_file WHERE actor = :actor OR at_ns < :before_ns;
