/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a hostile reading of the doors found: each test failed before its repair.
 */
#include "order_deeds.h"

#include "deeds/account.h"
#include "deeds/link.h"
#include "deeds/sign_in.h"
#include "store/sql_account.h"
#include "store/sql_letter.h"
#include "store/sql_session.h"

/* The newest letter's secret. */
static str newest_secret(struct ctx *ctx)
{
    struct sql_letter *letters;
    size_t n;

    assert_int_equal(sql_letter_due(ctx->db, ctx->arena, INT64_MAX, 100, &letters, &n), YES);
    assert_true(n > 0);
    return letters[n - 1].secret;
}

static struct order_guest_form guest_form(struct test_world *test, str email, int64_t offer)
{
    struct order_guest_form form = {
        .name = S("Somebody"),
        .email = email,
        .ask = {.lines = {{offer, 0, 1}}, .lines_n = 1, .seen_a = -1, .seen_b = -1}};

    test->world->chance(test->world->self, form.ask.uid.bytes, sizeof form.ask.uid.bytes);
    return form;
}

static no take(struct test_world *test, str token)
{
    struct sign_in_link form = {.token = token};
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    const no answer = deed_sign_in_link(&ctx, &form);

    test_done(&ctx);
    return answer;
}

/* A stranger who types a member's address makes no key to that account that lasts two months. */
static void a_members_letter_signs_in_once(void **state)
{
    struct test_world test;
    struct ctx ctx;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    const int64_t offer = put_offer(&test, test.bruno, EURO, 1000, 3, ORDER_SALE);
    struct order_guest_form form = guest_form(&test, S("amina@example.org"), offer);

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(deed_order_guest(&ctx, &form), YES);
    const str token = newest_secret(&ctx);

    test_done(&ctx);
    assert_int_equal(take(&test, token), YES);
    assert_int_equal(take(&test, token), NO_LINK_USED_OR_OLD);
    test_world_close(&test);
}

static no make_member(struct ctx *ctx, void *member)
{
    return sql_member_roles(ctx->db, *(const int64_t *)member, ROLE_GUEST | ROLE_MEMBER);
}

/* A guest comes back by the letter; who has become a member signs in as members do. */
static void a_guests_letter_ends_with_the_guest(void **state)
{
    struct test_world test;
    struct ctx ctx;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    const int64_t offer = put_offer(&test, test.bruno, EURO, 1000, 3, ORDER_SALE);
    struct order_guest_form form = guest_form(&test, S("ines@example.org"), offer);

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(deed_order_guest(&ctx, &form), YES);
    const str token = newest_secret(&ctx);

    assert_int_equal(take(&test, token), YES);
    assert_int_equal(take(&test, token), YES);
    int64_t guest = look(&test, form.ask.order).row.buyer;

    assert_int_equal(deed_run(&ctx, make_member, &guest), YES);
    assert_int_equal(take(&test, token), NO_LINK_USED_OR_OLD);
    test_done(&ctx);
    test_world_close(&test);
}

/* The answer is the same whether the address is a member's or nobody's. */
static void an_address_is_not_told(void **state)
{
    struct test_world test;
    struct ctx ctx;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    const int64_t offer = put_offer(&test, test.bruno, HOURS, 60, 3, ORDER_SERVICE);
    struct order_guest_form known = guest_form(&test, S("amina@example.org"), offer);
    struct order_guest_form unknown = guest_form(&test, S("ines@example.org"), offer);

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(deed_order_guest(&ctx, &known), deed_order_guest(&ctx, &unknown));
    test_done(&ctx);
    test_world_close(&test);
}

static no two_links(struct ctx *ctx, void *tokens_)
{
    char(*tokens)[LINK_TOKEN_LEN] = tokens_;
    const int64_t me = ctx->actor.member;

    TRY(link_make(ctx, &(struct link){.kind = LINK_SIGN_IN, .member = me}, 3600, tokens[0]));
    return link_make(
        ctx,
        &(struct link){.kind = LINK_NEW_EMAIL, .member = me, .email = S("new@example.org")}, 3600,
        tokens[1]);
}

/* What waits in the old mailbox opens nothing once the address is another. */
static void the_old_mailbox_opens_nothing(void **state)
{
    char tokens[2][LINK_TOKEN_LEN];
    struct test_world test;
    struct ctx ctx;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    test_as(&test, &ctx, test.daniel, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, two_links, tokens), YES);
    assert_int_equal(deed_account_email_confirm(&ctx, (str){tokens[1], LINK_TOKEN_LEN}), YES);
    test_done(&ctx);
    assert_int_equal(take(&test, (str){tokens[0], LINK_TOKEN_LEN}), NO_LINK_USED_OR_OLD);
    test_world_close(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_members_letter_signs_in_once),
        cmocka_unit_test(a_guests_letter_ends_with_the_guest),
        cmocka_unit_test(an_address_is_not_told),
        cmocka_unit_test(the_old_mailbox_opens_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
