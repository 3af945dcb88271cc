/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What a point trains: its model, or what its limit has in place of it. */
#ifndef RITARDANDO_TRAIN_TRAINED_H
#define RITARDANDO_TRAIN_TRAINED_H

#include <ritardando/limit.h>
#include <ritardando/model.h>

static inline const struct rit_model *rit_trained_model(const struct rit_point *point)
{
    const struct rit_limit *limit = rit_limit_of(point);
    return limit->model ? limit->model : rit_model_of(point);
}

/** Its weights. RIT_BAD_INPUT for ports that the model cannot have. */
static inline enum rit_status rit_trained_layout(const struct rit_point *point, const struct rit_block *block,
                                                 struct rit_layout *layout, struct rit_error *err)
{
    const struct rit_limit *limit = rit_limit_of(point);
    if (!limit->model)
        return rit_model_of(point)->layout(point, block->in.port, block->asked.port, layout, err);
    limit->layout(block, layout);
    return RIT_OK;
}

#endif
