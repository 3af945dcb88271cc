/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include "base/file.h"
#include "base/pack.h"
#include "config/document.h"
#include "config/keys.h"
#include "config/plan.h"
#include "config/refine.h"
#include "config/yaml.h"

#include <stdlib.h>

static void init(struct rit_config *config)
{
    *config = (struct rit_config){.axes = 0, .refine.by = ""};
    rit_point_init(&config->base, rit_registry());
    for (int i = 0; i < rit_settings_n; i++) {
        union rit_value value;
        RIT_CHECK(rit_value_parse(&rit_settings[i], rit_settings[i].fallback, &value, NULL, 0));
        rit_setting_put(config, i, &value);
    }
    config->grids = 1;
    config->grid = calloc(1, sizeof *config->grid); /* without axes: one point */
    RIT_CHECK(config->grid != NULL);
    config->memory = calloc((size_t)config->base.registry->count, RIT_MAX_TEXT);
    RIT_CHECK(config->memory != NULL);
}

void rit_config_release(struct rit_config *config)
{
    for (int g = 0; g < config->grids; g++)
        for (int a = 0; a < config->axes; a++)
            free(config->grid[g].axis[a].value);
    free(config->grid);
    free(config->in_grid);
    free(config->before);
    free(config->line);
    free(config->dropped);
    free(config->memory);
    free(config->given);
    *config = (struct rit_config){.axes = 0};
}

/* "KEY=VALUE KEY=VALUE", on one line. */
static char *join(const struct rit_overrides *overrides)
{
    struct rit_buffer out = {.data = NULL};
    for (int i = 0; i < overrides->n; i++)
        rit_buffer_printf(&out, "%s%s", i ? " " : "", overrides->text[i]);
    rit_pack_bytes(&out, "", 1);
    for (char *c = (char *)out.data; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return (char *)out.data;
}

enum rit_status rit_config_parse_with(const char *name, const char *text, size_t size,
                                      const struct rit_overrides *overrides, struct rit_config *config,
                                      struct rit_error *err)
{
    init(config);
    struct rit_complaints complaints = {.from = {.name = name}};
    yaml_document_t document;
    if (rit_yaml_load(text, size, &document, &complaints)) {
        struct rit_walk walk = {.document = &document, .complaints = &complaints, .config = config};
        rit_walk_file(&walk, overrides);
        yaml_document_delete(&document);
    }
    if (overrides->n > 0)
        config->given = join(overrides);
    if (complaints.count == 0) {
        rit_plan_make(config);
        if (rit_plan_grows(config))
            rit_refine_begin(config, &complaints);
        else
            rit_plan_check(config, &complaints);
    }
    enum rit_status status = rit_complaints_end(&complaints, err);
    if (status != RIT_OK)
        rit_config_release(config);
    return status;
}

enum rit_status rit_config_parse(const char *name, const char *text, size_t size, struct rit_config *config,
                                 struct rit_error *err)
{
    return rit_config_parse_with(name, text, size, &(struct rit_overrides){.n = 0}, config, err);
}

enum rit_status rit_config_read_with(const char *path, const struct rit_overrides *overrides,
                                     struct rit_config *config, struct rit_error *err)
{
    struct rit_buffer text = {.data = NULL};
    enum rit_status status = rit_file_read(path, RIT_CONFIG_BYTES, &text, err);
    if (status == RIT_OK)
        status = rit_config_parse_with(path, (const char *)text.data, text.size, overrides, config, err);
    rit_buffer_release(&text);
    return status;
}

enum rit_status rit_config_read(const char *path, struct rit_config *config, struct rit_error *err)
{
    return rit_config_read_with(path, &(struct rit_overrides){.n = 0}, config, err);
}
