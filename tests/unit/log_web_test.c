/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Registers over the web, proofs, and the round of a monitor: a small server of files on this
 * machine, which also answers badly when it is asked to.
 */
#include "log_scene.h"

#include <microhttpd.h>
#include <netinet/in.h>

struct web {
    struct MHD_Daemon *daemon;
    const char *folder;
    char origin[64];    /* "http://127.0.0.1:PORT" */
    _Atomic int status; /* of every answer, when not 0 */
};
static struct web web;

/* A file of the folder; under /gone a redirection to it, which nobody may follow. */
static enum MHD_Result answer(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    char path[600];
    unsigned status = MHD_HTTP_OK;

    (void)self, (void)method, (void)version, (void)upload, (void)upload_size, (void)state;
    (void)snprintf(path, sizeof path, "%s%s", web.folder,
                   strncmp(url, "/gone", 5) == 0 ? url + 5 : url);
    FILE *file = fopen(path, "rb");
    static char bytes[1 << 16];
    const size_t size = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);

    if (file == NULL)
        status = MHD_HTTP_NOT_FOUND;
    else
        (void)fclose(file);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_COPY);

    if (strncmp(url, "/gone", 5) == 0) {
        (void)MHD_add_response_header(response, "Location", url + 5);
        status = MHD_HTTP_FOUND;
    }
    const enum MHD_Result queued =
        MHD_queue_response(connection, web.status != 0 ? (unsigned)web.status : status, response);

    MHD_destroy_response(response);
    return queued;
}

static int open_web(void **state)
{
    struct sockaddr_in at = {.sin_family = AF_INET};

    if (log_scene_open(state) != 0)
        return -1;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    web.folder = ((struct log_scene *)*state)->folder;
    web.status = 0;
    web.daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, answer,
                         NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_END);
    if (web.daemon == NULL)
        return -1;
    (void)snprintf(web.origin, sizeof web.origin, "http://127.0.0.1:%u",
                   MHD_get_daemon_info(web.daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    return 0;
}

static int close_web(void **state)
{
    MHD_stop_daemon(web.daemon);
    return log_scene_close(state);
}

/* The words, with the server's address for every '%'. */
static void expect_web(struct log_scene *scene, int wanted, const char *words, const char *why)
{
    char text[1024];
    size_t n = 0;

    for (; *words != 0 && n < sizeof text - 100; words++)
        if (*words == '%')
            n += (size_t)snprintf(text + n, sizeof text - n, "%s", web.origin);
        else
            text[n++] = *words;
    text[n] = 0;
    log_expect(scene, wanted, text, why);
}

/* --- reading --------------------------------------------------------------------------------- */

static void a_register_is_checked_over_the_web(void **state)
{
    struct log_scene *scene = *state;

    log_make(scene, "a", 600);
    expect_web(scene, 0, "verify %/a --policy policy", "600 entries");
    expect_web(scene, 0, "verify %/a/ --policy policy", NULL);
    expect_web(scene, 1, "verify %/nobody --policy policy", "checkpoint");
    /* A redirection leads where the reader did not want to go. */
    expect_web(scene, 1, "verify %/gone/a --policy policy", "Another server");
    web.status = 500;
    expect_web(scene, 1, "verify %/a --policy policy", "Another server");
    web.status = 0;
    log_shell(scene, "rm a/tile/0/001");
    expect_web(scene, 1, "verify %/a --policy policy", "tile/0/001");
    log_shell(scene, "cp a/tile/0/000 a/tile/0/001 && printf x >>a/tile/0/000");
    expect_web(scene, 1, "verify %/a --policy policy", "tile/0/000");
    expect_web(scene, 1, "verify http://127.0.0.1:1/a --policy policy", "Another server");
}

/* --- proofs ---------------------------------------------------------------------------------- */

static void a_proof_is_made_and_holds_alone(void **state)
{
    static const char *const indexes[] = {"0", "1", "255", "256", "511", "512", "599"};
    struct log_scene *scene = *state;
    char words[200];

    log_make(scene, "a", 600);
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        (void)snprintf(words, sizeof words, "prove %s/a %s --policy policy --leaf @leaf",
                       i % 2 == 0 ? web.origin : scene->folder, indexes[i]);
        log_expect(scene, 0, words, "c2sp.org/tlog-proof@v1\nindex ");
        FILE *file = fopen(log_at(scene, "proof"), "wb");

        assert_non_null(file);
        assert_int_equal(fwrite(scene->out, 1, scene->out_n, file), scene->out_n);
        assert_int_equal(fclose(file), 0);
        (void)snprintf(words, sizeof words, "Entry %s (from 0) of " LOGMAKER_ORIGIN, indexes[i]);
        log_expect(scene, 0, "verify-proof proof --leaf leaf --policy policy", words);
    }
    log_expect(scene, 1, "prove @a 600", "does not exist");
    log_expect(scene, 0, "prove @a 599 --json", "\"index\":599,\"leaf\":\"");
    /* Another entry, another place, another register, too few witnesses. */
    log_shell(scene,
              "printf x >other; sed 's/index 599/index 598/' proof >moved; "
              "grep -v w[12].example proof >few; sed 's/^quorum.*/quorum none/' policy >none");
    log_expect(scene, 1, "verify-proof proof --leaf other --policy policy", "does not hold");
    log_expect(scene, 1, "verify-proof moved --leaf leaf --policy policy", "does not hold");
    log_expect(scene, 4, "verify-proof few --leaf leaf --policy policy", "Too few");
    log_expect(scene, 0, "verify-proof few --leaf leaf --policy none", "1 witness of 3");
    log_expect(scene, 1, "verify-proof leaf --leaf leaf --policy policy", "not a file of proof");
    log_expect(scene, 1,
               "verify-proof proof --leaf leaf --vkey "
               "coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
               "proof");
    /* A proof of a checkpoint that too few have seen is not given out either. */
    log_shell(scene, "grep -v w[12].example a/checkpoint >c && mv c a/checkpoint");
    log_expect(scene, 4, "prove @a 1 --policy policy", "Too few");
    log_expect(scene, 0, "prove @a 1", "index 1\n");
}

/* --- evidence -------------------------------------------------------------------------------- */

static void only_what_excludes_each_other_is_evidence(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/synth-600-fork", "b");
    log_policy_of_keys(scene, "a/keys.txt");
    log_expect(scene, 3, "evidence a/checkpoint b/checkpoint --policy policy", "Evidence:");
    log_expect(scene, 0, "evidence a/checkpoint a/checkpoints/600 --policy policy", "twice");
    /* The same text signed again, or with fewer lines, is the same checkpoint. */
    log_shell(scene, "head -n 5 a/checkpoint >bare");
    log_expect(scene, 0, "evidence a/checkpoint bare --policy policy --json", "\"pair\":\"same\"");
    log_expect(scene, 0, "evidence a/checkpoints/511 b/checkpoint --policy policy", "so far");
    log_expect(scene, 3, "evidence a/checkpoints/511 b/checkpoint --policy policy --log @b",
               "Evidence:");
    log_expect(scene, 3, "evidence b/checkpoint a/checkpoints/511 --policy policy --log @b",
               "Evidence:");
    expect_web(scene, 3, "evidence a/checkpoints/511 b/checkpoint --policy policy --log %/b",
               "Evidence:");
    log_expect(scene, 0, "evidence a/checkpoints/257 b/checkpoint --policy policy --log @b",
               "continues the other");
    log_expect(scene, 0, "evidence a/checkpoints/0 b/checkpoint --policy policy", "continues");
    /* Tiles of the wrong history accuse nobody. */
    log_expect(scene, 1, "evidence a/checkpoints/511 b/checkpoint --policy policy --log @a",
               "so far");
    log_shell(scene, "mkdir empty");
    log_expect(scene, 1, "evidence a/checkpoints/511 b/checkpoint --policy policy --log @empty",
               "so far");
    /* What the register did not sign accuses nobody. */
    log_shell(scene, "sed s/bGTz/bGTy/ a/checkpoint >forged");
    log_expect(scene, 1, "evidence forged b/checkpoint --policy policy", "forged");
    log_expect(scene, 1, "evidence a/checkpoint forged --policy policy", "forged");
}

/* --- watching -------------------------------------------------------------------------------- */

#define HEX_OF_SYNTH "324fe0c36cefc494e8ece90ce262aadf1ec2f15d14f713710fe963dc11f10dd4"

/* Witnesses under /w1 and /w2, whose address ends in "/witness" or does not; w3 answers nobody. */
static void witness_policy(struct log_scene *scene)
{
    char command[700];

    log_policy_of_keys(scene, "a/keys.txt");
    (void)snprintf(command, sizeof command,
                   "sed -i -e '/^witness w1/s|$| %s/w1|' -e '/^witness w2/s|$| %s/w2/witness|' -e "
                   "'/^witness w3/s|$| http://127.0.0.1:1|' policy && mkdir -p "
                   "w1/witness/" HEX_OF_SYNTH " w2/witness/" HEX_OF_SYNTH,
                   web.origin, web.origin);
    log_shell(scene, command);
}

static void a_monitor_remembers(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/synth-600-fork", "b");
    witness_policy(scene);
    log_shell(scene, "mv a/checkpoint now && cp a/checkpoints/511 a/checkpoint");
    expect_web(scene, 0, "watch %/a --policy policy --state @s", "511 entries, seen for the first");
    assert_non_null(strstr(scene->out, "w1: does not know this register."));
    assert_non_null(strstr(scene->out, "w3: no answer."));
    log_shell(scene, "cp a/checkpoints/512 w1/witness/" HEX_OF_SYNTH "/checkpoint; "
                     "cp a/checkpoints/2 w2/witness/" HEX_OF_SYNTH "/checkpoint");
    /* Witnesses may be ahead and behind; the largest is remembered. */
    expect_web(scene, 0, "watch %/a --policy policy --state @s",
               "w1: 512 entries, which continue the 511");
    assert_non_null(strstr(scene->out, "w2: 2 entries, with which the 512"));
    log_shell(scene, "cmp -s s/" HEX_OF_SYNTH " a/checkpoints/512 && cp now a/checkpoint");
    expect_web(scene, 0, "watch %/a --policy policy --state @s --json",
               "\"what\":\"grown\",\"size\":600");
    /* The register may not go back, even if what it shows was true once. */
    log_shell(scene, "cp a/checkpoints/513 a/checkpoint");
    expect_web(scene, 3, "watch %/a --policy policy --state @s", "has gone back");
    log_shell(scene, "cmp s/evidence-324fe0c3-600-6c64f310 now && cmp a/checkpoint "
                     "s/evidence-324fe0c3-513-* && cmp s/" HEX_OF_SYNTH " now");
}

static void a_monitor_finds_two_histories(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/synth-600-fork", "b");
    witness_policy(scene);
    expect_web(scene, 0, "watch %/a --policy policy --state @s", "first time");
    /* One size, at the register. */
    expect_web(scene, 3, "watch %/b --policy policy --state @s", "Two histories");
    log_shell(scene, "cmp s/evidence-324fe0c3-600-6c64f310 a/checkpoint && "
                     "cmp s/evidence-324fe0c3-600-9457ab44 b/checkpoint");
    log_expect(scene, 3,
               "evidence s/evidence-324fe0c3-600-6c64f310 s/evidence-324fe0c3-600-9457ab44 "
               "--policy policy",
               "Evidence");
    /* Two sizes, at a witness: proven by the register's own tiles. */
    log_shell(scene, "cp b/checkpoints/511 w2/witness/" HEX_OF_SYNTH "/checkpoint");
    expect_web(scene, 3, "watch %/a --policy policy --state @s", "w2: Two histories");
    log_shell(scene, "cmp s/evidence-324fe0c3-511-???????? b/checkpoints/511 && "
                     "test $(wc -l <s/evidence-324fe0c3-511-600.proof) -gt 3");
    /* Before the fork they are one: a witness that stopped there accuses nobody. */
    log_shell(scene, "cp b/checkpoints/257 w2/witness/" HEX_OF_SYNTH "/checkpoint");
    expect_web(scene, 0, "watch %/a --policy policy --state @s", "w2: 257 entries");
}

static void a_monitor_is_not_fooled(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/synth-600-fork", "b");
    witness_policy(scene);
    expect_web(scene, 0, "watch %/a --policy policy --state @s", "first time");
    /* A witness that shows what nobody signed is bad, and no evidence against the register. */
    log_shell(scene, "sed s/bGTz/bGTy/ a/checkpoint >w1/witness/" HEX_OF_SYNTH "/checkpoint");
    expect_web(scene, 1, "watch %/a --policy policy --state @s", "w1: ");
    log_shell(scene, "! ls s/evidence* 2>/dev/null; rm w1/witness/" HEX_OF_SYNTH "/checkpoint");
    /* Damaged tiles are no fork: what cannot be proven is said, and not remembered. */
    log_shell(scene,
              "cp a/checkpoints/513 s/" HEX_OF_SYNTH " && cp b/tile/1/000.p/2 a/tile/1/000.p/2");
    expect_web(scene, 1, "watch %/a --policy policy --state @s", "does not hold");
    log_shell(scene, "cmp s/" HEX_OF_SYNTH " a/checkpoints/513; ! ls s/evidence* 2>/dev/null");
    /* A state that somebody wrote in. */
    log_shell(scene, "echo x >s/" HEX_OF_SYNTH);
    expect_web(scene, 1, "watch %/a --policy policy --state @s", "a: ");
    /* Too few witnesses: remembered all the same, for the register has signed. */
    log_shell(scene, "rm s/* && head -n 6 a/checkpoint >c && mv c a/checkpoint");
    expect_web(scene, 4, "watch %/a --policy policy --state @s", "Too few");
    log_shell(scene, "cmp s/" HEX_OF_SYNTH " a/checkpoint");
    /* Several, the worst counts; none named: those of the policy. */
    expect_web(scene, 3, "watch %/a %/b %/nobody --policy policy --state @s", "Two histories");
    expect_web(scene, 0, "watch --policy policy --state @s", NULL);
    log_shell(scene,
              "sed -i \"1s|$| $(sed -n 's/^witness w1 [^ ]* //p' policy)/../nobody|\" policy");
    expect_web(scene, 1, "watch --policy policy --state @s", "nobody: ");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, open_web, close_web)
    const struct CMUnitTest tests[] = {
        TEST(a_register_is_checked_over_the_web),
        TEST(a_proof_is_made_and_holds_alone),
        TEST(only_what_excludes_each_other_is_evidence),
        TEST(a_monitor_remembers),
        TEST(a_monitor_finds_two_histories),
        TEST(a_monitor_is_not_fooled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
