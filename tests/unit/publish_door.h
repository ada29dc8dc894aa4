/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The house of publish_scene.h with its HTTP door open.
 */
#ifndef TESTS_PUBLISH_DOOR_H
#define TESTS_PUBLISH_DOOR_H

#include "http_client.h"

#include "publish_scene.h"

#include "doors/http/server.h"

struct door {
    struct publish_scene *scene;
    struct http_server *server;
    uint16_t port;
    char log_dir[128];
};

static inline int open_door(void **state)
{
    struct door *door = calloc(1, sizeof *door);

    assert_int_equal(publish_set_up((void **)&door->scene), 0);
    (void)snprintf(door->log_dir, sizeof door->log_dir, "%s/log", door->scene->co.test.dir);
    const struct http_config config = {.port_given = true,
                                       .world = door->scene->co.test.world,
                                       .rate_off = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .signer = door->scene->signer,
                                       .log_dir = door->log_dir};

    assert_int_equal(http_serve(&door->server, &config), YES);
    door->port = http_port(door->server);
    *state = door;
    return 0;
}

static inline int close_door(void **state)
{
    struct door *door = *state;

    http_stop(door->server);
    assert_int_equal(publish_tear_down((void **)&door->scene), 0);
    free(door);
    return 0;
}

/* N in a path is the published size, M one more. */
static inline const char *with_size(const struct door *door, const char *path)
{
    static char full[256];
    size_t len = 0;

    for (; *path != 0; path++) {
        if (*path == 'N' || *path == 'M')
            len += (size_t)snprintf(full + len, sizeof full - len, "%d",
                                    (int)size_published(door->scene) + (*path == 'M'));
        else
            full[len++] = *path;
    }
    full[len] = 0;
    return full;
}

static inline void get(const struct door *door, const char *method, const char *path,
                       const char *more, struct reply *reply)
{
    char request[1024];
    const int len = snprintf(request, sizeof request,
                             "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", method,
                             with_size(door, path), more);

    const int fd = client_open(door->port);

    assert_true(client_send(fd, (str){request, (size_t)len}));
    client_read_one(fd, reply, strcmp(method, "HEAD") == 0);
    (void)close(fd);
}

static inline void post(const struct door *door, str body, struct reply *reply)
{
    struct arena *arena = &door->scene->co.test.arena;
    const size_t mark = arena_mark(arena);
    struct buf out;

    buf_init(&out, arena, body.len + 256);
    buf_printf(&out,
               "POST /witness/add-checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
               "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
               body.len);
    buf_put(&out, body);
    client_ask(door->port, buf_str(&out), reply);
    arena_rewind(arena, mark);
}

#endif
