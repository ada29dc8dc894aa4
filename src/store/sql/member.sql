-- SPDX-License-Identifier: AGPL-3.0-or-later
-- member: people, their sessions, links and sign-ins. Records: they can be corrected and erased.

-- One row, whatever the number (migrate/*-kept-beside.sql).
--: member_count() -> int
SELECT n FROM member_count WHERE id = 1;

-- The same by looking at everybody: for the audit and for tests.
--: member_count_scan() -> int
SELECT COUNT(*) FROM member WHERE status = 2 AND roles & 4 <> 0;

--: member_count_again() -> none
UPDATE member_count SET n = (SELECT COUNT(*) FROM member WHERE status = 2 AND roles & 4 <> 0) WHERE id = 1;

--: row member(int id, blob16 uid, str handle, str name, str email, str password, blob totp, int totp_step, u32 roles, int status, int lang, str college, str trade, str bio, str place, int lat, int lon, int picture, str iban, str bic, int notices, str reason, int asked_ns, int joined_ns, int left_ns, int jobs_n)
--: member_get(int id) -> one member
SELECT id, uid, handle, name, email, password, totp, totp_step, roles, status, lang, college, trade, bio, place, lat, lon,
    picture, iban, bic, notices, reason, asked_ns, joined_ns, left_ns, jobs_n
FROM member WHERE id = :id;

--: member_by_handle(str handle) -> one member
SELECT id, uid, handle, name, email, password, totp, totp_step, roles, status, lang, college, trade, bio, place, lat, lon,
    picture, iban, bic, notices, reason, asked_ns, joined_ns, left_ns, jobs_n
FROM member WHERE handle = :handle;

--: member_by_email(str email_key) -> one member
SELECT id, uid, handle, name, email, password, totp, totp_step, roles, status, lang, college, trade, bio, place, lat, lon,
    picture, iban, bic, notices, reason, asked_ns, joined_ns, left_ns, jobs_n
FROM member WHERE email_key = :email_key;

--: member_add(blob16 uid, str handle, str name, str email, str email_key, str password, int roles, int status, int lang, str college, str trade, str bio, str place, int lat, int lon, str iban, str bic, int notices, str reason, str source_key, int asked_ns, int joined_ns) -> int
INSERT INTO member (uid, handle, name, email, email_key, password, totp, totp_step, roles, status, lang, college, trade, bio,
    place, lat, lon, picture, iban, bic, notices, reason, source_key, asked_ns, joined_ns, left_ns, jobs_n)
VALUES (:uid, :handle, :name, :email, :email_key, :password, x'', 0, :roles, :status, :lang, :college, :trade, :bio, :place,
    :lat, :lon, 0, :iban, :bic, :notices, :reason, :source_key, :asked_ns, :joined_ns, 0, 0)
RETURNING id;

--: member_jobs_add(int id, int jobs_n) -> none
UPDATE member SET jobs_n = jobs_n + :jobs_n WHERE id = :id;

--: row member_name(str name, str handle)
--: member_name_get(int id) -> one member_name
SELECT name, handle FROM member WHERE id = :id;
