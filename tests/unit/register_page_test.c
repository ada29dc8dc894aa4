/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The pages of the register: how far it is in every state and both languages, one entry and who may
 * read what in it, its files, the attestation of a period; and what waits for the witnesses.
 */
#include "deeds/letter_send.h"
#include "doors/jobs/letter_text.h"
#include "register_page_scene.h"
#include "wire/proof.h"

static void expect(struct scene *scene, const char *path, int status, const char *what)
{
    const struct reply *reply = get(scene, path);

    if (reply->status != status || (what != NULL && !says(reply, what)))
        fail_msg("%s: %d, wanted %d \"%s\" in\n%.*s", path, reply->status, status,
                 what == NULL ? "" : what, (int)reply->body.len, reply->body.ptr);
}

/* --- how far it is -----------------------------------------------------------------------------
 */

static void recorded_only(void **state)
{
    struct scene *scene = *state;

    expect(scene, "/en/proof", 200, "nothing is published yet");
    expect(scene, "/fr/proof", 200, "rien n’est encore publié");
    expect(scene, "/en/proof", 200, "Founding of La Traboule");
    expect(scene, "/fr/proof", 200, "Fondation de La Traboule");
    assert_false(says(&scene->reply, "href=\"/log/checkpoint\""));
}

static void published_and_witnessed(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    const int64_t n = recorded(scene);

    publish(proof, n, 1);
    expect(scene, "/en/proof", 200, "1 witness of 3 has signed this checkpoint; 2 wanted");
    expect(scene, "/fr/proof", 200, "1 témoin sur 3 a signé ce point de contrôle");
    expect(scene, "/en/proof", 200, "href=\"/log/policy\"");
    expect(scene, "/en/proof", 200, "w2.example/witness</strong>, has not signed this one");
    publish(proof, n, 3);
    expect(scene, "/en/proof", 200, "Every entry is witnessed.");
    expect(scene, "/fr/proof", 200, "Chaque écriture est attestée.");
    publish(proof, n - 2, 3);
    expect(scene, "/en/proof", 200, "The last 2 entries wait for their witnesses");
    expect(scene, "/fr/proof", 200, "Les 2 dernières écritures attendent leurs témoins");
}

/* A list that asks for nobody is met by nobody: that is not called witnessed. */
static void without_witnesses_nothing_is_witnessed(void **state)
{
    struct scene *scene = *state;
    const int64_t n = recorded(scene);

    set_state(scene, &(struct register_state){.published = n, .witnessed = n});
    expect(scene, "/en/proof", 200, "unwitnessed");
    assert_false(says(&scene->reply, "witnessed</span>"));
    expect(scene, "/fr/proof", 200, "sans témoin");
    expect(scene, "/en/proof/1", 200, "published</span>");
}

static void standing_still_is_said(void **state)
{
    static const struct {
        enum register_still still;
        const char *en, *fr;
    } rows[] = {
        {REGISTER_FORKED, "Two histories: the register stands still", "Deux histoires"},
        {REGISTER_ROLLED_BACK, "The register has gone back", "revenu en arrière"},
        {REGISTER_UNSURE, "Waiting for the witnesses", "En attente des témoins"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_state(scene, &(struct register_state){.published = 1, .still = rows[i].still});
        expect(scene, "/en/proof", 200, rows[i].en);
        assert_int_equal(says(&scene->reply, "mailto:bonjour@example.org"),
                         rows[i].still != REGISTER_UNSURE);
        expect(scene, "/fr/proof", 200, rows[i].fr);
    }
}

/* A checkpoint that no key of the policy signed is not shown as if it were. */
static void a_foreign_checkpoint_is_not_shown(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    char command[256];

    publish(proof, recorded(scene), 3);
    expect(scene, "/en/proof", 200, "Fingerprint of all of them");
    (void)snprintf(command, sizeof command,
                   "sed -i 's/^coop.example.log$/other.example\\/log/' %s/checkpoint", proof->log);
    assert_int_equal(system(command), 0);
    expect(scene, "/en/proof", 200, "has not signed this one");
    assert_false(says(&scene->reply, "Fingerprint of all of them"));
}

static void pages_of_twenty(void **state)
{
    struct scene *scene = *state;
    int64_t index;

    for (int i = 0; i < 40; i++)
        assert_int_equal(send_minutes(scene, "0:01", &index), YES);
    expect(scene, "/en/proof", 200, path_of("/en/proof/#\"", recorded(scene) - 1));
    assert_false(says(&scene->reply, "/en/proof/0\""));
    expect(scene, "/en/proof", 200, "page=2");
    expect(scene, path_of("/en/proof?page=#", (recorded(scene) + 19) / 20), 200, "/en/proof/0\"");
    expect(scene, "/en/proof?page=0", 200, "page=2");
    expect(scene, "/en/proof?page=x", 200, "page=2");
}

/* --- one entry ---------------------------------------------------------------------------------
 */

static void every_entry_has_its_page(void **state)
{
    static const char *const none[] = {"/en/proof/01", "/en/proof/-1", "/en/proof/x",
                                       "/en/proof/99999999999999999999", "/en/proof/0x1"};
    struct scene *scene = *state;
    const int64_t n = recorded(scene);

    for (int64_t i = 0; i < n; i++) {
        expect(scene, path_of("/en/proof/#", i), 200, "recorded</span>");
        expect(scene, path_of("/fr/proof/#", i), 200, "inscrit</span>");
        expect(scene, path_of("/proof/#/entry.json", i), 200, "\"v\":1}");
    }
    expect(scene, path_of("/en/proof/#", n), 404, NULL);
    expect(scene, path_of("/proof/#/entry.json", n), 404, NULL);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        expect(scene, none[i], 404, NULL);
}

static void words_say_what_changed(void **state)
{
    struct scene *scene = *state;

    expect(scene, "/en/proof", 200, "Set by vote: ");
    expect(scene, "/fr/proof", 200, "Fixé par vote");
    expect(scene, "/en/proof", 200, "A member joins: 4 members");
    expect(scene, "/fr/proof", 200, "Une adhésion\u202f: 4 membres");
    expect(scene, "/en/proof/0", 200, "la-traboule-");
}

/* Whose receipt it is sees it; nobody else does. */
static void receipts_are_for_whom_they_concern(void **state)
{
    struct scene *scene = *state;
    int64_t index;

    assert_int_equal(send_minutes(scene, "1:30", &index), YES);
    expect(scene, path_of("/en/proof/#", index), 200, "The sealed parts open only for those");
    assert_true(is_outside(get(scene, path_of("/en/proof/#/receipt.json", index))));
    sign_in_as(scene, "daniel");
    expect(scene, path_of("/en/proof/#", index), 200, "concern others");
    expect(scene, path_of("/en/proof/#/receipt.json", index), 404, NULL);
    sign_in_as(scene, "bruno");
    expect(scene, path_of("/en/proof/#", index), 200, "Your receipt");
    expect(scene, path_of("/en/proof/#", index), 200, "Amina K.");
    sign_in_as(scene, "amina");
    expect(scene, path_of("/en/proof/#", index), 200, "Bruno L.");
    expect(scene, path_of("/fr/proof/#", index), 200, "Votre reçu");
    expect(scene, path_of("/fr/proof/#/receipt.json", index), 200, "\"opens\":[{\"opening\":\"");
    check_str(reply_header(&scene->reply, "Cache-Control"), "private, no-store", __FILE__,
              __LINE__);
    expect(scene, "/en/account/statement?unit=HOUR", 200, "/en/proof/");
}

struct fee {
    int64_t member, entry;
};

static no book_fee(struct ctx *ctx, void *fee_)
{
    struct fee *fee = fee_;
    struct ledger_leg leg = {.amount = 198, .currency = 1, .code = CODE_FEE_RUNNING};
    struct ledger_done done;

    TRY(ledger_account_of(ctx, fee->member, CHART_MEMBER_OWES, 1, &leg.debit));
    TRY(ledger_account_of(ctx, 0, CHART_FEE_RUNNING, 1, &leg.credit));
    TRY(ledger_post(ctx,
                    &(struct ledger_ask){.journal = JOURNAL_SALES,
                                         .cause = CAUSE_ORDER,
                                         .label = S("fee"),
                                         .legs = &leg,
                                         .legs_n = 1},
                    &done));
    fee->entry = done.entry;
    return YES;
}

/* The co-op's own accounts are opened for who audits, and for nobody else. */
static void the_co_ops_part_is_for_the_audit(void **state)
{
    struct scene *scene = *state;
    struct fee fee = {.member = scene->test.daniel};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, book_fee, &fee), YES);
    test_done(&ctx);
    const int64_t index = place_of(scene, fee.entry);

    sign_in_as(scene, "bruno");
    expect(scene, path_of("/en/proof/#", index), 200, "Receipt of the co-op’s own accounts");
    expect(scene, path_of("/en/proof/#/receipt.json", index), 200, "payload");
    sign_in_as(scene, "amina");
    expect(scene, path_of("/en/proof/#", index), 200, "concern others");
    sign_in_as(scene, "daniel");
    expect(scene, path_of("/en/proof/#", index), 200, "Your receipt");
}

static void the_proof_comes_with_the_checkpoint(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    struct proof *file = malloc(sizeof *file);
    int64_t index;

    assert_int_equal(send_minutes(scene, "0:30", &index), YES);
    expect(scene, path_of("/en/proof/#/proof", index), 404, "no checkpoint covers it yet");
    expect(scene, path_of("/fr/proof/#/proof", index), 404, "aucun point de contrôle ne la couvre");
    publish(proof, index, 3);
    expect(scene, path_of("/en/proof/#/proof", index), 404, NULL);
    expect(scene, path_of("/en/proof/#", index - 1), 200, "witnessed</span>");
    expect(scene, path_of("/en/proof/#", index), 200, "recorded</span>");
    publish(proof, index + 1, 1);
    expect(scene, path_of("/en/proof/#", index), 200, "published</span>");
    expect(scene, path_of("/en/proof/#/proof", index), 200, "c2sp.org/tlog-proof@v1");
    assert_int_equal(proof_parse(scene->reply.body, file), YES);
    assert_int_equal(file->index, index);
    free(file);
}

/* Tiles that do not belong to the checkpoint give no proof. */
static void a_damaged_tile_gives_no_proof(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    char command[256];

    publish(proof, recorded(scene), 3);
    expect(scene, "/proof/3/proof", 200, NULL);
    (void)snprintf(command, sizeof command,
                   "for f in %s/tile/0/000.p/*; do printf x | dd of=$f bs=1 seek=20 conv=notrunc "
                   "2>/dev/null; done",
                   proof->log);
    assert_int_equal(system(command), 0);
    expect(scene, "/proof/3/proof", 500, NULL);
    (void)snprintf(command, sizeof command, "rm -r %s/tile", proof->log);
    assert_int_equal(system(command), 0);
    expect(scene, "/en/proof/3/proof", 500, "damaged");
}

/* --- the desk ----------------------------------------------------------------------------------
 */

static void the_desk_is_for_who_audits(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;

    assert_true(is_outside(get(scene, "/en/desk/register")));
    sign_in_as(scene, "amina");
    expect(scene, "/en/desk/register", 403, NULL);
    expect(scene, "/en/desk/register/attestation", 403, NULL);
    expect(scene, "/en/desk/register/attestation.txt?from=2020-01-01&to=2020-02-01", 403, NULL);
    sign_in_as(scene, "bruno");
    expect(scene, "/en/desk/register", 200, "The register has no key yet");
    expect(scene, "/fr/desk/register", 200, "Le registre n’a pas encore de clé");
    publish(proof, recorded(scene), 2);
    expect(scene, "/en/desk/register", 200, "coop.example/log+");
    expect(scene, "/fr/desk/register", 200, "pas ce point de contrôle");
}

static void attestations(void **state)
{
    static const struct {
        const char *query;
        int status;
        const char *en, *fr;
    } rows[] = {
        {"", 200, "Write the attestation", "Établir l’attestation"},
        {"?from=2020-01-01&to=2999-12-31", 200, "Fingerprint at the end", "Empreinte à la fin"},
        {"?from=2999-01-01&to=2999-12-31", 200, "Fingerprint at the end", "Empreinte à la fin"},
        {"?from=2020-01-01&to=2020-12-31", 422, "Nothing was written", "Rien n’était encore écrit"},
        {"?from=2020-02-01&to=2020-01-31", 422, "The last day is before", "Le dernier jour est"},
        {"?from=&to=2020-01-31", 422, "id=\"e-from\"", "id=\"e-from\""},
        {"?from=2020-01-01", 200, "Fingerprint at the end", "Empreinte à la fin"},
        {"?from=2020-02-30&to=2020-03-01", 422, "value=\"2020-02-30\"", "id=\"e-from\""},
        {"?from=%22%3E%3Cb%3E&to=1", 422, "id=\"e-from\"", "id=\"e-to\""},
    };
    struct scene *scene = *state;
    char path[160];

    sign_in_as(scene, "bruno");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(path, sizeof path, "/en/desk/register/attestation%s", rows[i].query);
        expect(scene, path, rows[i].status, rows[i].en);
        (void)snprintf(path, sizeof path, "/fr/desk/register/attestation%s", rows[i].query);
        expect(scene, path, rows[i].status, rows[i].fr);
        assert_false(says(&scene->reply, "\"><b>"));
    }
    expect(scene, "/en/desk/register/attestation.txt", 404, NULL);
}

static void an_attestation_has_the_roots(void **state)
{
    static const char whole[] = "/en/desk/register/attestation?from=2020-01-01&to=2999-12-31";
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    char hex[2 * HASH_SIZE + 1] = {0};
    struct tree_frontier head;
    struct hash_sha256_ctx sha;
    struct tree_hash root;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_head(&ctx, &head), YES);
    test_done(&ctx);
    hash_sha256_init(&sha);
    tree_frontier_root(&sha, &head, &root);
    hash_sha256_release(&sha);
    str_hex(root.bytes, HASH_SIZE, hex);
    sign_in_as(scene, "bruno");
    expect(scene, whole, 200, hex);
    expect(scene, whole, 200, "nobody outside has signed it");
    publish(proof, recorded(scene), 3);
    expect(scene, whole, 200, hex);
    expect(scene, whole, 200, "covers the whole period");
    expect(scene, "/fr/desk/register/attestation.txt?from=2020-01-01&to=2999-12-31", 200, hex);
    expect(scene, "/fr/desk/register/attestation.txt?from=2020-01-01&to=2999-12-31", 200,
           "— coop.example/log ");
}

/* --- what waits, and what is told --------------------------------------------------------------
 */

static no set_limit(struct ctx *ctx, void *minutes)
{
    TRY(register_param(ctx, S("register.wait_above.HOUR"), *(int64_t *)minutes, 0));
    ctx->world->house_changed(ctx->world->self);
    return YES;
}

static void decide_limit(struct scene *scene, int64_t minutes)
{
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, set_limit, &minutes), YES);
    test_done(&ctx);
}

static void large_sendings_wait_for_the_witnesses(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    int64_t index;

    decide_limit(scene, 30);
    assert_int_equal(send_minutes(scene, "0:40", &index), YES); /* nothing moved before */
    assert_int_equal(send_minutes(scene, "0:30", &index), YES); /* not past the limit */
    assert_int_equal(send_minutes(scene, "0:40", &index), NO_BAD_FIELDS);
    publish(proof, recorded(scene), 1);
    assert_int_equal(send_minutes(scene, "0:40", &index), NO_BAD_FIELDS);
    publish(proof, recorded(scene), 2);
    assert_int_equal(send_minutes(scene, "0:40", &index), YES);
    assert_int_equal(send_minutes(scene, "0:40", &index), NO_BAD_FIELDS);
    decide_limit(scene, 0);
    assert_int_equal(send_minutes(scene, "0:40", &index), YES);
    expect(scene, "/en/rules", 200, "Amount past which a payment waits for the witnesses");
    expect(scene, "/fr/proof", 200, "Changé par vote");
}

static void is_witnessed(void **state)
{
    struct proof_scene *proof = *state;
    struct scene *scene = *state;
    enum { LAST = 8 };
    bool witnessed[1 + LAST];
    no answers[1 + LAST];
    struct ctx ctx;

    publish(proof, 5, 2);
    test_as(&scene->test, &ctx, 0, 0);
    for (int64_t i = -1; i < LAST; i++)
        answers[i + 1] = view_register_is_witnessed(&ctx, i, &witnessed[i + 1]);
    test_done(&ctx);
    for (int64_t i = -1; i < LAST; i++) {
        assert_int_equal(answers[i + 1], YES);
        assert_int_equal(witnessed[i + 1], i >= 0 && i < 5);
    }
}

static void a_letter_names_the_receipt(void **state)
{
    struct scene *scene = *state;
    const struct letter letter = {.kind = LETTER_ADMITTED, .member = scene->test.bruno};
    struct buf subject, body, off;
    struct register_row row;
    struct letter_facts facts;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    const no about = view_register_about(&ctx, REGISTER_MEMBER, scene->test.bruno, &row);
    const no told = view_letter_facts(&ctx, &letter, &facts);

    buf_init(&subject, ctx.arena, 256);
    buf_init(&body, ctx.arena, 2048);
    buf_init(&off, ctx.arena, 256);
    letter_write(&ctx, &letter, &facts, S("https://coop.example"), &subject, &body, &off);
    test_done(&ctx);
    assert_int_equal(about, YES);
    assert_int_equal(told, YES);
    assert_int_equal(facts.receipt, row.idx);
    const str wanted = str_of(path_of("https://coop.example/fr/login?to=/proof/#\n", row.idx));

    assert_true(str_find(buf_str(&body), wanted) < body.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PROOF(recorded_only),
        IN_PROOF(published_and_witnessed),
        IN_PROOF(without_witnesses_nothing_is_witnessed),
        IN_PROOF(standing_still_is_said),
        IN_PROOF(a_foreign_checkpoint_is_not_shown),
        IN_PROOF(pages_of_twenty),
        IN_PROOF(every_entry_has_its_page),
        IN_PROOF(words_say_what_changed),
        IN_PROOF(receipts_are_for_whom_they_concern),
        IN_PROOF(the_co_ops_part_is_for_the_audit),
        IN_PROOF(the_proof_comes_with_the_checkpoint),
        IN_PROOF(a_damaged_tile_gives_no_proof),
        IN_PROOF(the_desk_is_for_who_audits),
        IN_PROOF(attestations),
        IN_PROOF(an_attestation_has_the_roots),
        IN_PROOF(large_sendings_wait_for_the_witnesses),
        IN_PROOF(is_witnessed),
        IN_PROOF(a_letter_names_the_receipt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
