/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of doors/jobs/peers*.c share.
 */
#ifndef DOORS_JOBS_PEERS_IN_H
#define DOORS_JOBS_PEERS_IN_H

#include "deeds/register_house.h"
#include "doors/jobs/peers.h"
#include "doors/log/files.h"
#include "wire/checkpoint.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PEERS_MAX = 256, PEERS_HEX = 2 * HASH_SIZE };

struct peers {
    struct peers_config config;
    struct arena own, scratch;
    struct log_folder log, mirror; /* DATA/log, DATA/mirror */
    struct hash_sha256_ctx sha;
    /* When each is looked at next, by the fingerprint of its name. */
    struct {
        char hex[PEERS_HEX];
        int64_t next_ns;
    } times[PEERS_MAX];
    size_t times_n;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t end;
    bool running;
    atomic_bool stopping;
};

/* One peer, being looked at. */
struct peer_look {
    struct peers *all;
    const struct register_peer *peer;
    char hex[PEERS_HEX];
    struct log_files web, kept; /* what it serves; DATA/mirror/HEX */
    struct log_folder folder;   /* the same, to write */
};

/* peers_mirror.c: copies the files that a register of size `to` has and one of `from` had not, and
 * checks them up to the signed root. NO_REGISTER_DAMAGED: they are not what it signed. */
no peers_mirror(struct peer_look *look, uint64_t from, const struct checkpoint *to) MUST_USE;

#endif
