/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * `filon log ...` as a function: words in, exit code, what was said. A folder of its own, in which
 * relative paths of the words lie.
 */
#ifndef TESTS_LOG_SCENE_H
#define TESTS_LOG_SCENE_H

#include "cm.h"

#include "../tools/logmaker.h"
#include "doors/cli/cli.h"

#include <string.h>
#include <unistd.h>

#define SHARED_LOGS "../shared/data/tlog/dev/logs"
#define SHARED_GOLDEN "../shared/data/tlog/dev/golden"

struct log_scene {
    struct cli cli;
    struct arena arena;
    char folder[64], *out, *err;
    size_t out_n, err_n;
};

static inline int log_scene_open(void **state)
{
    struct log_scene *scene = calloc(1, sizeof *scene);

    (void)snprintf(scene->folder, sizeof scene->folder, "/tmp/log_test.XXXXXX");
    if (!arena_init(&scene->arena, CLI_ARENA) || mkdtemp(scene->folder) == NULL)
        return -1;
    scene->cli = (struct cli){.ctx = {.arena = &scene->arena}, .folder = scene->folder};
    *state = scene;
    return 0;
}

static inline int log_scene_close(void **state)
{
    struct log_scene *scene = *state;
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", scene->folder);
    const int code = system(command);

    arena_release(&scene->arena);
    free(scene->out);
    free(scene->err);
    free(scene);
    return code;
}

/* A path in the scene's folder; good until the fourth next call. */
static inline const char *log_at(const struct log_scene *scene, const char *path)
{
    static char names[4][300];
    static unsigned next;
    char *name = names[next++ % 4];

    (void)snprintf(name, sizeof names[0], "%s/%s", scene->folder, path);
    return name;
}

/* Runs `filon log WORDS...`: words separated by blanks, "@" before a path in the scene's folder
 * that is not read by the command line itself. */
static inline int log_run(struct log_scene *scene, const char *words)
{
    char text[1024], *argv[24], paths[24][1200];
    struct cli *cli = &scene->cli;

    (void)snprintf(text, sizeof text, "%s", words);
    cli->argc = 0;
    for (char *word = text, *end; *word != 0 && cli->argc < 24; word = end) {
        end = word + strcspn(word, " ");
        if (*end != 0)
            *end++ = 0;
        (void)snprintf(paths[cli->argc], sizeof paths[0], "%s%s%s",
                       *word == '@' ? scene->folder : "", *word == '@' ? "/" : "",
                       *word == '@' ? word + 1 : word);
        argv[cli->argc] = paths[cli->argc];
        cli->argc++;
    }
    free(scene->out);
    free(scene->err);
    cli->argv = argv;
    cli->out = open_memstream(&scene->out, &scene->out_n);
    cli->err = open_memstream(&scene->err, &scene->err_n);
    cli->json = cli_flag(cli, "--json");
    const int code = cli_log(cli);

    (void)fclose(cli->out);
    (void)fclose(cli->err);
    arena_reset(&scene->arena);
    return code;
}

/* The same, for a code that is known; else what was said is printed. */
static inline void log_expect(struct log_scene *scene, int wanted, const char *words,
                              const char *why)
{
    const int code = log_run(scene, words);

    if (code != wanted ||
        (why != NULL && strstr(scene->err, why) == NULL && strstr(scene->out, why) == NULL))
        fail_msg("filon log %s\nended with %d, not %d\n%s%s(wanted: %s)", words, code, wanted,
                 scene->out, scene->err, why == NULL ? "" : why);
}

static inline void log_shell(const struct log_scene *scene, const char *command)
{
    char text[1024];

    (void)snprintf(text, sizeof text, "cd '%s' && %s", scene->folder, command);
    if (system(text) != 0)
        fail_msg("%s", text);
}

/* Copies a register of the shared data to NAME; skips the test when it is not there. */
static inline void log_copy(const struct log_scene *scene, const char *from, const char *name)
{
    char command[600];

    if (access(from, R_OK) != 0)
        skip();
    (void)snprintf(command, sizeof command, "cp -r '%s' '%s/%s' && chmod -R u+w '%s/%s'", from,
                   scene->folder, name, scene->folder, name);
    if (system(command) != 0)
        fail_msg("%s", command);
}

/* The policy of a register of logmaker's kind of keys.txt: all of its witnesses. */
static inline void log_policy_of_keys(const struct log_scene *scene, const char *keys)
{
    char command[600];

    (void)snprintf(command, sizeof command,
                   "{ sed -n '1s/^/log /p' %s; sed -n '2,$p' %s | sed = | sed "
                   "'N;s/^\\([0-9]*\\)\\n/witness w\\1 /';"
                   " echo group q all w1 w2 w3; echo quorum q; } >policy",
                   keys, keys);
    log_shell(scene, command);
}

/* A register of `n` entries of 96 bytes in NAME, its policy in "policy". */
static inline void log_make(const struct log_scene *scene, const char *name, uint64_t n)
{
    struct logmaker *maker = malloc(sizeof *maker);
    char entry[128];

    logmaker_begin(maker, log_at(scene, name));
    for (uint64_t i = 0; i < n; i++)
        logmaker_add(maker, logmaker_entry(entry, 96, i, LOGMAKER_TIME_S - 1000));
    logmaker_edge(maker);
    logmaker_checkpoint(maker, "checkpoint");
    maker->folder = scene->folder;
    logmaker_policy(maker, "policy", NULL);
    logmaker_end(maker);
    free(maker);
}

#endif
