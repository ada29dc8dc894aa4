/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/publishing.h"

#include "base/hash.h"
#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

static void complain(const char *what, no why)
{
    log_line(LOG_ERROR, "serve", what, "no", no_line(why)->name, NULL);
}

/* Of the file that runs, even if another lies in its place by now. */
static void hash_program(uint8_t sha256[HASH_SIZE])
{
    const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct hash_sha256_ctx sha;
    char block[65536];
    ssize_t got;

    hash_sha256_init(&sha);
    while (fd >= 0 && (got = read(fd, block, sizeof block)) > 0)
        hash_sha256_update(&sha, block, (size_t)got);
    hash_sha256_final(&sha, sha256);
    hash_sha256_release(&sha);
    if (fd >= 0)
        (void)close(fd);
}

void publishing_prepare(struct publishing *publishing, struct real_world *world, const char *data)
{
    *publishing = (struct publishing){.world = world};
    const no answer = signer_start(&publishing->signer, data);

    if (answer == YES)
        return;
    publishing->signer = NULL;
    complain("there is no signer: the register is written and not signed", answer);
}

static no follow_peers(struct publishing *publishing, const char *data)
{
    const struct peers_config config = {
        .world = world_functions(publishing->world), .data = data, .signer = publishing->signer};

    TRY(peers_open(&publishing->peers, &config));
    return peers_start(publishing->peers);
}

void publishing_start(struct publishing *publishing, const char *data, const char *origin)
{
    struct publish_config config = {.world = world_functions(publishing->world),
                                    .data = data,
                                    .origin = origin,
                                    .signer = publishing->signer};

    if (publishing->signer == NULL)
        return;
    hash_program(config.program);
    no answer = publish_open(&publishing->publisher, &config);

    if (answer == YES) {
        world_on_commit(publishing->world, publish_wake, publishing->publisher);
        answer = publish_start(publishing->publisher);
    } else
        publishing->publisher = NULL;
    if (answer != YES)
        complain("nothing will be published", answer);
    answer = follow_peers(publishing, data);
    if (answer != YES)
        complain("nobody looks at the registers of others", answer);
}

void publishing_stop(struct publishing *publishing)
{
    world_on_commit(publishing->world, NULL, NULL);
    if (publishing->peers != NULL) {
        peers_stop(publishing->peers);
        peers_close(publishing->peers);
    }
    if (publishing->publisher != NULL) {
        publish_stop(publishing->publisher);
        publish_close(publishing->publisher);
    }
    signer_stop(publishing->signer);
}
