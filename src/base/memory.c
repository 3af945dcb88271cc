/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t of_machine(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (size_t)pages * (size_t)page : SIZE_MAX;
}

/* The number in a file; SIZE_MAX for "max", or where there is no such file. */
static size_t number_in(const char *path)
{
    unsigned long long bytes;
    FILE *file = fopen(path, "r");
    if (!file)
        return SIZE_MAX;
    size_t number = fscanf(file, "%llu", &bytes) == 1 ? (size_t)bytes : SIZE_MAX;
    fclose(file);
    return number;
}

/* The least limit of our control group and of those that it is in, up to the root. */
static size_t of_group(const char *root, char *group, const char *name)
{
    size_t least = SIZE_MAX;
    for (;;) {
        char path[4096 + 64];
        snprintf(path, sizeof path, "%s%s/%s", root, group, name);
        least = smaller(least, number_in(path));
        char *slash = strrchr(group, '/');
        if (!slash)
            return least;
        *slash = 0;
    }
}

/* Lines "0::/path" (version 2) and "9:memory:/path" (version 1). */
static size_t of_groups(void)
{
    char line[4096];
    size_t least = SIZE_MAX;
    FILE *file = fopen("/proc/self/cgroup", "r");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *names = strchr(line, ':'), *group = names ? strchr(names + 1, ':') : NULL;
        if (!group)
            continue;
        *group++ = 0;
        if (names[1] == 0)
            least = smaller(least, of_group("/sys/fs/cgroup", group, "memory.max"));
        else if (strcmp(names + 1, "memory") == 0)
            least = smaller(least, of_group("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"));
    }
    if (file)
        fclose(file);
    return least;
}

static size_t of_limits(void)
{
    static const int resource[] = {RLIMIT_AS, RLIMIT_DATA};
    size_t least = SIZE_MAX;
    for (int i = 0; i < 2; i++) {
        struct rlimit limit;
        if (getrlimit(resource[i], &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
            least = smaller(least, (size_t)limit.rlim_cur);
    }
    return least;
}

size_t rit_memory_here(void)
{
    return smaller(smaller(of_machine(), of_groups()), of_limits());
}
