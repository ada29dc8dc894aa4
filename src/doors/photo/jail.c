/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/photo/jail.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMORY_MAX ((rlim_t)1200 << 20)
enum { SECONDS_MAX = 8 };

static bool limit(void)
{
    const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX}, seconds = {SECONDS_MAX, SECONDS_MAX},
                        none = {0, 0};

    return setrlimit(RLIMIT_AS, &memory) == 0 && setrlimit(RLIMIT_CPU, &seconds) == 0 &&
           setrlimit(RLIMIT_NOFILE, &none) == 0 && setrlimit(RLIMIT_FSIZE, &none) == 0 &&
           setrlimit(RLIMIT_CORE, &none) == 0 && setrlimit(RLIMIT_NPROC, &none) == 0;
}

/* A rule set that handles every access and allows none. A kernel without Landlock leaves it to
 * seccomp. */
static void no_paths(void)
{
    const struct landlock_ruleset_attr all = {.handled_access_fs =
                                                  (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    const long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);

    if (rules < 0)
        return;
    (void)syscall(SYS_landlock_restrict_self, (int)rules, 0);
    (void)close((int)rules);
}

static bool filter(void)
{
    static const int allowed[] = {SCMP_SYS(read),     SCMP_SYS(write),     SCMP_SYS(mmap),
                                  SCMP_SYS(munmap),   SCMP_SYS(mremap),    SCMP_SYS(brk),
                                  SCMP_SYS(mprotect), SCMP_SYS(madvise),   SCMP_SYS(futex),
                                  SCMP_SYS(exit),     SCMP_SYS(exit_group)};
    const scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool done = context != NULL;

    for (size_t i = 0; done && i < sizeof allowed / sizeof allowed[0]; i++)
        done = seccomp_rule_add(context, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    done = done && seccomp_load(context) == 0;
    if (context != NULL)
        seccomp_release(context);
    return done;
}

bool jail_enter(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return false;
    no_paths();
    return limit() && filter();
}
