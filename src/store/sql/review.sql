-- SPDX-License-Identifier: AGPL-3.0-or-later
-- review: what buyer and provider wrote of each other, sealed until both have or until due_ns.

-- Of one order, both sides, sealed ones too: for the deed, never for a page as it is.
--: row review(int author, int about, int offer, int stars, str body, int written_ns, int published_ns, int due_ns)
--: review_of_order(int orders) -> many review
SELECT author, about, offer, stars, body, written_ns, published_ns, due_ns FROM review
WHERE orders = :orders ORDER BY written_ns, author;

--: review_put(int orders, int author, int about, int offer, int stars, str body, int written_ns, int due_ns) -> none
INSERT INTO review (orders, author, about, offer, stars, body, written_ns, published_ns, due_ns)
VALUES (:orders, :author, :about, :offer, :stars, :body, :written_ns, 0, :due_ns);

-- Opens one envelope; nothing changes when it is open already.
--: review_publish(int orders, int author, int now_ns) -> changed
UPDATE review SET published_ns = :now_ns WHERE orders = :orders AND author = :author AND published_ns = 0;

--: row review_due(int orders, int author, int offer, int stars)
--: review_due_list(int now_ns, int count) -> many review_due
SELECT orders, author, offer, stars FROM review WHERE published_ns = 0 AND due_ns <= :now_ns ORDER BY due_ns LIMIT :count;

--: review_due_n(int now_ns) -> int
SELECT COUNT(*) FROM review WHERE published_ns = 0 AND due_ns <= :now_ns;

-- --- for pages: published ones only -----------------------------------------------------------------------------------

--: row review_line(int orders, int author, str author_name, str author_handle, int offer, str offer_title, int stars, str body, int published_ns)
--: review_of_offer(int offer, int count, int skip) -> many review_line
SELECT review.orders, review.author, member.name, member.handle, review.offer, offer.title, review.stars, review.body,
    review.published_ns
FROM review JOIN member ON member.id = review.author LEFT JOIN offer ON offer.id = review.offer
WHERE review.offer = :offer AND review.published_ns > 0
ORDER BY review.published_ns DESC, review.orders DESC LIMIT :count OFFSET :skip;

--: review_of_member(int about, int count, int skip) -> many review_line
SELECT review.orders, review.author, member.name, member.handle, review.offer, offer.title, review.stars, review.body,
    review.published_ns
FROM review JOIN member ON member.id = review.author LEFT JOIN offer ON offer.id = review.offer
WHERE review.about = :about AND review.published_ns > 0
ORDER BY review.published_ns DESC, review.orders DESC LIMIT :count OFFSET :skip;

--: row review_sum(int n, int stars)
--: review_sum_of_offer(int offer) -> one review_sum
SELECT COUNT(*), COALESCE(SUM(stars), 0) FROM review WHERE offer = :offer AND published_ns > 0;

--: review_sum_of_member(int about) -> one review_sum
SELECT COUNT(*), COALESCE(SUM(stars), 0) FROM review WHERE about = :about AND published_ns > 0;
