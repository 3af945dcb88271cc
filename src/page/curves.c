/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/curves.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_PAIRS = 96, FEWEST_PAIRS = 24, ALL_PAIRS = 1000000 };

/* Curves span these twelve decades of tau and of NLL [bit]; a step of the scale is 0.04 %. */
static const double low = 1e-6, high = 1e6;

static void print_base64(const unsigned char *byte, size_t n, struct rit_buffer *out)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned x = (unsigned)byte[i] << 16;
        x |= i + 1 < n ? (unsigned)byte[i + 1] << 8 : 0;
        x |= i + 2 < n ? byte[i + 2] : 0;
        char four[4] = {digit[x >> 18], digit[x >> 12 & 63], digit[x >> 6 & 63], digit[x & 63]};
        four[2] = i + 1 < n ? four[2] : '=';
        four[3] = i + 2 < n ? four[3] : '=';
        rit_pack_bytes(out, four, 4);
    }
}

static void pack_log(double x, struct rit_buffer *out)
{
    double u = 65535.0 * log(x / low) / log(high / low);
    unsigned rounded = (unsigned)fmin(fmax(round(u), 0.0), 65535.0);
    rit_pack_bytes(out, (unsigned char[2]){rounded & 255, rounded >> 8}, 2);
}

/* Pack at most `most` pairs of one curve, its last among them. Returns how many. */
static size_t pack_curve(const double *tau, const double *nll, size_t n, size_t most, struct rit_buffer *out)
{
    size_t good = 0, kept = 0, seen = 0;
    for (size_t k = 0; k < n; k++)
        good += tau[k] > 0.0 && nll[k] > 0.0 && isfinite(nll[k]);
    for (size_t k = 0; k < n; k++) {
        if (!(tau[k] > 0.0 && nll[k] > 0.0 && isfinite(nll[k])))
            continue;
        seen++;
        if (good > most && seen * most / good == (seen - 1) * most / good)
            continue;
        pack_log(tau[k], out);
        pack_log(nll[k], out);
        kept++;
    }
    return kept;
}

void rit_curves_print(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    const struct rit_array *nll = rit_dataset_find(dataset, "nll"),
                           *tau = rit_dataset_find(dataset, "nll_tau");
    size_t points = dataset->points;
    if (!nll || !tau || nll->count != tau->count || nll->count == 0 || nll->count % points != 0)
        return;
    size_t n = nll->count / points, most = ALL_PAIRS / points, total = 0;
    most = most > MOST_PAIRS ? MOST_PAIRS : most < FEWEST_PAIRS ? FEWEST_PAIRS : most;
    struct rit_buffer pairs = {0};
    rit_buffer_printf(out, ",\n\"curves\": {\"low\": %g, \"high\": %g, \"start\": [0", low, high);
    for (size_t p = 0; p < points; p++) {
        total += pack_curve(tau->value + p * n, nll->value + p * n, n, most, &pairs);
        rit_buffer_printf(out, ",%zu", total);
    }
    rit_buffer_printf(out, "], \"data\": \"");
    print_base64(pairs.data, pairs.size, out);
    rit_buffer_printf(out, "\"}");
    rit_buffer_release(&pairs);
}
