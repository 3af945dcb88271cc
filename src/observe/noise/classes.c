/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/noise/classes.h"

#include <ctype.h>
#include <string.h>

static bool numbered(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && isdigit((unsigned char)name[length - 1]);
}

struct rit_classes rit_classes_of(const struct rit_layout *layout)
{
    struct rit_classes classes = {.n = 1};
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < layout->blocks; i++) {
            const struct rit_weights *block = &layout->block[i];
            if (!block->in_all || numbered(block->name) != (pass == 1))
                continue;
            RIT_CHECK(classes.n < RIT_MAX_BLOCKS);
            double size = (double)block->rows * block->cols;
            classes.block[classes.n] = i;
            classes.size[classes.n++] = size;
            classes.size[0] += size;
        }
    }
    return classes;
}

void rit_classes_mean(const struct rit_classes *classes, const double *sum, double *mean)
{
    double all = 0.0;
    for (int c = 1; c < classes->n; c++) {
        double part = sum[classes->block[c]];
        all += part;
        mean[c] = part / classes->size[c];
    }
    mean[0] = all / classes->size[0];
}

void rit_classes_describe(const struct rit_classes *classes, const struct rit_layout *layout,
                          struct rit_outcome *outcome)
{
    const char *label[RIT_MAX_BLOCKS] = {"all"};
    if (rit_outcome_labels(outcome, "weight_class"))
        return;
    for (int c = 1; c < classes->n; c++)
        label[c] = layout->block[classes->block[c]].name;
    rit_outcome_label(outcome, "weight_class", classes->n, label);
}
