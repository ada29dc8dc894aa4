/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the register says about itself: keys, program, policy, peers, months.
 */
#include "register_scene.h"

#include "base/time.h"
#include "deeds/clock.h"
#include "deeds/register_house.h"
#include "wire/note.h"

static const char log_key[] =
    "coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
static const char witness_key[] =
    "coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";

static int64_t size_of(struct scene *scene)
{
    struct tree_frontier head;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_head(&ctx, &head), YES);
    test_done(&ctx);
    return (int64_t)head.size;
}

static struct register_row last_row(struct scene *scene)
{
    struct register_row *rows;
    struct ctx ctx;
    size_t n;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_last(&ctx, INT64_MAX, 1, &rows, &n), YES);
    assert_int_equal(n, 1);
    test_done(&ctx);
    return rows[0];
}

static void assert_text(str body, const char *name, const char *wanted)
{
    str text = STR_NONE;

    assert_true(jcs_plain(jcs_get(jcs_root(body), str_of(name)), &text));
    assert_str(text, wanted);
}

/* --- keys and program --------------------------------------------------------------------------
 */

static no key(struct scene *scene, const char *logs, const char *witness)
{
    const struct register_keys keys = {str_of(logs), str_of(witness)};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    const no answer = deed_register_key(&ctx, &keys);

    test_done(&ctx);
    return answer;
}

static void keys_are_written_when_they_change(void **state)
{
    struct scene *scene = *state;
    const int64_t before = size_of(scene);
    struct register_keys keys;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_keys(&ctx, &keys), NO_NOT_FOUND);
    test_done(&ctx);
    assert_int_equal(key(scene, "a+1\n", "w"), YES);
    assert_int_equal(key(scene, "a+1\n", "w"), YES);
    assert_int_equal(size_of(scene), before + 1);
    assert_int_equal(key(scene, "b+2\na+1\n", "w"), YES);
    assert_int_equal(size_of(scene), before + 2);
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_keys(&ctx, &keys), YES);
    assert_str(keys.logs, "b+2\na+1\n");
    assert_str(keys.witness, "w");
    test_done(&ctx);
}

static void a_program_is_named_when_it_is_another(void **state)
{
    struct scene *scene = *state;
    const int64_t before = size_of(scene);
    uint8_t sha256[HASH_SIZE] = {1};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_register_release(&ctx, S("0.1"), sha256), YES);
    assert_int_equal(deed_register_release(&ctx, S("0.1"), sha256), YES);
    assert_int_equal(size_of(scene), before + 1);
    assert_int_equal(deed_register_release(&ctx, S("0.2"), sha256), YES);
    sha256[31] = 1;
    assert_int_equal(deed_register_release(&ctx, S("0.2"), sha256), YES);
    assert_int_equal(size_of(scene), before + 3);
    test_done(&ctx);
    assert_text(last_row(scene).body, "version", "0.2");
    assert_text(last_row(scene).body, "program",
                "0100000000000000000000000000000000000000000000000000000000000001");
}

/* --- policy ------------------------------------------------------------------------------------
 */

static no set(struct scene *scene, struct register_policy_form *form, bool console)
{
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = console;
    const no answer = deed_register_policy(&ctx, form);

    test_done(&ctx);
    return answer;
}

static void policies_that_are_refused(void **state)
{
    static const struct {
        const char *text;
        no why;
        unsigned line;
    } rows[] = {
        {"", NO_POLICY_MALFORMED, 0},
        {"quorum nobody\n", NO_POLICY_MALFORMED, 1},
        {"# fine\n\ngroup x any y\nquorum none\n", NO_POLICY_MALFORMED, 3},
        {"witness x nonsense\nquorum none\n", NO_KEY_MALFORMED, 1},
        {"quorum none", NO_POLICY_MALFORMED, 1},
    };
    struct scene *scene = *state;
    const int64_t before = size_of(scene);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct register_policy_form form = {.text = str_of(rows[i].text)};

        assert_int_equal(set(scene, &form, true), rows[i].why);
        assert_int_equal(form.line, rows[i].line);
    }
    struct register_policy_form good = {.text = S("quorum none\n# x\n")};

    assert_int_equal(set(scene, &good, false), NO_NOT_ALLOWED);
    assert_int_equal(size_of(scene), before);
}

static void a_policy_is_in_force_and_in_the_register(void **state)
{
    struct scene *scene = *state;
    const int64_t before = size_of(scene);
    struct register_policy_form form = {.text = S("quorum none\n")};
    struct ctx ctx;
    struct buf text;
    str now;

    /* What holds without any needs no entry. */
    assert_int_equal(set(scene, &form, true), YES);
    assert_int_equal(size_of(scene), before);
    buf_init(&text, &scene->test.arena, 512);
    buf_printf(&text, "witness east %s https://east.example/w\nquorum east\n", witness_key);
    form.text = buf_str(&text);
    assert_int_equal(set(scene, &form, true), YES);
    assert_int_equal(set(scene, &form, true), YES);
    assert_int_equal(size_of(scene), before + 1);
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_policy(&ctx, &now), YES);
    assert_true(str_eq(now, form.text));
    test_done(&ctx);
    str written;

    assert_int_equal(last_row(scene).kind, REGISTER_WITNESS);
    assert_true(jcs_text(jcs_get(jcs_root(last_row(scene).body), S("policy")), &scene->test.arena,
                         &written));
    assert_true(str_eq(written, form.text));
}

/* --- peers -------------------------------------------------------------------------------------
 */

static no add(struct scene *scene, const char *vkey, const char *url, bool console)
{
    struct register_peer_form form = {.vkey = str_of(vkey), .url = str_of(url)};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = console;
    const no answer = deed_register_peer_add(&ctx, &form);

    test_done(&ctx);
    return answer;
}

static void peers_that_are_refused(void **state)
{
    static const struct {
        const char *vkey, *url;
        bool console;
        no why;
    } rows[] = {
        {log_key, "", false, NO_NOT_ALLOWED},
        {"nonsense", "", true, NO_KEY_MALFORMED},
        {witness_key, "", true, NO_KEY_KIND_UNKNOWN},
        {log_key, "ftp://x", true, NO_FIELD_WRONG},
        {log_key, "http://x/a b", true, NO_FIELD_WRONG},
        {log_key, "http://x/?q", true, NO_FIELD_WRONG},
        {log_key, "https://x/log", true, YES},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(add(scene, rows[i].vkey, rows[i].url, rows[i].console), rows[i].why);
    struct buf own;

    buf_init(&own, &scene->test.arena, 256);
    buf_put(&own, str_of(log_key));
    buf_put_char(&own, '\n');
    assert_int_equal(key(scene, arena_cstr(&scene->test.arena, buf_str(&own)), "w"), YES);
    assert_int_equal(add(scene, log_key, "", true), NO_CONFLICT);
}

static str trusted(struct scene *scene)
{
    struct ctx ctx;
    str vkeys;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_trusted(&ctx, &vkeys), YES);
    test_done(&ctx);
    return vkeys;
}

static void who_is_dropped_is_trusted_no_more(void **state)
{
    struct scene *scene = *state;
    struct ctx ctx;

    assert_str(trusted(scene), "");
    assert_int_equal(add(scene, log_key, "", true), YES);
    assert_int_equal(add(scene, log_key, "", true), YES);
    assert_int_equal(trusted(scene).len, sizeof log_key);
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_register_peer_drop(&ctx, S("coop.example/log")), NO_NOT_ALLOWED);
    ctx.actor.console = true;
    assert_int_equal(deed_register_peer_drop(&ctx, S("nobody.example/log")), NO_NOT_FOUND);
    assert_int_equal(deed_register_peer_drop(&ctx, S("coop.example/log")), YES);
    test_done(&ctx);
    assert_str(trusted(scene), "");
    /* Added again with another key: the old one stays untrusted. */
    const uint8_t other[SIGN_KEY_SIZE] = {1};
    struct note_key key;
    struct buf vkey;

    assert_int_equal(note_key_make(S("coop.example/log"), NOTE_ED25519, other, &key), YES);
    buf_init(&vkey, &scene->test.arena, 256);
    note_key_put(&vkey, &key);
    assert_int_equal(add(scene, arena_cstr(&scene->test.arena, buf_str(&vkey)), "", true), YES);
    assert_int_equal(trusted(scene).len, buf_str(&vkey).len + 1);
}

/* --- months ------------------------------------------------------------------------------------
 */

static void tick(struct scene *scene)
{
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.clock = true;
    assert_int_equal(deed_register_close(&ctx), YES);
    test_done(&ctx);
}

static void a_month_that_ended_is_closed_once(void **state)
{
    struct scene *scene = *state;
    int64_t debits = -1, credits = -2, number = -1;
    str name;
    struct jcs one;

    tick(scene);
    const int64_t before = size_of(scene);

    (void)send_hours(scene, scene->test.amina, scene->test.bruno, 30);
    tick(scene);
    assert_int_equal(size_of(scene), before + 1);
    world_shift_clock(scene->test.real, 31 * S_PER_DAY * NS_PER_S);
    tick(scene);
    tick(scene);
    assert_int_equal(size_of(scene), before + 2);
    const struct register_row row = last_row(scene);
    const struct jcs root = jcs_root(row.body);

    assert_int_equal(row.kind, REGISTER_CLOSE);
    assert_true(jcs_int(jcs_get(root, S("sum")), &number));
    assert_int_equal(number, 0);
    assert_true(jcs_int(jcs_get(root, S("txn")), &number));
    assert_int_equal(number, 1);
    struct jcs_walk walk = {.of = jcs_get(root, S("classes"))};

    /* The hours, and nothing else has moved. */
    while (jcs_next(&walk, &name, &one)) {
        assert_true(jcs_int(jcs_get(one, S("debits")), &debits));
        assert_true(jcs_int(jcs_get(one, S("credits")), &credits));
        assert_int_equal(debits, credits);
    }
    assert_int_equal(debits, 30);
    /* Three months without a server: one entry, for the last. */
    world_shift_clock(scene->test.real, 95 * S_PER_DAY * NS_PER_S);
    tick(scene);
    assert_int_equal(size_of(scene), before + 3);
    world_shift_clock(scene->test.real, 31 * S_PER_DAY * NS_PER_S);
    tick(scene);
    assert_int_equal(size_of(scene), before + 4);
    assert_int_equal(audit(scene).n, 0);
}

int main(void)
{
#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        HERE(keys_are_written_when_they_change),
        HERE(a_program_is_named_when_it_is_another),
        HERE(policies_that_are_refused),
        HERE(a_policy_is_in_force_and_in_the_register),
        HERE(peers_that_are_refused),
        HERE(who_is_dropped_is_trusted_no_more),
        HERE(a_month_that_ended_is_closed_once),
    };

    return cmocka_run_group_tests_name("register_house", tests, NULL, NULL);
}
