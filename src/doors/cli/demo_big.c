/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A city of data for the benches, made in batches of a thousand.
 */
#include "deeds/demo.h"
#include "doors/cli/demo_in.h"

static no make(struct ctx *ctx, struct demo_mass *mass, int64_t all, const char *what,
               no (*deed)(struct ctx *, struct demo_batch *), bool progress)
{
    for (int64_t done = 0; done < all;) {
        struct demo_batch batch = {.mass = mass,
                                   .n = all - done < DEMO_BATCH ? all - done : DEMO_BATCH};
        const size_t mark = arena_mark(ctx->arena);

        ctx->actor = (struct actor){.console = true, .roles = ROLE_FACILITATOR};
        TRY(deed(ctx, &batch));
        arena_rewind(ctx->arena, mark);
        done += batch.n;
        if (progress)
            demo_draw(what, done, all);
    }
    return YES;
}

no demo_make_big(struct ctx *ctx, const struct demo_size *size, bool progress)
{
    struct demo_mass mass = {.seed = UINT64_C(0x6d61737365730001)};
    const int64_t offers = size->offers > 0 || size->orders == 0 ? size->offers : 1000;
    const int64_t members = size->members > 0 || offers == 0 ? size->members : 1000;

    TRY(view_demo_cities(ctx, &mass));
    TRY(make(ctx, &mass, members, "members", deed_demo_members, progress));
    TRY(make(ctx, &mass, offers, "offers ", deed_demo_offers, progress));
    return make(ctx, &mass, size->orders, "orders ", deed_demo_orders, progress);
}
