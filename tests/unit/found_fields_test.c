/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every field of the founding wizard with what is wrong, through the real door.
 */
#include "found_scene.h"

/* --- wrong values ----------------------------------------------------------------------------- */

static const struct {
    int step;
    const char *fields, *wrong, *text;
} bad_values[] = {
    {1, "name=&place=Lyon&email=a%40example.org", "name", NULL},
    {1, "name=%20%20&place=Lyon&email=a%40example.org", "name", NULL},
    {1, "name=A&place=&email=a%40example.org", "place", NULL},
    {1, "name=A&place=Xyzzy&email=a%40example.org", "place", NULL},
    {1, "name=A&place=Saint-Denis&email=a%40example.org", "place", "93200"},
    {1, "name=A&place=Lyon&email=", "email", NULL},
    {1, "name=A&place=Lyon&email=nobody", "email", NULL},
    {1, "name=A&place=Lyon&email=a%40example.org&zone=Moon%2FSea", "zone", NULL},
    {1, "name=A&place=Lyon&email=a%40example.org&zone=..%2Fetc", "zone", NULL},
    {2, "legal_form=", "legal_form", NULL},
    {2, "legal_form=kolkhoz", "legal_form", NULL},
    {3, "currency=euro", "currency", NULL},
    {3, "currency=", "currency", NULL},
    {3, "currency=EUR&hours=1&hour_limit=many", "hour_limit", NULL},
    {3, "currency=EUR&hours=1&hour_limit=5000", "hour_limit", NULL},
    {3, "currency=EUR&hours=1&hour_limit=-1", "hour_limit", NULL},
    {3, "currency=EUR&credits=1&credit_code=fil&credit_name=F", "credit_code", NULL},
    {3, "currency=EUR&credits=1&credit_code=EUR&credit_name=F", "credit_code", NULL},
    {3, "currency=EUR&credits=1&credit_code=HOUR&credit_name=F", "credit_code", NULL},
    {3, "currency=EUR&credits=1&credit_code=FIL&credit_name=", "credit_name", NULL},
    {3, "currency=EUR&credits=1&credit_code=FIL&credit_name=F&credit_limit=-2", "credit_limit",
     NULL},
    {4, "quorum=101", "quorum", NULL},
    {4, "quorum=-1", "quorum", NULL},
    {4, "quorum=half", "quorum", NULL},
    {4, "quorum=25&college_0=A&weight_0=60&college_1=B&weight_1=20&college_2=C&weight_2=20",
     "weight_0", "art. 19 octies"},
    {4, "quorum=25&college_0=A&weight_0=50&college_1=B&weight_1=45&college_2=C&weight_2=5",
     "weight_2", "art. 19 octies"},
    {4, "quorum=25&college_0=A&weight_0=50&college_1=B&weight_1=50&college_2=&weight_2=",
     "college_0", "art. 19 octies"},
    {4, "quorum=25&college_0=A&weight_0=40&college_1=B&weight_1=30&college_2=C&weight_2=20",
     "weight_0", "90%"},
    {4, "quorum=25&college_0=A&weight_0=50&college_1=A&weight_1=30&college_2=C&weight_2=20",
     "college_1", NULL},
    {4, "quorum=25&college_0=A&weight_0=x&college_1=B&weight_1=50&college_2=C&weight_2=50",
     "weight_0", NULL},
    {5, "share=twenty&share_least=1", "share", NULL},
    {5, "share=20&share_least=-1", "share_least", NULL},
    {5, "share=20&share_least=", "share_least", NULL},
    {6, "fee_running=x&fee_reserve=2&fee_solidarity=1", "fee_running", NULL},
    {6, "fee_running=-1&fee_reserve=2&fee_solidarity=1", "fee", NULL},
    {6, "fee_running=30&fee_reserve=20&fee_solidarity=1", "fee", NULL},
    {6, "fee_running=5.123&fee_reserve=2&fee_solidarity=1", "fee_running", NULL},
    {7, "iban=FR7630006000011234567890188&bic=", "iban", NULL},
    {7, "iban=FR7630006000011234567890189&bic=AGRI", "bic", NULL},
    {8, "founder_0_name=&founder_0_email=", "founder_0_name", NULL},
    {8, "founder_0_name=A&founder_0_email=a%40example.org", "founder_0_password", NULL},
    {8, "founder_0_name=A&founder_0_email=a%40example.org&founder_0_password=short",
     "founder_0_password", NULL},
    {8, "founder_0_name=A&founder_0_email=a%40example.org&founder_0_password=correct+horse",
     "founder_0_name", "fewer founders"},
    {8,
     "founder_0_name=A&founder_0_email=a%40example.org&founder_1_name=B"
     "&founder_1_email=A%40Example.org&founder_2_name=C&founder_2_email=c%40example.org",
     "founder_1_email", NULL},
    {8,
     "founder_0_name=A&founder_0_email=a%40example.org&founder_1_name=B&founder_1_email=b"
     "&founder_2_name=C&founder_2_email=c%40example.org",
     "founder_1_email", NULL},
    {8,
     "founder_0_name=A&founder_0_email=a%40example.org&founder_0_college=Nowhere&founder_1_name=B"
     "&founder_1_email=b%40example.org&founder_2_name=C&founder_2_email=c%40example.org",
     "founder_0_college", NULL},
    {9, "", "keys", NULL},
};

static void what_is_wrong_is_named(void **state)
{
    struct scene *scene = *state;

    begin(scene);
    for (int step = 1; step <= 7; step++)
        (void)give(scene, step, good[step]);
    for (size_t i = 0; i < sizeof bad_values / sizeof bad_values[0]; i++) {
        char fields[512], link[64];

        if (i > 0 && bad_values[i].step != bad_values[i - 1].step && bad_values[i].step != 9)
            (void)give(scene, bad_values[i - 1].step, good[bad_values[i - 1].step]);
        (void)snprintf(fields, sizeof fields, "%s&go=next", bad_values[i].fields);
        (void)snprintf(link, sizeof link, "href=\"#f-%s\"", bad_values[i].wrong);
        const struct reply *reply = give(scene, bad_values[i].step, fields);

        if (reply->status != 422 || !says(reply, link) ||
            (bad_values[i].text != NULL && !says(reply, bad_values[i].text)))
            fail_msg("row %zu (%s): status %d", i, bad_values[i].fields, reply->status);
        assert_true(says(reply, "<title>Error: "));
    }
}

static void colleges_are_not_for_every_form(void **state)
{
    static const struct {
        const char *form;
        bool may;
    } forms[] = {{"scop", false}, {"coop47", false}, {"association", true}, {"other", true}};
    struct scene *scene = *state;

    begin(scene);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char fields[64];

        (void)snprintf(fields, sizeof fields, "legal_form=%s&go=next", forms[i].form);
        assert_goes_to(give(scene, 2, fields), "/en/found/step/3");
        const struct reply *reply =
            give(scene, 4, "quorum=0&college_0=A&weight_0=60&college_1=B&weight_1=40&go=next");

        assert_int_equal(reply->status, forms[i].may ? 303 : 422);
        if (!forms[i].may)
            assert_true(says(reply, "47-1775, art. 1)"));
    }
}

static void fewest_founders_follow_the_form(void **state)
{
    (void)state;
    assert_int_equal(found_fewest(S("scic")), 3);
    assert_int_equal(found_fewest(S("coop47")), 3);
    assert_int_equal(found_fewest(S("scop")), 2);
    assert_int_equal(found_fewest(S("association")), 2);
    assert_int_equal(found_fewest(S("other")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_EMPTY(what_is_wrong_is_named),
        IN_EMPTY(colleges_are_not_for_every_form),
        cmocka_unit_test(fewest_founders_follow_the_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
