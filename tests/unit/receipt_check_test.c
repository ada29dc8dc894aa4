/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A receipt and its proof: written by the pages, checked step by step by the server's form and by
 * the same code as a function; whatever is changed in them, the right step notices.
 */
#include "doors/log/receipt.h"
#include "register_page_scene.h"

struct files {
    str receipt, proof, policy;
};

static str copy_of(struct scene *scene, const char *path)
{
    const struct reply *reply = get(scene, path);

    assert_int_equal(reply->status, 200);
    return arena_str(&scene->test.arena, reply->body);
}

static str file_of(struct scene *scene, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *room = arena_take(&scene->test.arena, 64 << 10);

    assert_non_null(file);
    const size_t n = fread(room, 1, 64 << 10, file);

    (void)fclose(file);
    return (str){room, n};
}

/* Of 30 minutes that Amina sent, published with so many witnesses. */
static struct files files_of(struct proof_scene *proof, int witnesses)
{
    struct scene *scene = &proof->scene;
    char path[160];
    int64_t index;

    assert_int_equal(send_minutes(scene, "0:30", &index), YES);
    assert_int_equal(send_minutes(scene, "0:10", &(int64_t){0}), YES);
    publish(proof, recorded(scene), witnesses);
    sign_in_as(scene, "amina");
    (void)snprintf(path, sizeof path, "%s/policy", proof->log);
    return (struct files){copy_of(scene, path_of("/proof/#/receipt.json", index)),
                          copy_of(scene, path_of("/proof/#/proof", index)), file_of(scene, path)};
}

static no check_files(struct scene *scene, const struct files *files,
                      struct log_receipt_check *check)
{
    struct log_receipt *receipt = malloc(sizeof *receipt);
    no answer = log_receipt_parse(&scene->test.arena, files->receipt, receipt);

    if (answer == YES)
        answer = log_receipt_check(&scene->test.arena, receipt, files->proof, files->policy, check);
    free(receipt);
    return answer;
}

/* `text` with the first `from` replaced. */
static str with(struct scene *scene, str text, const char *from, const char *to)
{
    const size_t at = str_find(text, str_of(from));
    struct buf out;

    assert_true(at < text.len);
    buf_init(&out, &scene->test.arena, text.len + 64);
    buf_put(&out, str_sub(text, 0, at));
    buf_put(&out, str_of(to));
    buf_put(&out, str_sub(text, at + strlen(from), text.len));
    return buf_str(&out);
}

static void check_steps(const struct log_receipt_check *check, const char *wanted)
{
    static const char letters[] = "?+-";
    char got[LOG_STEPS + 1] = {0};

    for (size_t i = 0; i < LOG_STEPS; i++)
        got[i] = letters[check->steps[i]];
    assert_string_equal(got, wanted);
}

/* --- the steps ---------------------------------------------------------------------------------
 */

static void all_steps_hold(void **state)
{
    const struct files files = files_of(*state, 3);
    struct scene *scene = *state;
    struct log_receipt_check check;

    assert_int_equal(check_files(scene, &files, &check), YES);
    check_steps(&check, "++++");
    assert_int_equal(check.size, recorded(scene));
    assert_int_equal(check.index, recorded(scene) - 2);
    assert_int_equal(check.witnesses_n, 3);
    assert_int_equal(check.of_n, 3);
    assert_int_equal(check.newest_s, LOGMAKER_TIME_S);
    assert_false(check.nobody);
}

static void too_few_witnesses(void **state)
{
    struct scene *scene = *state;
    struct files files = files_of(*state, 1);
    struct log_receipt_check check;

    assert_int_equal(check_files(scene, &files, &check), YES);
    check_steps(&check, "+++-");
    files.policy = with(scene, files.policy, "quorum two", "quorum none");
    assert_int_equal(check_files(scene, &files, &check), YES);
    check_steps(&check, "++++");
    assert_true(check.nobody);
}

static void without_a_proof_little_is_known(void **state)
{
    struct scene *scene = *state;
    struct files files = files_of(*state, 3);
    struct log_receipt_check check;

    files.proof = S("");
    assert_int_equal(check_files(scene, &files, &check), YES);
    check_steps(&check, "+\?\?\?");
    files = files_of(*state, 3);
    files.policy = S("");
    assert_int_equal(check_files(scene, &files, &check), YES);
    check_steps(&check, "++\?\?");
}

enum { RECEIPT, PROOF, POLICY };

/* What is changed, and which step notices; or that the file is none. */
static void every_change_is_noticed(void **state)
{
    static const struct {
        int file;
        const char *from, *to, *steps;
        no why;
    } rows[] = {
        {RECEIPT, "\"payload\":\"{", "\"payload\":\" {", "-+++", YES},
        {RECEIPT, "\"slot\":0", "\"slot\":1", "-+++", YES},
        {RECEIPT, "\"slot\":0", "\"slot\":7", "-+++", YES},
        {RECEIPT, "\"slot\":0", "\"slot\":-1", NULL, NO_RECEIPT_MALFORMED},
        {RECEIPT, "\"opening\":\"", "\"opening\":\"0", NULL, NO_RECEIPT_MALFORMED},
        {RECEIPT, "\\\"v\\\":1}", "\\\"v\\\":2}", "+-++", YES},
        {RECEIPT, "\\\"cs\\\":[", "\\\"ct\\\":[", "--++", YES},
        {RECEIPT, "\"entry\":\"{", "\"entry\":\" {", "--++", YES},
        {RECEIPT, "\"opens\":[", "\"opens\":[],\"o\":[", NULL, NO_RECEIPT_MALFORMED},
        {RECEIPT, "\"v\":1}", "\"v\":2}", NULL, NO_RECEIPT_MALFORMED},
        {RECEIPT, "{\"entry\"", "{\"entri\"", NULL, NO_RECEIPT_MALFORMED},
        {RECEIPT, "{\"entry\"", "[\"entry\"", NULL, NO_RECEIPT_MALFORMED},
        {RECEIPT, "\"index\":", "\"index\":9", "++++", YES}, /* of no concern */
        {PROOF, "index ", "index 1", "+-++", YES},
        {PROOF, "c2sp.org", "c3sp.org", NULL, NO_PROOF_MALFORMED},
        {PROOF, "\n\n", "\n", NULL, NO_PROOF_MALFORMED},
        {PROOF, "coop.example/log\n", "coup.example/log\n", "++-\?", YES},
        {PROOF, "\xe2\x80\x94 w1.example/witness ", "\xe2\x80\x94 w4.example/witness ", "++++",
         YES},
        {PROOF, "\xe2\x80\x94 coop.example/log ", "\xe2\x80\x94 coup.example/log ", "++-\?", YES},
        {POLICY, "log coop.example/log+", "log coup.example/log+", NULL, NO_KEY_MALFORMED},
        {POLICY, "group two 2", "group two 4", NULL, NO_POLICY_MALFORMED},
        {POLICY, "quorum two", "quorum three", NULL, NO_POLICY_MALFORMED},
    };
    struct scene *scene = *state;
    const struct files good = files_of(*state, 3);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct files files = good;
        str *file = rows[i].file == RECEIPT ? &files.receipt
                    : rows[i].file == PROOF ? &files.proof
                                            : &files.policy;
        struct log_receipt_check check;

        *file = with(scene, *file, rows[i].from, rows[i].to);
        const no answer = check_files(scene, &files, &check);

        if (answer != rows[i].why)
            fail_msg("row %zu: %s", i, no_line(answer)->name);
        if (answer == YES)
            check_steps(&check, rows[i].steps);
    }
}

/* A root or a signature with one other bit. */
static void other_bits_are_noticed(void **state)
{
    struct scene *scene = *state;
    const struct files good = files_of(*state, 3);
    const size_t path = str_find(good.proof, S("\n")) + 12;
    struct log_receipt_check check;

    for (size_t at = path; at < good.proof.len; at++) {
        struct files files = good;
        char *bytes = (char *)scene->test.arena.start;
        const str copy = arena_str(&scene->test.arena, good.proof);
        char *c = bytes + (copy.ptr - bytes) + at;

        files.proof = copy;
        *c = *c == 'A' ? 'B' : 'A';
        if (check_files(scene, &files, &check) != YES)
            continue;
        /* What is not a proof any more says so; a line of an unknown key is of no concern. */
        const bool bad = check.steps[LOG_STEP_PLACE] == LOG_STEP_BAD ||
                         check.steps[LOG_STEP_SIGNED] == LOG_STEP_BAD;

        assert_true(bad || check.witnesses_n == 2);
    }
}

/* --- the server's form -------------------------------------------------------------------------
 */

static void put_field(struct buf *out, const char *name, str value)
{
    buf_put(out, str_of(name));
    buf_put_char(out, '=');
    for (size_t i = 0; i < value.len; i++)
        buf_printf(out, "%%%02X", (unsigned)(unsigned char)value.ptr[i]);
    buf_put_char(out, '&');
}

static void post_files(struct scene *scene, const char *path, const struct files *files)
{
    struct buf body;

    buf_init(&body, &scene->test.arena, 4096);
    put_field(&body, "receipt", files->receipt);
    put_field(&body, "proof", files->proof);
    put_field(&body, "policy", files->policy);
    (void)post(scene, path, path, buf_str(&body));
}

static void form_says(struct scene *scene, const struct files *files, int status, const char *en,
                      const char *fr)
{
    post_files(scene, "/en/proof/verify", files);
    if (scene->reply.status != status || !says(&scene->reply, en))
        fail_msg("%d, wanted %d \"%s\"", scene->reply.status, status, en);
    post_files(scene, "/fr/proof/verify", files);
    if (scene->reply.status != status || !says(&scene->reply, fr))
        fail_msg("%d, wanted %d \"%s\"", scene->reply.status, status, fr);
}

/* Browsers send forms with CR LF. */
static str with_crlf(struct scene *scene, str text)
{
    struct buf out;

    buf_init(&out, &scene->test.arena, 2 * text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            buf_put_char(&out, '\r');
        buf_put_char(&out, text.ptr[i]);
    }
    return buf_str(&out);
}

#define SHOWN(id) "id=\"" id "\">"

static void the_server_answers_the_same(void **state)
{
    struct scene *scene = *state;
    const struct files good = files_of(*state, 3);
    struct files files = good;

    nobody(scene);
    form_says(scene, &good, 200, SHOWN("v-whole"), SHOWN("v-whole"));
    form_says(scene, &good, 200, "A server that checks itself proves little",
              "Un serveur qui se vérifie lui-même prouve peu");
    files.proof = with_crlf(scene, good.proof);
    files.policy = with_crlf(scene, good.policy);
    form_says(scene, &files, 200, SHOWN("v-whole"), SHOWN("v-whole"));
    files.proof = S("");
    form_says(scene, &files, 200, SHOWN("v-part"), SHOWN("v-part"));
    files = good;
    files.receipt = with(scene, good.receipt, "\\\"v\\\":1}", "\\\"v\\\":2}");
    form_says(scene, &files, 200, SHOWN("v-broken"), SHOWN("v-broken"));
    files = good;
    files.policy = with(scene, good.policy, "quorum two", "quorum none");
    form_says(scene, &files, 200, SHOWN("v-part"), SHOWN("v-part"));
}

static void bad_forms_name_the_field(void **state)
{
    struct scene *scene = *state;
    const struct files good = files_of(*state, 3);
    char *large = arena_take(&scene->test.arena, LOG_RECEIPT_SIZE_MAX + 1);
    struct files files = good;

    memset(large, 'a', LOG_RECEIPT_SIZE_MAX + 1);
    files.receipt = S(" ");
    form_says(scene, &files, 422, "href=\"#f-receipt\"", "href=\"#f-receipt\"");
    assert_true(says(&scene->reply, "c2sp.org/tlog-proof")); /* what was typed is kept */
    files.receipt = S("{\"<b>\":");
    form_says(scene, &files, 422, "This is not a receipt", "Ce n’est pas un reçu");
    assert_true(says(&scene->reply, "{\"&lt;b"));
    files.receipt = (str){large, 60000};
    form_says(scene, &files, 422, "href=\"#f-receipt\"", "id=\"e-receipt\"");
    files = good;
    files.proof = S("no");
    form_says(scene, &files, 422, "href=\"#f-proof\"", "id=\"e-proof\"");
    files.proof = S("\xff");
    form_says(scene, &files, 400, "", "");
    files = good;
    files.policy = S("quorum none\nlog x\n");
    form_says(scene, &files, 422, "href=\"#f-policy\"", "id=\"e-policy\"");
}

static void one_s_own_files_stand_in_the_form(void **state)
{
    struct scene *scene = *state;
    const struct files good = files_of(*state, 3);
    const long long index = recorded(scene) - 2;

    assert_int_equal(get(scene, path_of("/en/proof/verify?entry=#", index))->status, 200);
    assert_true(says(&scene->reply, "tlog-proof@v1"));
    assert_true(says(&scene->reply, "log coop.example/log+"));
    assert_int_equal(get(scene, path_of("/en/proof/verify?entry=#", 99999))->status, 404);
    assert_int_equal(get(scene, "/en/proof/verify?entry=x")->status, 404);
    nobody(scene);
    assert_int_equal(get(scene, path_of("/en/proof/verify?entry=#", index))->status, 200);
    assert_false(says(&scene->reply, "tlog-proof@v1"));
    assert_true(good.receipt.len > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PROOF(all_steps_hold),
        IN_PROOF(too_few_witnesses),
        IN_PROOF(without_a_proof_little_is_known),
        IN_PROOF(every_change_is_noticed),
        IN_PROOF(other_bits_are_noticed),
        IN_PROOF(the_server_answers_the_same),
        IN_PROOF(bad_forms_name_the_field),
        IN_PROOF(one_s_own_files_stand_in_the_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
