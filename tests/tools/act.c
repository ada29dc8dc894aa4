/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What happens in a store while no server has it, for stories:
 *
 *     act DATA send N            N entries of hours between the first two members
 *     act DATA leave MEMBER      the member leaves
 *     act DATA param NAME VALUE  a parameter is decided
 *     act DATA publish [SIZE]    DATA/log and DATA/signer/state (publishing.h)
 */
#include "publishing.h"

#include "deeds/account_erase.h"
#include "deeds/ledger.h"
#include "main/world.h"

static void must(no answer, const char *what)
{
    if (answer == YES)
        return;
    (void)fprintf(stderr, "act: %s: %s\n", what, no_line(answer)->name);
    exit(1);
}

static int64_t number(const char *text)
{
    int64_t n;

    if (text == NULL || !str_to_int64(str_of(text), &n))
        exit(2);
    return n;
}

static no send_one(struct ctx *ctx, void *n_)
{
    const int64_t n = *(const int64_t *)n_;
    struct ledger_leg leg = {.amount = 10 + n % 50, .currency = 2, .code = CODE_SEND};
    struct ledger_done done;

    TRY(ledger_purse_of(ctx, 1 + n % 2, 2, &leg.debit));
    TRY(ledger_purse_of(ctx, 2 - n % 2, 2, &leg.credit));
    return ledger_post(ctx,
                       &(struct ledger_ask){.journal = JOURNAL_TIME,
                                            .cause = CAUSE_SEND,
                                            .label = S("act"),
                                            .legs = &leg,
                                            .legs_n = 1},
                       &done);
}

struct decided {
    const char *name;
    int64_t value;
};

static no decide(struct ctx *ctx, void *decided_)
{
    const struct decided *decided = decided_;

    ctx->world->house_changed(ctx->world->self);
    return register_param(ctx, str_of(decided->name), decided->value, 0);
}

static void act(struct ctx *ctx, int argc, char **argv)
{
    const str what = str_of(argv[2]);
    const char *given = argc > 3 ? argv[3] : NULL;

    if (str_eq(what, S("publish")))
        (void)printf("%" PRIu64 "\n", publishing(ctx, argv[1], given == NULL ? 0 : number(given)));
    else if (str_eq(what, S("send")))
        for (int64_t i = 0, n = number(given); i < n; i++) {
            const size_t mark = arena_mark(ctx->arena);

            must(deed_run(ctx, send_one, &i), "send");
            arena_rewind(ctx->arena, mark);
        }
    else if (str_eq(what, S("leave"))) {
        struct erase_again_form form = {.erasure = {.member = number(given), .at_s = INT64_MAX}};

        must(deed_member_erase_again(ctx, &form), "leave");
    } else if (str_eq(what, S("param")) && argc == 5)
        must(deed_run(ctx, decide, &(struct decided){given, number(argv[4])}), "param");
    else
        exit(2);
}

int main(int argc, char **argv)
{
    struct real_world *world;
    struct arena arena;
    struct ctx ctx;

    if (argc < 3)
        return 2;
    must(world_open(&world, argv[1], 1), argv[1]);
    if (!arena_init(&arena, 8 << 20))
        return 1;
    world_ctx(world, &arena, &ctx);
    ctx.db = ctx.world->reader_take(ctx.world->self);
    act(&ctx, argc, argv);
    ctx.world->reader_give_back(ctx.world->self, ctx.db);
    world_close(world);
    arena_release(&arena);
    return 0;
}
