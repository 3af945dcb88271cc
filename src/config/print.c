/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pack.h"
#include "config/keys.h"
#include "config/plan.h"

#include <string.h>

static void print_value(const struct rit_param *param, const union rit_value *value, struct rit_buffer *out)
{
    if (param->kind == RIT_TEXT) {
        rit_quoted_print(value->text, out);
        return;
    }
    char text[1024];
    int n = rit_value_print(param, value, text, sizeof text);
    RIT_CHECK(0 <= n && (size_t)n < sizeof text);
    rit_pack_bytes(out, text, (size_t)n);
}

/* Long rows of whole numbers, seeds above all, are printed as the range they are. */
static bool is_range(const struct rit_param *param, const struct rit_axis *axis, int64_t *by)
{
    if (param->kind != RIT_INT || axis->n < 4)
        return false;
    *by = axis->value[1].i - axis->value[0].i;
    for (int i = 1; i < axis->n; i++)
        if (axis->value[i].i - axis->value[i - 1].i != *by)
            return false;
    return *by > 0;
}

static void print_axis(const struct rit_param *param, const struct rit_axis *axis, struct rit_buffer *out)
{
    rit_buffer_printf(out, "%s: ", rit_axis_name(param->key));
    int64_t by;
    if (is_range(param, axis, &by)) {
        rit_buffer_printf(out, "{from: %lld, to: %lld, by: %lld}", (long long)axis->value[0].i,
                          (long long)axis->value[axis->n - 1].i, (long long)by);
        return;
    }
    for (int i = 0; i < axis->n; i++) {
        rit_buffer_printf(out, "%s", i ? ", " : "[");
        print_value(param, &axis->value[i], out);
    }
    rit_buffer_printf(out, "]");
}

static bool is_axis(const struct rit_config *config, int param)
{
    for (int a = 0; a < config->given_axes; a++)
        if (config->grid[0].axis[a].param == param)
            return true;
    return rit_plan_grows(config) && config->base.registry->param[param] == rit_plan_refined(config);
}

/* A zip in one line; several are a list. */
static void print_zips(const struct rit_registry *registry, const struct rit_grid_axes *grid, int a, int axes,
                       struct rit_buffer *out)
{
    bool list = false;
    for (int b = a; b < axes; b++)
        list = list || grid->axis[b].zip > 1;
    rit_buffer_printf(out, "zip: %s", list ? "[" : "");
    for (int first = a; a < axes && grid->axis[a].zip > 0; a++) {
        bool leads = rit_axis_leads(grid, a);
        rit_buffer_printf(out, "%s", a == first ? "{" : leads ? "}, {" : ", ");
        print_axis(registry->param[grid->axis[a].param], &grid->axis[a], out);
    }
    rit_buffer_printf(out, "}%s\n", list ? "]" : "");
}

static void print_grid(const struct rit_config *config, int g, struct rit_buffer *out)
{
    const struct rit_registry *registry = config->base.registry;
    const struct rit_grid_axes *grid = &config->grid[g];
    for (int a = 0; a < config->given_axes; a++) {
        const struct rit_axis *axis = &grid->axis[a];
        if (a > 0 && axis->zip > 0 && grid->axis[a - 1].zip > 0)
            continue;
        rit_buffer_printf(out, "%s", config->given_grids == 1 ? "  " : a == 0 ? "  - " : "    ");
        if (axis->zip > 0) {
            print_zips(registry, grid, a, config->given_axes, out);
            continue;
        }
        print_axis(registry->param[axis->param], axis, out);
        rit_buffer_printf(out, "\n");
    }
}

static void print_settings(const struct rit_config *config, const char *section, struct rit_buffer *out)
{
    rit_buffer_printf(out, "%s:\n", section);
    for (int i = 0; i < rit_settings_n; i++) {
        if (!rit_key_is_in(rit_settings[i].key, section))
            continue;
        union rit_value value = rit_setting_get(config, i);
        rit_buffer_printf(out, "  %s: ", rit_key_tail(rit_settings[i].key));
        print_value(&rit_settings[i], &value, out);
        rit_buffer_printf(out, "\n");
    }
}

void rit_config_print(const struct rit_config *config, struct rit_buffer *out)
{
    const struct rit_registry *registry = config->base.registry;
    if (config->given)
        rit_buffer_printf(out, "# given on the command line: %s\n", config->given);
    if (config->given_axes > 0)
        rit_buffer_printf(out, "grid:\n");
    for (int g = 0; g < config->given_grids; g++)
        print_grid(config, g, out);

    struct rit_sections sections = rit_sections(registry);
    for (int s = -1; s < sections.n; s++) {
        const char *section = s < 0 ? "" : sections.name[s]; /* first the keys without a section */
        bool titled = s < 0;
        for (int i = 0; i < registry->count; i++) {
            const struct rit_param *param = registry->param[i];
            if (!rit_key_is_in(param->key, section) || is_axis(config, i) || rit_config_misses(config, i))
                continue;
            if (!titled)
                rit_buffer_printf(out, "%s:\n", section);
            titled = true;
            rit_buffer_printf(out, "%s%s: ", s < 0 ? "" : "  ", rit_key_tail(param->key));
            print_value(param, &config->base.value[i], out);
            rit_buffer_printf(out, "\n");
        }
    }

    for (int s = 0; rit_settings_sections[s]; s++)
        if (rit_plan_grows(config) || strcmp(rit_settings_sections[s], "refine") != 0)
            print_settings(config, rit_settings_sections[s], out);
}
