/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jail/jail.h"

#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool set(int what, rlim_t most)
{
    const struct rlimit limit = {most, most};

    return setrlimit((__rlimit_resource_t)what, &limit) == 0;
}

static bool limit(const struct jail *jail)
{
    return set(RLIMIT_AS, jail->memory_max) && set(RLIMIT_NOFILE, jail->files_max) &&
           set(RLIMIT_FSIZE, jail->file_size_max) && set(RLIMIT_CORE, 0) && set(RLIMIT_NPROC, 0) &&
           (jail->seconds_max == 0 || set(RLIMIT_CPU, jail->seconds_max));
}

static bool allow_folder(int rules, int folder)
{
    const struct landlock_path_beneath_attr beneath = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                          LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                          LANDLOCK_ACCESS_FS_REMOVE_FILE,
        .parent_fd = folder};

    return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

/* A rule set that handles every access and allows none but the folder's. A kernel without Landlock
 * leaves it to seccomp. */
static bool close_paths(int folder)
{
    const struct landlock_ruleset_attr all = {.handled_access_fs =
                                                  (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    const long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);

    if (rules < 0)
        return true;
    const bool allowed = folder < 0 || allow_folder((int)rules, folder);

    (void)syscall(SYS_landlock_restrict_self, (int)rules, 0);
    (void)close((int)rules);
    return allowed;
}

static bool allow(scmp_filter_ctx context, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (seccomp_rule_add(context, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    return true;
}

static bool filter(const struct jail *jail)
{
    static const int always[] = {SYS_read,   SYS_write, SYS_mmap,      SYS_munmap,
                                 SYS_mremap, SYS_brk,   SYS_mprotect,  SYS_madvise,
                                 SYS_futex,  SYS_exit,  SYS_exit_group};
    const scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    const bool done = context != NULL && allow(context, always, sizeof always / sizeof always[0]) &&
                      allow(context, jail->calls, jail->calls_n) && seccomp_load(context) == 0;

    if (context != NULL)
        seccomp_release(context);
    return done;
}

bool jail_enter(const struct jail *jail)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return false;
    return close_paths(jail->folder) && limit(jail) && filter(jail);
}
