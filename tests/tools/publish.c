/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 *     publish DATA [SIZE]
 *
 * writes DATA/log and DATA/signer/state for the register of a store (publishing.h). No server may
 * have it.
 */
#include "publishing.h"

#include "main/world.h"

int main(int argc, char **argv)
{
    struct real_world *world;
    struct arena arena;
    struct ctx ctx;
    int64_t size = 0;

    if (argc < 2 || argc > 3 || (argc == 3 && !str_to_int64(str_of(argv[2]), &size)))
        return 2;
    if (world_open(&world, argv[1], 1) != YES || !arena_init(&arena, 8 << 20))
        logmaker_die(argv[1]);
    world_ctx(world, &arena, &ctx);
    ctx.db = ctx.world->reader_take(ctx.world->self);
    (void)printf("%" PRIu64 "\n", publishing(&ctx, argv[1], size));
    ctx.world->reader_give_back(ctx.world->self, ctx.db);
    world_close(world);
    arena_release(&arena);
    return 0;
}
