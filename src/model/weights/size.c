/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/model.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "model.depth",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = RIT_MAX_DEPTH,
     .unit = "layers",
     .meaning = "number of hidden layers N_L"},
    {.key = "model.width",
     .kind = RIT_INT,
     .fallback = "20",
     .low = 1,
     .high = 4096,
     .unit = "units",
     .needs = "model.depth: 1..",
     .or_infinite = true,
     .meaning =
         "units per hidden layer N_h; inf: that of limit.name: tangent, which it is the short form of"},
};
const struct rit_param_table rit_layers_params = RIT_PARAM_TABLE(params);

static const struct rit_model *model_named(const char *name)
{
    for (int i = 0; rit_models[i]; i++)
        if (strcmp(rit_models[i]->name, name) == 0)
            return (const struct rit_model *)rit_models[i];
    return NULL;
}

int rit_model_size_by(const struct rit_registry *registry,
                      const union rit_value *(*value)(const void *self, int index), const void *self)
{
    int chooser = rit_param_find(registry, "model.name");
    const struct rit_model *model = chooser < 0 ? NULL : model_named(value(self, chooser)->name);
    for (const char *word = model ? model->size : ""; *word; word += strspn(word, " ")) {
        char key[RIT_MAX_TEXT];
        size_t length = strcspn(word, " ");
        snprintf(key, sizeof key, "%.*s", (int)length, word);
        int size = rit_param_find(registry, key);
        if (size >= 0 && rit_param_applies_by(registry, size, value, self))
            return size;
        word += length;
    }
    return -1;
}

static const union rit_value *value_of(const void *point, int index)
{
    return &((const struct rit_point *)point)->value[index];
}

double rit_model_size(const struct rit_point *point)
{
    int size = rit_model_size_by(point->registry, value_of, point);
    if (size < 0)
        return NAN;
    return point->value[size].i == RIT_INFINITE ? INFINITY : (double)point->value[size].i;
}
