/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Letters: their words in both languages, and their way out, to a folder and to a mail server that
 * listens in this very program.
 */
#include "deeds/account.h"
#include "deeds/letter_send.h"
#include "deeds/sign_in.h"
#include "doors/jobs/jobs.h"
#include "doors/jobs/letter_text.h"
#include "doors/jobs/letters.h"
#include "store/sql_account.h"
#include "store/sql_letter.h"
#include "store/sql_order.h"

#include "cm.h"
#include "world.h"

#include "base/time.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

struct scene {
    struct test_world test;
    struct ctx ctx;
    char mail[96];
    struct jobs_config config;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    test_as(&scene->test, &scene->ctx, 0, 0);
    scene->ctx.actor.clock = true;
    (void)snprintf(scene->mail, sizeof scene->mail, "%s/mail", scene->test.dir);
    assert_int_equal(mkdir(scene->mail, 0700), 0);
    scene->config = (struct jobs_config){
        .world = scene->test.world, .mail_dir = scene->mail, .origin = "https://coop.example"};
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;

    test_done(&scene->ctx);
    test_world_close(&scene->test);
    free(scene);
    return 0;
}

static struct ctx *now(struct scene *scene)
{
    scene->ctx.now_ns = scene->test.world->now_ns(scene->test.world->self);
    return &scene->ctx;
}

struct posting {
    enum letter_kind kind;
    int64_t member, ref, arg;
    const char *email, *secret;
};

static no put_letter(struct ctx *ctx, void *given)
{
    const struct posting *p = given;

    return letter_put(ctx, p->kind, p->member, str_of(p->email), p->ref, p->arg, str_of(p->secret));
}

static void post(struct scene *scene, struct posting posting)
{
    assert_int_equal(deed_run(now(scene), put_letter, &posting), YES);
}

static size_t waiting(struct scene *scene, struct sql_letter **list)
{
    const struct ctx *ctx = now(scene);
    size_t n;

    assert_int_equal(sql_letter_due(ctx->db, ctx->arena, ctx->now_ns, 1000, list, &n), YES);
    return n;
}

/* Soft line breaks of quoted-printable taken out, so that what is looked for is in one piece. */
static size_t join_lines(char *text, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n;) {
        if (i + 2 < n && memcmp(text + i, "=\r\n", 3) == 0)
            i += 3;
        else
            text[kept++] = text[i++];
    }
    return kept;
}

/* The n-th letter in the folder, "" when it is not there. */
static str letter_file(struct scene *scene, int id)
{
    static char text[16384];
    char path[160];

    (void)snprintf(path, sizeof path, "%s/%09d.eml", scene->mail, id);
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return S("");
    const size_t n = fread(text, 1, sizeof text, file);

    (void)fclose(file);
    return (str){text, join_lines(text, n)};
}

static bool says(str text, const char *what)
{
    return str_find(text, str_of(what)) < text.len;
}

/* --- words ------------------------------------------------------------------------------------ */

static void names_are_filled_in(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {{"Hello {name}.", "Hello Amina."},
                 {"{name}{name}", "AminaAmina"},
                 {"{nobody}", "{nobody}"},
                 {"{name", "{name"},
                 {"}{name}", "}Amina"},
                 {"{}", "{}"},
                 {"{trick}", "{name}"},
                 {"{lines}!", "a  Bcc: b!"},
                 {"", ""}};
    const struct letter_word words[] = {
        {"name", S("Amina")}, {"trick", S("{name}")}, {"lines", S("a\r\nBcc: b")}};
    char memory[1024];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct buf out;

        arena_init_on(&arena, memory, sizeof memory);
        buf_init(&out, &arena, 0);
        letter_fill(&out, str_of(cases[i].text), words, 3);
        assert_str(buf_str(&out), cases[i].wanted);
    }
}

static void check_words(struct scene *scene, const struct letter *letter, enum lang lang)
{
    const struct letter_facts facts = {.to = S("a@b.c"),
                                       .name = S("Amina"),
                                       .lang = lang,
                                       .notice = letter->kind == LETTER_ORDER ? NOTICE_ORDERS : 0,
                                       .other = S("Bruno"),
                                       .title = S("Cargo-bike move"),
                                       .reference = S("RF12"),
                                       .reason = S("Later.")};
    struct ctx *ctx = now(scene);
    struct buf subject, body, off;

    arena_reset(ctx->arena);
    buf_init(&subject, ctx->arena, 0);
    buf_init(&body, ctx->arena, 0);
    buf_init(&off, ctx->arena, 0);
    letter_write(ctx, letter, &facts, S("https://coop.example"), &subject, &body, &off);
    assert_true(subject.len > 5 && subject.len < 120 && !says(buf_str(&subject), "\n"));
    assert_false(says(buf_str(&subject), "{") || says(buf_str(&body), "{"));
    assert_true(says(buf_str(&body), "La Traboule"));
    assert_true(says(buf_str(&body), lang == LANG_FR ? "Bonjour Amina" : "Hello Amina"));
    if (letter->kind != LETTER_LEFT && letter->kind != LETTER_REFUSED)
        assert_true(says(buf_str(&body), lang == LANG_FR ? "https://coop.example/fr/"
                                                         : "https://coop.example/en/"));
    if (letter->secret.len > 0 && letter->kind != LETTER_ORDER && letter->kind != LETTER_SECURITY &&
        letter->kind != LETTER_ASKED && letter->kind != LETTER_ADMITTED &&
        letter->kind != LETTER_REFUSED && letter->kind != LETTER_LEFT)
        assert_true(says(buf_str(&body), "/SECRET"));
    else
        assert_false(says(buf_str(&body), "SECRET"));
    assert_int_equal(off.len > 0, letter->kind == LETTER_ORDER);
}

static void every_kind_has_its_words_in_both_languages(void **state)
{
    struct scene *scene = *state;

    for (int lang = 0; lang < LANG_COUNT; lang++) {
        for (int kind = LETTER_SIGN_IN; kind <= LETTER_SECURITY; kind++)
            for (int64_t arg = -1; arg < ORDER_TELLS + 1; arg++)
                if (arg == 1 || kind == LETTER_ORDER || kind == LETTER_SECURITY)
                    check_words(scene,
                                &(struct letter){.id = 1,
                                                 .kind = (enum letter_kind)kind,
                                                 .member = 1,
                                                 .ref = 12,
                                                 .arg = arg,
                                                 .secret = S("SECRET")},
                                (enum lang)lang);
    }
}

/* --- to a folder ----------------------------------------------------------------------------- */

static void a_letter_is_filed_once_and_its_secret_forgotten(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;

    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.amina, 0, 0, NULL, "SECRETTOKEN"});
    assert_int_equal(waiting(scene, &list), 1);
    const int id = (int)list[0].id;

    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    const str file = letter_file(scene, id);

    assert_true(says(file, "To: <amina@example.org>\r\n"));
    assert_true(says(file, "From: La Traboule\r\n <bonjour@example.org>\r\n"));
    assert_true(says(file, "/fr/login/link/SECRETTOKEN"));
    assert_false(says(file, "List-Unsubscribe"));
    assert_int_equal(waiting(scene, &list), 0);
    char path[160];

    (void)snprintf(path, sizeof path, "%s/%09d.eml", scene->mail, id);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    assert_int_equal(letter_file(scene, id).len, 0);
}

static void nothing_is_taken_when_nobody_can_send(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;

    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.amina, 0, 0, NULL, "S"});
    scene->config.mail_dir = NULL;
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    assert_int_equal(waiting(scene, &list), 1);
}

static no open_order(struct ctx *ctx, void *given)
{
    int64_t *order = given;
    const uint8_t name[16] = {9};

    return sql_order_open(ctx->db, name, S("RF18ORDER"), 1, 1, 1, 2, false, 1,
                          S("D\xc3\xa9m\xc3\xa9nagement\nBcc: x"), 1, 0, 0, 0, S(""), S(""),
                          ctx->now_ns, order);
}

static void an_order_tells_the_other_side_and_can_be_switched_off(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;
    int64_t order;

    assert_int_equal(deed_run(now(scene), open_order, &order), YES);
    post(scene,
         (struct posting){LETTER_ORDER, scene->test.amina, order, ORDER_TELL_ACCEPTED, NULL, NULL});
    assert_int_equal(waiting(scene, &list), 1);
    const int id = (int)list[0].id;

    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    const str file = letter_file(scene, id);

    assert_true(says(file, "List-Unsubscribe: <https://coop.example/fr/letters/off/1-1-"));
    assert_true(says(file, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert_true(says(file, "Bruno L."));
    assert_true(says(file, "/fr/login?to=3D/orders/1"));
    assert_false(says(file, "\nBcc"));

    scene->ctx.actor = (struct actor){.member = scene->test.amina};
    assert_int_equal(deed_account_notices(now(scene), NOTICE_MESSAGES), YES);
    post(scene,
         (struct posting){LETTER_ORDER, scene->test.amina, order, ORDER_TELL_ACCEPTED, NULL, NULL});
    post(scene,
         (struct posting){LETTER_ORDER, scene->test.amina, order, ORDER_TELL_MESSAGE, NULL, NULL});
    post(scene, (struct posting){LETTER_SECURITY, scene->test.amina, 0, LETTER_SECURITY_PASSWORD,
                                 NULL, NULL});
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    assert_int_equal(letter_file(scene, id + 1).len, 0);
    assert_true(letter_file(scene, id + 2).len > 0);
    assert_true(letter_file(scene, id + 3).len > 0); /* about signing in: always */
    assert_int_equal(waiting(scene, &list), 0);
}

static void a_letter_to_nobody_is_dropped(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;

    post(scene, (struct posting){LETTER_ADMITTED, 999, 0, 0, NULL, NULL});
    post(scene, (struct posting){LETTER_ORDER, scene->test.amina, 12345, 1, NULL, NULL});
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    world_shift_clock(scene->test.real, S_PER_DAY * NS_PER_S); /* and not put off */
    assert_int_equal(waiting(scene, &list), 0);
    assert_int_equal(letter_file(scene, 1).len + letter_file(scene, 2).len, 0);
}

static void what_cannot_leave_is_tried_ten_times(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;

    scene->config.mail_dir = "/nowhere/at/all";
    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.amina, 0, 0, NULL, "S"});
    for (int try = 0; try < LETTER_TRIES_MAX - 1; try++) {
        assert_int_equal(waiting(scene, &list), 1);
        assert_int_equal(list[0].tries, try);
        assert_int_equal(letters_send(now(scene), &scene->config), YES);
        assert_int_equal(waiting(scene, &list), 0);
        /* not a second before 1, 2, 4 ... minutes */
        world_shift_clock(scene->test.real, ((INT64_C(60) << try) - 2) * NS_PER_S);
        assert_int_equal(waiting(scene, &list), 0);
        world_shift_clock(scene->test.real, 3 * NS_PER_S);
    }
    assert_int_equal(waiting(scene, &list), 1);
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    world_shift_clock(scene->test.real, 365 * S_PER_DAY * NS_PER_S);
    assert_int_equal(waiting(scene, &list), 0);
}

static void a_bad_address_stops_no_other_letter(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;

    post(scene, (struct posting){LETTER_INVITE, 0, 1, 0, "x@y.z>\r\nBcc: all@example.org", "S"});
    post(scene, (struct posting){LETTER_INVITE, 0, 1, 0, "guest@example.org", "S"});
    assert_int_equal(waiting(scene, &list), 2);
    const int second = (int)list[1].id;

    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    assert_true(says(letter_file(scene, second), "To: <guest@example.org>\r\n"));
    assert_int_equal(letter_file(scene, second - 1).len, 0);
}

/* --- to a mail server ------------------------------------------------------------------------ */

/* Says yes to everything, or 550 to the address; keeps what it heard. */
struct mailbox {
    int listener, sessions;
    bool refuses;
    char heard[16384];
    size_t len;
    pthread_t thread;
};

static void answer(int fd, const char *line)
{
    assert_true(send(fd, line, strlen(line), MSG_NOSIGNAL) > 0);
}

static bool hear(struct mailbox *box, int fd, const char *end)
{
    const size_t from = box->len;

    while (str_find((str){box->heard + from, box->len - from}, str_of(end)) == box->len - from) {
        const ssize_t got = recv(fd, box->heard + box->len, sizeof box->heard - box->len - 1, 0);

        if (got <= 0)
            return false;
        box->len += (size_t)got;
    }
    return true;
}

static void *serve(void *self)
{
    struct mailbox *box = self;

    for (int i = 0; i < box->sessions; i++) {
        const int fd = accept(box->listener, NULL, NULL);

        answer(fd, "220 box\r\n");
        for (size_t from = box->len; hear(box, fd, "\r\n"); from = box->len) {
            const str line = {box->heard + from, box->len - from};

            if (str_starts(line, S("DATA"))) {
                answer(fd, "354 go\r\n");
                assert_true(hear(box, fd, "\r\n.\r\n"));
                answer(fd, "250 kept\r\n");
            } else if (str_starts(line, S("QUIT"))) {
                answer(fd, "221 bye\r\n");
                break;
            } else
                answer(fd,
                       box->refuses && str_starts(line, S("RCPT")) ? "550 no\r\n" : "250 ok\r\n");
        }
        (void)close(fd);
    }
    return NULL;
}

static uint16_t open_mailbox(struct mailbox *box, int sessions)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    box->sessions = sessions;
    box->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(box->listener, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(box->listener, 4), 0);
    assert_int_equal(getsockname(box->listener, (struct sockaddr *)&at, &len), 0);
    assert_int_equal(pthread_create(&box->thread, NULL, serve, box), 0);
    return ntohs(at.sin_port);
}

static void close_mailbox(struct mailbox *box)
{
    (void)pthread_join(box->thread, NULL);
    (void)close(box->listener);
}

static void a_mail_server_takes_letters(void **state)
{
    struct scene *scene = *state;
    static struct mailbox box;
    struct sql_letter *list;
    char smtp[64];

    box = (struct mailbox){0};
    (void)snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%u", open_mailbox(&box, 1));
    scene->config.smtp = smtp;
    scene->config.from = "robot@example.org";
    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.amina, 0, 0, NULL, "TOKEN1"});
    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.bruno, 0, 0, NULL, "TOKEN2"});
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    close_mailbox(&box);
    const str heard = {box.heard, box.len};

    assert_true(says(heard, "MAIL FROM:<robot@example.org>"));
    assert_true(says(heard, "RCPT TO:<amina@example.org>"));
    assert_true(says(heard, "RCPT TO:<bruno@example.org>"));
    assert_true(says(heard, "TOKEN1") && says(heard, "TOKEN2"));
    assert_int_equal(waiting(scene, &list), 0);
}

static void a_refusing_mail_server_keeps_them_waiting(void **state)
{
    struct scene *scene = *state;
    static struct mailbox box;
    struct sql_letter *list;
    char smtp[64];

    box = (struct mailbox){.refuses = true};
    (void)snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%u", open_mailbox(&box, 1));
    scene->config.smtp = smtp;
    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.amina, 0, 0, NULL, "TOKEN1"});
    post(scene, (struct posting){LETTER_SIGN_IN, scene->test.bruno, 0, 0, NULL, "TOKEN2"});
    assert_int_equal(letters_send(now(scene), &scene->config), YES);
    close_mailbox(&box);
    /* the first was put off, the second not even tried in this round */
    assert_int_equal(waiting(scene, &list), 1);
    assert_str(list[0].secret, "TOKEN2");
    world_shift_clock(scene->test.real, 61 * NS_PER_S);
    assert_int_equal(waiting(scene, &list), 2);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_filled_in),
        IN_SCENE(every_kind_has_its_words_in_both_languages),
        IN_SCENE(a_letter_is_filed_once_and_its_secret_forgotten),
        IN_SCENE(nothing_is_taken_when_nobody_can_send),
        IN_SCENE(an_order_tells_the_other_side_and_can_be_switched_off),
        IN_SCENE(a_letter_to_nobody_is_dropped),
        IN_SCENE(what_cannot_leave_is_tried_ten_times),
        IN_SCENE(a_bad_address_stops_no_other_letter),
        IN_SCENE(a_mail_server_takes_letters),
        IN_SCENE(a_refusing_mail_server_keeps_them_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
