/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/kernels.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

extern const struct rit_kernels rit_kernels_portable;
#ifdef __x86_64__
extern const struct rit_kernels rit_kernels_avx512, rit_kernels_avx2;
#endif

/* Best first; `fast` means that a multiply-add is one instruction and not a library call. */
struct candidate {
    const struct rit_kernels *kernels;
    bool runs, fast;
};

enum { CANDIDATES = 3 };

static int candidates(struct candidate found[CANDIDATES])
{
    int n = 0;
#ifdef __x86_64__
    found[n++] =
        (struct candidate){&rit_kernels_avx512,
                           __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                               __builtin_cpu_supports("avx512cd"),
                           true};
    found[n++] = (struct candidate){&rit_kernels_avx2,
                                    __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                                        __builtin_cpu_supports("bmi2"),
                                    true};
#endif
#if defined __FP_FAST_FMAF && defined __FP_FAST_FMA
    found[n++] = (struct candidate){&rit_kernels_portable, true, true};
#else
    found[n++] = (struct candidate){&rit_kernels_portable, true, false};
#endif
    return n;
}

const struct rit_kernels *rit_kernels_named(const char *name)
{
    struct candidate found[CANDIDATES];
    int n = candidates(found);
    for (int i = 0; i < n; i++)
        if (found[i].runs && strcmp(found[i].kernels->name, name) == 0)
            return found[i].kernels;
    return NULL;
}

const struct rit_kernels *rit_kernels_choose(struct rit_error *err)
{
    const char *asked = getenv("RITARDANDO_ISA");
    if (asked && *asked) {
        const struct rit_kernels *named = rit_kernels_named(asked);
        if (!named)
            rit_fail(err, RIT_BAD_INPUT,
                     "RITARDANDO_ISA=%s: this program or this CPU does not have these kernels", asked);
        return named;
    }
    struct candidate found[CANDIDATES];
    int n = candidates(found);
    for (int i = 0; i < n; i++)
        if (found[i].runs && found[i].fast)
            return found[i].kernels;
    rit_fail(
        err, RIT_BAD_INPUT,
        "this CPU has no fused multiply-add (on x86: AVX2 with FMA, or AVX-512), which the results' bits "
        "are made of");
    return NULL;
}

static const struct rit_kernels *chosen;

static void choose(void)
{
    chosen = rit_kernels_choose(NULL);
}

const struct rit_kernels *rit_kernels(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, choose);
    RIT_CHECK(chosen);
    return chosen;
}
