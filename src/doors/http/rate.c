/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/rate.h"

#include <assert.h>
#include <pthread.h>

enum { ROWS = 4096, WAYS = 4, LOCKS = 64 };

struct bucket {
    uint64_t key;    /* 0 = empty */
    int64_t full_ms; /* when it will be full again: the whole state of a token bucket */
};

struct http_rate {
    uint64_t seed;
    pthread_mutex_t locks[LOCKS];
    struct bucket rows[ROWS][WAYS];
};

/* A page costs the house 20 us, a sign-in 20 ms of a core and a letter: the sizes follow the cost.
 * A whole co-op may sit behind one address, so a reader's bucket is wide. */
static const struct http_rate_size sizes[HTTP_RATE_CLASSES] = {
    [HTTP_RATE_READ] = {300, 25},      [HTTP_RATE_WRITE] = {60, 500},
    [HTTP_RATE_SIGN_IN] = {10, 20000}, [HTTP_RATE_SEARCH] = {60, 200},
    [HTTP_RATE_UPLOAD] = {20, 5000},   [HTTP_RATE_PEER] = {300, 50},
    [HTTP_RATE_FILES] = {4000, 2},
};

struct http_rate_size http_rate_size(enum http_rate_class class)
{
    assert(class > HTTP_RATE_BY_METHOD && class < HTTP_RATE_CLASSES);
    return sizes[class];
}

struct http_rate *http_rate_make(struct arena *arena, uint64_t seed)
{
    struct http_rate *rate = arena_take(arena, sizeof *rate);

    if (rate == NULL)
        return NULL;
    rate->seed = seed;
    for (size_t i = 0; i < LOCKS; i++)
        (void)pthread_mutex_init(&rate->locks[i], NULL);
    return rate;
}

/* splitmix64's finisher: enough to spread keys whose seed nobody outside knows. */
static uint64_t mix(uint64_t n)
{
    n = (n ^ (n >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ (n >> 27)) * UINT64_C(0x94d049bb133111eb);
    return n ^ (n >> 31);
}

/* The first four groups of an IPv6 address: whoever has one has 2^64. */
static str network(str address)
{
    size_t colons = 0;

    for (size_t i = 0; i < address.len; i++) {
        if (address.ptr[i] != ':')
            continue;
        if (++colons == 4 || (i + 1 < address.len && address.ptr[i + 1] == ':'))
            return (str){address.ptr, i};
    }
    return address;
}

static uint64_t key_of(const struct http_rate *rate, enum http_rate_class class, int64_t member,
                       str address)
{
    uint64_t key = mix(rate->seed + (uint64_t) class);

    if (member != 0)
        return mix(key ^ (uint64_t)member) | 1;
    address = network(address);
    for (size_t i = 0; i < address.len; i++)
        key = mix(key + (unsigned char)address.ptr[i] + 256);
    return key | 1;
}

static struct bucket *find(struct bucket *row, uint64_t key)
{
    struct bucket *oldest = row;

    for (size_t i = 0; i < WAYS; i++) {
        if (row[i].key == key)
            return &row[i];
        if (row[i].full_ms < oldest->full_ms)
            oldest = &row[i];
    }
    *oldest = (struct bucket){.key = key};
    return oldest;
}

bool http_rate_take(struct http_rate *rate, enum http_rate_class class, int64_t member, str address,
                    int64_t now_ms, uint64_t *wait_ms)
{
    const struct http_rate_size size = http_rate_size(class);
    const int64_t window_ms = (int64_t)size.burst * size.refill_ms;
    const uint64_t key = key_of(rate, class, member, address);
    const size_t row = (size_t)(key >> 32) % ROWS;

    (void)pthread_mutex_lock(&rate->locks[row % LOCKS]);
    struct bucket *bucket = find(rate->rows[row], key);
    const int64_t full_ms = (bucket->full_ms > now_ms ? bucket->full_ms : now_ms) + size.refill_ms;
    const bool allowed = full_ms - now_ms <= window_ms;

    if (allowed)
        bucket->full_ms = full_ms;
    else
        *wait_ms = (uint64_t)(full_ms - now_ms - window_ms);
    (void)pthread_mutex_unlock(&rate->locks[row % LOCKS]);
    return allowed;
}
