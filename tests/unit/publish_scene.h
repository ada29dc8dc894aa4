/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A founded co-op with its signer and publisher, and witnesses on this machine that behave as they
 * are told: some well, the others in every way in which a witness may be slow, broken or false.
 */
#ifndef TESTS_PUBLISH_SCENE_H
#define TESTS_PUBLISH_SCENE_H

#include "register_scene.h"

#include "deeds/register_house.h"
#include "doors/jobs/publish_in.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <semaphore.h>

enum behaviour {
    GOOD,
    DOWN,       /* nobody listens */
    SLOW,       /* takes the question, never answers */
    FAILING,    /* 500 */
    GARBAGE,    /* 200 and bytes */
    OTHER_KEY,  /* a cosignature of the same name under another key */
    BAD_LINE,   /* its own line, over something else */
    HUGE,       /* more than it may */
    REDIRECTS,  /* to a place where all is well */
    WITH_MLDSA, /* its line behind one of 5 kB of a kind we do not know */
    BEHIND,     /* 409 with a smaller size, then it takes it */
    ALWAYS_BEHIND,
    LARGER,       /* 409 with a size that we never signed, and nothing to show for it */
    LARGER_SHOWN, /* the same, and it shows a checkpoint with our signature */
    WITHOUT_SIZE, /* 409 and no size */
    DENIES,       /* 422 */
    UNKNOWN,      /* 404 */
    BEHAVIOURS
};

enum { WITNESSES = 3, REPLY = 400 << 10, BODY = 64 << 10 };

struct web_witness {
    enum behaviour is;
    struct MHD_Daemon *daemon;
    struct sign_pair pair;
    struct note_key key;
    char name[64], url[64];
    uint64_t time_s;
    int asked;
    char body[BODY]; /* the last question */
    size_t body_len;
    char shown[4096]; /* what GET gives; empty: 404 */
    char reply[REPLY];
    sem_t end;
};

struct publish_scene {
    struct scene co; /* first: the helpers of register_scene.h take it */
    struct signer *signer;
    struct publisher *publisher;
    struct web_witness witnesses[WITNESSES];
};

/* --- the witnesses ----------------------------------------------------------------------------
 */

/* A line of 5 kB, of the kind 0x06. */
static inline void put_mldsa(const struct web_witness *witness, struct buf *out)
{
    buf_put(out, S("\xe2\x80\x94 "));
    buf_put(out, witness->key.name);
    buf_put(out, S(" AAAA"));
    for (int i = 0; i < 1200; i++)
        buf_put(out, S("AAAA"));
    buf_put_char(out, '\n');
}

static inline unsigned cosign(struct web_witness *witness, const struct sign_pair *pair, bool mldsa,
                              struct buf *out)
{
    struct witness_request *request = calloc(1, sizeof *request);
    const str body = {witness->body, witness->body_len};
    struct note *note = calloc(1, sizeof *note);

    assert_int_equal(witness_request_parse(body, request), YES);
    assert_int_equal(note_parse(request->note, note), YES);
    if (mldsa)
        put_mldsa(witness, out);
    struct note_key key;

    assert_int_equal(note_key_make(witness->key.name, NOTE_COSIGNATURE, pair->public_key, &key),
                     YES);
    assert_int_equal(note_cosign(out, note->text, &key, pair, witness->time_s++), YES);
    free(note);
    free(request);
    return 200;
}

static inline unsigned bad_line(struct web_witness *witness, struct buf *out)
{
    uint8_t cosignature[COSIGNATURE_SIZE] = {0};

    note_put_line(out, &witness->key, cosignature, sizeof cosignature);
    return 200;
}

static inline unsigned say_size(struct buf *out, uint64_t size)
{
    witness_size_put(out, size);
    return 409;
}

static inline unsigned add_checkpoint(struct web_witness *witness, struct buf *out)
{
    const uint8_t seed[SIGN_SEED_SIZE] = {99};
    struct sign_pair other;

    sign_pair_of_seed(seed, &other);
    switch (witness->is) {
    case GOOD:
        return cosign(witness, &witness->pair, false, out);
    case SLOW:
        (void)sem_wait(&witness->end);
        (void)sem_post(&witness->end);
        return 500;
    case GARBAGE:
        buf_put(out, S("\x00\xff\n\n\xe2\x80\x94 x"));
        return 200;
    case OTHER_KEY:
        return cosign(witness, &other, false, out);
    case BAD_LINE:
        return bad_line(witness, out);
    case HUGE:
        for (int i = 0; i < 24; i++)
            put_mldsa(witness, out);
        return cosign(witness, &witness->pair, false, out);
    case REDIRECTS:
        return 307; /* keeps the method: whoever follows finds a cosignature */
    case WITH_MLDSA:
        return cosign(witness, &witness->pair, true, out);
    case BEHIND:
        return witness->asked == 1 ? say_size(out, 1) : cosign(witness, &witness->pair, false, out);
    case ALWAYS_BEHIND:
        return say_size(out, 1);
    case LARGER:
    case LARGER_SHOWN:
        return say_size(out, 1000);
    case WITHOUT_SIZE:
        buf_put(out, S("another root\n"));
        return 409;
    case DENIES:
        return 422;
    case UNKNOWN:
        return 404;
    case FAILING:
    case DOWN:
    case BEHAVIOURS:
        break;
    }
    return 500;
}

static inline unsigned get_checkpoint(struct web_witness *witness, struct buf *out)
{
    if (witness->is == LARGER_SHOWN || witness->is == GOOD)
        buf_put(out, str_of(witness->shown));
    return out->len > 0 ? 200 : 404;
}

static inline enum MHD_Result send_reply(struct MHD_Connection *connection, unsigned status,
                                         const struct buf *out)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(out->len, out->ptr, MHD_RESPMEM_MUST_COPY);

    if (status == 409 && out->len > 0 && out->ptr[0] >= '0' && out->ptr[0] <= '9')
        (void)MHD_add_response_header(response, "Content-Type", "text/x.tlog.size");
    if (status == 307)
        (void)MHD_add_response_header(response, "Location", "/good");
    const enum MHD_Result queued = MHD_queue_response(connection, status, response);

    MHD_destroy_response(response);
    return queued;
}

static inline enum MHD_Result web_answer(void *self, struct MHD_Connection *connection,
                                         const char *url, const char *method, const char *version,
                                         const char *upload, size_t *upload_size, void **state)
{
    struct web_witness *witness = self;
    struct arena arena;
    struct buf out;

    (void)version;
    if (*state == NULL) {
        *state = witness;
        witness->body_len = 0;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        assert_true(witness->body_len + *upload_size <= sizeof witness->body);
        memcpy(witness->body + witness->body_len, upload, *upload_size);
        witness->body_len += *upload_size;
        *upload_size = 0;
        return MHD_YES;
    }
    arena_init_on(&arena, witness->reply, sizeof witness->reply);
    buf_init(&out, &arena, REPLY / 2);
    const bool post = strcmp(method, "POST") == 0;

    witness->asked += post;
    const unsigned status = strcmp(url, "/w/add-checkpoint") == 0 && post
                                ? add_checkpoint(witness, &out)
                            : !post ? get_checkpoint(witness, &out)
                                    : cosign(witness, &witness->pair, false, &out);

    return send_reply(connection, status, &out);
}

static inline void witness_open(struct web_witness *witness, int number)
{
    const uint8_t seed[SIGN_SEED_SIZE] = {(uint8_t)(number + 1)};
    struct sockaddr_in at = {.sin_family = AF_INET};

    sign_pair_of_seed(seed, &witness->pair);
    (void)snprintf(witness->name, sizeof witness->name, "w%d.example/witness", number);
    assert_int_equal(note_key_make(str_of(witness->name), NOTE_COSIGNATURE,
                                   witness->pair.public_key, &witness->key),
                     YES);
    witness->time_s = 1767225600;
    (void)sem_init(&witness->end, 0, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    witness->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, web_answer,
                                       witness, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
    assert_non_null(witness->daemon);
    (void)snprintf(witness->url, sizeof witness->url, "http://127.0.0.1:%u/w",
                   MHD_get_daemon_info(witness->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
}

static inline void witness_close(struct web_witness *witness)
{
    (void)sem_post(&witness->end);
    if (witness->daemon != NULL)
        MHD_stop_daemon(witness->daemon);
    witness->daemon = NULL;
}

/* --- the co-op --------------------------------------------------------------------------------
 */

static inline void publisher_open(struct publish_scene *scene)
{
    const struct publish_config config = {.world = scene->co.test.world,
                                          .data = scene->co.test.dir,
                                          .origin = "https://coop.example",
                                          .signer = scene->signer};

    assert_int_equal(publish_open(&scene->publisher, &config), YES);
}

/* Another run of the same house. */
static inline void publisher_again(struct publish_scene *scene)
{
    publish_close(scene->publisher);
    publisher_open(scene);
}

static inline int publish_set_up(void **state)
{
    struct publish_scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->co.test);
    test_found(&scene->co.test);
    hash_sha256_init(&scene->co.sha);
    assert_int_equal(signer_start(&scene->signer, scene->co.test.dir), YES);
    publisher_open(scene);
    for (int i = 0; i < WITNESSES; i++)
        witness_open(&scene->witnesses[i], i);
    *state = scene;
    return 0;
}

static inline int publish_tear_down(void **state)
{
    struct publish_scene *scene = *state;

    publish_close(scene->publisher);
    signer_stop(scene->signer);
    for (int i = 0; i < WITNESSES; i++)
        witness_close(&scene->witnesses[i]);
    test_world_close(&scene->co.test);
    hash_sha256_release(&scene->co.sha);
    free(scene);
    return 0;
}

static inline void set_policy(struct publish_scene *scene, const char *quorum)
{
    struct register_policy_form form = {.line = 0};
    struct ctx ctx;
    struct buf text;

    test_as(&scene->co.test, &ctx, 0, 0);
    ctx.actor.console = true;
    buf_init(&text, ctx.arena, 1024);
    for (int i = 0; i < WITNESSES; i++) {
        buf_printf(&text, "witness w%d ", i);
        note_key_put(&text, &scene->witnesses[i].key);
        buf_printf(&text, " %s\n",
                   scene->witnesses[i].is == DOWN ? "http://127.0.0.1:9/w"
                                                  : scene->witnesses[i].url);
    }
    buf_put(&text, str_of(quorum));
    form.text = buf_str(&text);
    assert_int_equal(deed_register_policy(&ctx, &form), YES);
    test_done(&ctx);
}

static inline struct register_state state_of(struct publish_scene *scene)
{
    struct register_state state = {.recorded = 0};
    struct ctx ctx;

    test_as(&scene->co.test, &ctx, 0, 0);
    assert_int_equal(view_register_state(&ctx, &state), YES);
    test_done(&ctx);
    return state;
}

/* A file of DATA/log in the scene's arena; STR_NONE when there is none. */
static inline str file_of(struct publish_scene *scene, const char *path)
{
    str bytes;
    struct log_files *files = &scene->publisher->files;

    return log_files_get(files, &scene->co.test.arena, str_of(path), LOG_BUNDLE_MAX, &bytes) == YES
               ? bytes
               : STR_NONE;
}

/* What a reader with the published policy makes of the published checkpoint. */
static inline no weigh(struct publish_scene *scene, struct policy_verdict *verdict)
{
    static struct policy policy;
    unsigned line;

    *verdict = (struct policy_verdict){.met = false};
    assert_int_equal(policy_parse(file_of(scene, "policy"), &policy, &line), YES);
    return policy_weigh_checkpoint(&policy, file_of(scene, "checkpoint"), verdict);
}

static inline uint64_t size_published(struct publish_scene *scene)
{
    struct policy_verdict verdict;

    return weigh(scene, &verdict) == YES ? verdict.checkpoint.size : 0;
}

/* A checkpoint with a root of zeros that our own key signed: only its thief or we could. */
static inline void forge(struct publish_scene *scene, uint64_t size, char out[4096])
{
    struct checkpoint checkpoint = {.origin = scene->publisher->origin, .size = size};
    char path[128], hex[2 * SIGN_SEED_SIZE];
    uint8_t seed[SIGN_SEED_SIZE];
    struct sign_pair pair;
    struct note_key key;
    struct buf text, note;

    (void)snprintf(path, sizeof path, "%s/signer/log.key", scene->co.test.dir);
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fread(hex, 1, sizeof hex, file), sizeof hex);
    (void)fclose(file);
    assert_true(str_unhex((str){hex, sizeof hex}, seed, sizeof seed));
    sign_pair_of_seed(seed, &pair);
    assert_int_equal(note_key_make(checkpoint.origin, NOTE_ED25519, pair.public_key, &key), YES);
    buf_init(&text, &scene->co.test.arena, 512);
    buf_init(&note, &scene->co.test.arena, 1024);
    assert_int_equal(checkpoint_put(&text, &checkpoint), YES);
    buf_put(&note, buf_str(&text));
    buf_put_char(&note, '\n');
    assert_int_equal(note_sign(&note, buf_str(&text), &key, &pair), YES);
    (void)snprintf(out, 4096, "%.*s", (int)note.len, note.ptr);
}

static inline void one_more(struct publish_scene *scene)
{
    (void)send_hours(&scene->co, scene->co.test.amina, scene->co.test.bruno, 1);
}

#endif
