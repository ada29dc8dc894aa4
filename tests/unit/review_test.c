/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "rules/review.h"

#include <string.h>

enum { NADIA = 11, OMAR = 12, EVE = 13 };
#define END (1000 * ORDER_DAY)

/* Omar bought of Nadia. */
static struct review_facts ended(void)
{
    return (struct review_facts){.state = ORDER_COMPLETED,
                                 .was_accepted = true,
                                 .ended_ns = END,
                                 .buyer = OMAR,
                                 .provider = NADIA};
}

static struct review_act by(int64_t member, int64_t now_ns)
{
    return (struct review_act){
        .member = member, .stars = 4, .text = S("Très soigneuse."), .now_ns = now_ns};
}

static void both_sides_of_the_envelope(void **state)
{
    struct review_facts facts = ended();
    struct review_act act = by(OMAR, END + 1);
    struct review_plan plan;

    (void)state;
    assert_int_equal(review_plan(&plan, &facts, &act), YES);
    assert_int_equal(plan.side, REVIEW_BY_BUYER);
    assert_int_equal(plan.about, NADIA);
    assert_false(plan.publish_now);
    assert_int_equal(plan.publish_ns, END + 14 * ORDER_DAY);
    facts.written_ns[REVIEW_BY_BUYER] = END + 1;

    assert_false(review_is_open(&facts, REVIEW_BY_BUYER, END + 13 * ORDER_DAY));
    assert_true(review_is_open(&facts, REVIEW_BY_BUYER, END + 14 * ORDER_DAY));
    assert_false(review_is_open(&facts, REVIEW_BY_PROVIDER, END + 14 * ORDER_DAY));
    assert_false(review_is_possible(&facts, OMAR, END + 2));
    assert_true(review_is_possible(&facts, NADIA, END + 2));

    act = by(NADIA, END + 2 * ORDER_DAY);
    assert_int_equal(review_plan(&plan, &facts, &act), YES);
    assert_int_equal(plan.side, REVIEW_BY_PROVIDER);
    assert_int_equal(plan.about, OMAR);
    assert_true(plan.publish_now);
    facts.written_ns[REVIEW_BY_PROVIDER] = END + 2;
    assert_true(review_is_open(&facts, REVIEW_BY_BUYER, END + 3));
    assert_true(review_is_open(&facts, REVIEW_BY_PROVIDER, END + 3));
}

static void when_an_order_may_be_reviewed(void **state)
{
    (void)state;
    for (int s = ORDER_NEW; s < ORDER_STATES; s++)
        for (int accepted = 0; accepted < 2; accepted++) {
            struct review_facts facts = ended();
            const bool open = s == ORDER_COMPLETED || (s == ORDER_CANCELLED && accepted == 1);

            facts.state = (enum order_state)s;
            facts.was_accepted = accepted == 1;
            assert_int_equal(review_is_possible(&facts, OMAR, END), open);
        }
}

static no try_review(struct review_facts facts, struct review_act act)
{
    struct review_plan plan = {.about = -7};
    const no answer = review_plan(&plan, &facts, &act);

    assert_int_equal(plan.about == -7, answer != YES);
    return answer;
}

static void what_is_refused(void **state)
{
    static char text[3 * REVIEW_TEXT_MAX];
    struct review_facts facts = ended();
    struct review_act act = by(OMAR, END);

    (void)state;
    facts.state = ORDER_DELIVERED;
    assert_int_equal(try_review(facts, by(EVE, END)), NO_ORDER_NOT_IN_STATE);
    facts = ended();
    assert_int_equal(try_review(facts, by(EVE, END)), NO_ORDER_NOT_YOURS);
    assert_int_equal(try_review(facts, by(0, END)), NO_ORDER_NOT_YOURS);
    facts.written_ns[REVIEW_BY_BUYER] = 1;
    assert_int_equal(try_review(facts, by(OMAR, END + 20 * ORDER_DAY)), NO_ALREADY_REVIEWED);
    facts = ended();
    assert_int_equal(try_review(facts, by(OMAR, END + 14 * ORDER_DAY)), NO_TOO_LATE);
    assert_int_equal(try_review(facts, by(OMAR, END + 14 * ORDER_DAY - 1)), YES);
    for (int32_t stars = -1; stars < 8; stars++) {
        act.stars = stars;
        assert_int_equal(try_review(facts, act),
                         stars >= 1 && stars <= 5 ? YES : NO_FIELD_OUT_OF_RANGE);
    }
    act = by(OMAR, END);
    act.text = S("\xff");
    assert_int_equal(try_review(facts, act), NO_FIELD_NOT_UTF8);
    act.text = S("a\x01");
    assert_int_equal(try_review(facts, act), NO_FIELD_CONTROL_CHARS);
    for (size_t i = 0; i < REVIEW_TEXT_MAX; i++)
        memcpy(text + 2 * i, "é", 2);
    act.text = (str){text, 2 * REVIEW_TEXT_MAX};
    assert_int_equal(try_review(facts, act), YES);
    text[2 * REVIEW_TEXT_MAX] = 'x';
    act.text.len++;
    assert_int_equal(try_review(facts, act), NO_FIELD_TOO_LONG);
    act.text = STR_NONE;
    assert_int_equal(try_review(facts, act), YES);
}

static void the_mean(void **state)
{
    (void)state;
    assert_int_equal(review_mean_centi(0, 0), 0);
    assert_int_equal(review_mean_centi(5, 1), 500);
    assert_int_equal(review_mean_centi(13, 3), 433);
    assert_int_equal(review_mean_centi(14, 3), 467);
    assert_int_equal(review_mean_centi(1801, 400), 450);
    assert_int_equal(review_mean_centi(1802, 400), 451); /* 4.505: half up */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_of_the_envelope),
        cmocka_unit_test(when_an_order_may_be_reviewed),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(the_mean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
