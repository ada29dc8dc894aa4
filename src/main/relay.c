/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/relay.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { WORDS_BYTES = 64 * 1024, WORDS_MAX = 256 };

static bool address_of(const char *data, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    const int len = snprintf(address->sun_path, sizeof address->sun_path, "%s/filon.sock", data);

    return len > 0 && (size_t)len < sizeof address->sun_path;
}

/* --- the server's side
 * --------------------------------------------------------------------------------------------- */

/* A message: the working folder, then each word, all zero-terminated, with two descriptors beside
 * it. */
static ssize_t receive(int peer, char *bytes, size_t size, int fds[2])
{
    char space[CMSG_SPACE(2 * sizeof(int))];
    struct iovec part = {bytes, size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    const ssize_t got = recvmsg(peer, &message, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *extra = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;

    if (extra == NULL || extra->cmsg_type != SCM_RIGHTS ||
        extra->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return -1;
    memcpy(fds, CMSG_DATA(extra), 2 * sizeof(int));
    return got;
}

static void serve_one(struct relay *relay, int peer)
{
    char bytes[WORDS_BYTES];
    char *words[WORDS_MAX];
    int fds[2], n = 0;
    const ssize_t got = receive(peer, bytes, sizeof bytes, fds);

    if (got <= 0)
        return;
    if (bytes[got - 1] == 0) {
        for (char *at = bytes; at < bytes + got && n < WORDS_MAX; at += strlen(at) + 1)
            words[n++] = at;
        const int code =
            command_run(relay->world, relay->data, words[0], n - 1, words + 1, fds[0], fds[1]);
        const unsigned char answer = (unsigned char)code;

        if (write(peer, &answer, 1) != 1)
            log_line(LOG_WARN, "relay", "the caller of a command has gone", NULL);
    }
    (void)close(fds[0]);
    (void)close(fds[1]);
}

static void *relay_loop(void *self)
{
    struct relay *relay = self;
    struct pollfd watched[2] = {{.fd = relay->listener, .events = POLLIN},
                                {.fd = relay->stop[0], .events = POLLIN}};

    for (;;) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR)
            break;
        if (watched[1].revents != 0)
            break;
        const int peer =
            watched[0].revents != 0 ? accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC) : -1;

        if (peer >= 0) {
            serve_one(relay, peer);
            (void)close(peer);
        }
    }
    return NULL;
}

no relay_start(struct relay *relay, const struct world *world, const char *data)
{
    struct sockaddr_un address;

    *relay = (struct relay){.world = world, .data = data, .listener = -1};
    if (!address_of(data, &address))
        return NO_IO_FAILED;
    relay->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (relay->listener < 0)
        return NO_IO_FAILED;
    /* The folder's lock is ours, so a socket that is there was left by a server that died. */
    (void)unlink(address.sun_path);
    const mode_t mask = umask(0177);
    const int bound = bind(relay->listener, (const struct sockaddr *)&address, sizeof address);

    (void)umask(mask);
    if (bound != 0 || listen(relay->listener, 16) != 0 || pipe2(relay->stop, O_CLOEXEC) != 0) {
        (void)close(relay->listener);
        return NO_IO_FAILED;
    }
    relay->running = pthread_create(&relay->thread, NULL, relay_loop, relay) == 0;
    return relay->running ? YES : NO_OUT_OF_MEMORY;
}

void relay_stop(struct relay *relay)
{
    struct sockaddr_un address;

    if (!relay->running)
        return;
    if (write(relay->stop[1], "x", 1) == 1)
        (void)pthread_join(relay->thread, NULL);
    (void)close(relay->stop[0]);
    (void)close(relay->stop[1]);
    (void)close(relay->listener);
    if (address_of(relay->data, &address))
        (void)unlink(address.sun_path);
    relay->running = false;
}

/* --- the caller's side
 * -----------------------------------------------------------------------------------------------
 */

static bool pack(char *bytes, size_t size, size_t *used, const char *word)
{
    const size_t len = strlen(word) + 1;

    if (len > size - *used)
        return false;
    memcpy(bytes + *used, word, len);
    *used += len;
    return true;
}

static bool send_words(int server, const char *bytes, size_t len)
{
    char space[CMSG_SPACE(2 * sizeof(int))] = {0};
    const int fds[2] = {STDOUT_FILENO, STDERR_FILENO};
    struct iovec part = {0};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *extra = CMSG_FIRSTHDR(&message);
    char copy[WORDS_BYTES];

    memcpy(copy, bytes, len);
    part = (struct iovec){copy, len};
    extra->cmsg_level = SOL_SOCKET;
    extra->cmsg_type = SCM_RIGHTS;
    extra->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(extra), fds, sizeof fds);
    return sendmsg(server, &message, MSG_NOSIGNAL) == (ssize_t)len;
}

bool relay_ask(const char *data, int argc, char **argv, int *code)
{
    struct sockaddr_un address;
    char bytes[WORDS_BYTES], folder[4096];
    size_t used = 0;
    unsigned char answer = 1;

    if (!address_of(data, &address) || getcwd(folder, sizeof folder) == NULL)
        return false;
    const int server = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    bool sent = server >= 0 &&
                connect(server, (const struct sockaddr *)&address, sizeof address) == 0 &&
                pack(bytes, sizeof bytes, &used, folder);

    for (int i = 0; sent && i < argc; i++)
        sent = pack(bytes, sizeof bytes, &used, argv[i]);
    sent = sent && send_words(server, bytes, used);
    if (sent && read(server, &answer, 1) != 1)
        (void)fputs("filon: the server went away\n", stderr);
    if (server >= 0)
        (void)close(server);
    *code = answer;
    return sent;
}
