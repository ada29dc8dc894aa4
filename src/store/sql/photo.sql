-- SPDX-License-Identifier: AGPL-3.0-or-later
-- photo: pictures of offers and members, both sizes in the row, so that a copy of the database is a copy of everything.

--: photo_add(int member, int offer, int position, str alt, int width, int height, blob32 sha, blob card, blob page, int now_ns) -> int
INSERT INTO photo (member, offer, position, alt, width, height, sha, card, page, created_ns)
VALUES (:member, :offer, :position, :alt, :width, :height, :sha, :card, :page, :now_ns)
RETURNING id;

--: row photo(int id, int member, int offer, int position, str alt, int width, int height)
--: photo_get(int id) -> one photo
SELECT id, member, offer, position, alt, width, height FROM photo WHERE id = :id;

--: photo_of_offer(int offer) -> many photo
SELECT id, member, offer, position, alt, width, height FROM photo WHERE offer = :offer ORDER BY position, id;

--: row photo_bytes(blob bytes, blob sha)
--: photo_card(int id) -> one photo_bytes
SELECT card, sha FROM photo WHERE id = :id;

--: photo_page(int id) -> one photo_bytes
SELECT page, sha FROM photo WHERE id = :id;

--: photo_remove(int id) -> none
DELETE FROM photo WHERE id = :id;

--: photo_place(int id, int position, str alt) -> none
UPDATE photo SET position = :position, alt = :alt WHERE id = :id;

--: photo_of_member_remove(int member) -> none
DELETE FROM photo WHERE member = :member AND offer = 0;

-- The first photo is the one that lists show.
--: photo_offer_first(int offer) -> none
UPDATE offer SET photo = COALESCE((SELECT id FROM photo WHERE photo.offer = :offer ORDER BY position, id LIMIT 1), 0)
WHERE id = :offer;

--: photo_member_picture(int member, int photo) -> none
UPDATE member SET picture = :photo WHERE id = :member;
