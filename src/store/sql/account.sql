-- SPDX-License-Identifier: AGPL-3.0-or-later
-- account: what members change about themselves, what leaves with them, and what the console lists.

--: member_profile(int id, str name, str trade, str bio, str place, int lat, int lon, str iban, str bic) -> none
UPDATE member SET name = :name, trade = :trade, bio = :bio, place = :place, lat = :lat, lon = :lon, iban = :iban, bic = :bic
WHERE id = :id;

--: member_password(int id, str password) -> none
UPDATE member SET password = :password WHERE id = :id;

--: member_totp(int id, blob totp, int totp_step) -> none
UPDATE member SET totp = :totp, totp_step = :totp_step WHERE id = :id;

--: member_totp_step(int id, int totp_step) -> none
UPDATE member SET totp_step = :totp_step WHERE id = :id;

--: member_email(int id, str email, str email_key) -> none
UPDATE member SET email = :email, email_key = :email_key WHERE id = :id;

--: member_notices(int id, int notices) -> none
UPDATE member SET notices = :notices WHERE id = :id;

--: member_lang(int id, int lang) -> none
UPDATE member SET lang = :lang WHERE id = :id;

--: member_roles(int id, int roles) -> none
UPDATE member SET roles = :roles WHERE id = :id;

-- What a member was called and could be reached by goes; the row stays, because entries name its number.
--: member_erase(int id, str handle, str name, int now_ns) -> none
UPDATE member SET handle = :handle, name = :name, email = NULL, email_key = NULL, password = '', totp = x'', totp_step = 0,
    roles = 0, status = 3, college = '', trade = '', bio = '', place = '', lat = 0, lon = 0, picture = 0, iban = '', bic = '',
    notices = 0, reason = '', source_key = NULL, left_ns = :now_ns
WHERE id = :id;

--: member_offers_withdraw(int member, int status, int now_ns) -> none
UPDATE offer SET status = :status, updated_ns = :now_ns WHERE member = :member AND status IN (1, 2);

--: member_pictures_remove(int member) -> none
DELETE FROM photo WHERE member = :member AND offer = 0;

-- Of the roles that facilitators give (240 is all four): by the index of those who have one.
--: member_with_role_count(int role) -> int
SELECT COUNT(*) FROM member WHERE status = 2 AND roles & 240 <> 0 AND roles & :role <> 0;

-- Orders that are not over: their timer is set, or they wait for a person. 0 is a draft; what is over has ended_ns.
--: member_orders_running(int member) -> int
SELECT COUNT(*) FROM orders WHERE (buyer = :member OR provider = :member) AND ended_ns = 0;

--: row purse(int currency, int number, int nature, int debits_posted, int credits_posted, int debits_pending, int credits_pending)
--: member_purses(int member) -> many purse
SELECT currency, number, nature, debits_posted, credits_posted, debits_pending, credits_pending
FROM account WHERE owner = :member ORDER BY currency, number;

--: member_event_add(int member, int event, int actor, str note, int now_ns) -> none
INSERT INTO member_event (member, event, actor, note, at_ns) VALUES (:member, :event, :actor, :note, :now_ns);

--: row member_line(int id, str handle, str name, str email, u32 roles, int status)
--: member_list(int after, int count) -> many member_line
SELECT id, handle, name, email, roles, status FROM member WHERE id > :after ORDER BY id LIMIT :count;

-- --- everything the co-op holds of one member -------------------------------------------------------------------------

--: row export_offer(int id, int side, int status, str title, str body, str place, int a_currency, int a_minor, int b_currency, int b_minor, int created_ns)
--: export_offers(int member) -> many export_offer
SELECT id, side, status, title, body, place, a_currency, a_minor, b_currency, b_minor, created_ns
FROM offer WHERE member = :member ORDER BY id;

--: row export_order(int id, str reference, int kind, int state, int buyer, int provider, str title, int quantity, int requested_ns, int ended_ns)
--: export_orders(int member) -> many export_order
SELECT id, reference, kind, state, buyer, provider, title, quantity, requested_ns, ended_ns
FROM orders WHERE buyer = :member OR provider = :member ORDER BY id;

--: row export_message(int orders, str body, int at_ns)
--: export_messages(int member) -> many export_message
SELECT orders, body, at_ns FROM order_message WHERE author = :member ORDER BY id;

--: row export_review(int orders, int author, int about, int stars, str body, int written_ns, int published_ns)
--: export_reviews(int member) -> many export_review
SELECT orders, author, about, stars, body, written_ns, published_ns FROM review
WHERE author = :member OR (about = :member AND published_ns > 0) ORDER BY orders, author;

--: row export_event(int event, int actor, str note, int at_ns)
--: export_events(int member) -> many export_event
SELECT event, actor, note, at_ns FROM member_event WHERE member = :member ORDER BY id;

--: row export_photo(int id, int offer, str alt, int created_ns)
--: export_photos(int member) -> many export_photo
SELECT id, offer, alt, created_ns FROM photo WHERE member = :member ORDER BY id;
