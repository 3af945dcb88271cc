/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <ritardando/status.h>

#include "base/exact.h"

#include <Random123/philox.h>
#include <math.h>

struct rit_random rit_random_open(uint64_t seed, enum rit_purpose purpose, uint64_t a, uint64_t b)
{
    return (struct rit_random){.key = {seed, (uint64_t)purpose}, .counter = {0, a, b, 0}, .used = 4};
}

uint64_t rit_random_bits(struct rit_random *r)
{
    if (r->used == 4) {
        philox4x64_key_t key = {{r->key[0], r->key[1]}};
        philox4x64_ctr_t in = {{r->counter[0], r->counter[1], r->counter[2], r->counter[3]}};
        philox4x64_ctr_t out = philox4x64(in, key);
        for (int i = 0; i < 4; i++)
            r->word[i] = out.v[i];
        r->counter[0]++;
        r->used = 0;
    }
    return r->word[r->used++];
}

double rit_random_uniform(struct rit_random *r)
{
    return (double)(rit_random_bits(r) >> 11) * 0x1p-53;
}

uint64_t rit_random_below(struct rit_random *r, uint64_t n)
{
    RIT_CHECK(n >= 1);
    uint64_t rejected = -n % n; /* 2^64 mod n: the draws below it would favour the small numbers */
    for (;;) {
        uint64_t x = rit_random_bits(r);
        if (x >= rejected)
            return x % n;
    }
}

double rit_random_gauss(struct rit_random *r)
{
    double u = 1.0 - rit_random_uniform(r); /* (0,1] */
    double v = rit_random_uniform(r);
    return sqrt(-2.0 * rit_log(u)) * rit_sinpi(2.0 * v);
}

int rit_random_choose(struct rit_random *r, int n, const int (*choice)[2])
{
    int sum = 0, i = 0;
    for (int k = 0; k < n; k++)
        sum += choice[k][1];
    RIT_CHECK(sum > 0);
    for (int left = (int)rit_random_below(r, (uint64_t)sum); left >= choice[i][1]; i++)
        left -= choice[i][1];
    return choice[i][0];
}

void rit_random_permutation(struct rit_random *r, int n, int *out)
{
    for (int i = 0; i < n; i++) {
        int j = (int)rit_random_below(r, (uint64_t)i + 1);
        out[i] = out[j];
        out[j] = i;
    }
}

void rit_random_subset(struct rit_random *r, int n, int k, int *out, unsigned char *mark)
{
    RIT_CHECK(0 <= k && k <= n);
    for (int j = n - k; j < n; j++) {
        int x = (int)rit_random_below(r, (uint64_t)j + 1);
        mark[mark[x] ? j : x] = 1;
    }
    int found = 0;
    for (int i = 0; i < n; i++) {
        if (mark[i]) {
            out[found++] = i;
            mark[i] = 0;
        }
    }
    RIT_CHECK(found == k);
}
