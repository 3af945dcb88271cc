/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "KEY=VALUE" on a command line, in the place of what a config says of KEY. */
#include "config/override.h"

#include "config/grid.h"
#include "config/keys.h"
#include "config/yaml.h"

#include <stdlib.h>
#include <string.h>

static const yaml_mark_t start; /* of the argument */

static void complain_of_key(struct rit_walk *walk, const char *key)
{
    const struct rit_registry *registry = walk->config->base.registry;
    const char *known[RIT_MAX_PARAMS + RIT_MAX_SETTINGS + 8];
    int n = 0;
    for (int i = 0; i < rit_short_axes_n; i++)
        known[n++] = rit_short_axes[i];
    for (int i = 0; i < registry->count; i++)
        if (strchr(registry->param[i]->key, '.'))
            known[n++] = registry->param[i]->key;
    for (int i = 0; i < rit_settings_n; i++)
        known[n++] = rit_settings[i].key;
    for (int i = 0; i < n; i++)
        if (strcmp(rit_key_tail(known[i]), key) == 0) {
            rit_complain(walk->complaints, start, "unknown key '%s' (did you mean '%s'?)", key, known[i]);
            return;
        }
    rit_walk_unknown(walk, start, key, "", known, n);
}

/* What the key stands for. */
static bool find(struct rit_walk *walk, const char *key, struct rit_override *one)
{
    one->param = rit_param_find(walk->config->base.registry, rit_axis_key(key));
    one->setting = rit_setting_find(key);
    bool *taken = one->param >= 0     ? &walk->overridden[one->param]
                  : one->setting >= 0 ? &walk->overrides_setting[one->setting]
                                      : NULL;
    if (!taken)
        complain_of_key(walk, key);
    else if (*taken)
        rit_complain(walk->complaints, start, "%s is given twice", key);
    bool good = taken && !*taken;
    if (good)
        *taken = true;
    return good;
}

void rit_override_load(struct rit_walk *walk, const char *argument, int order, struct rit_override *one)
{
    const char *equals = strchr(argument, '=');
    one->from = walk->complaints->from = (struct rit_origin){argument, order};
    if (!equals || equals == argument) {
        rit_complain(walk->complaints, start, "this is no KEY=VALUE, such as rule.eta=0.1");
        return;
    }
    size_t length = (size_t)(equals - argument), size = strlen(argument);
    char *key = strndup(argument, length);
    one->text = strdup(argument);
    RIT_CHECK(key && one->text);
    for (size_t i = 0; i <= length; i++)
        one->text[i] = ' ';
    if (find(walk, key, one))
        one->loaded = rit_yaml_load(one->text, size, &one->document, walk->complaints);
    free(key);
}

/* Whether it is for the grid: several values are, and one value for what is an axis of the file. */
static bool is_axis(const struct rit_walk *walk, int param, const yaml_node_t *node)
{
    for (int a = 0; a < walk->config->axes; a++)
        if (walk->config->grid[0].axis[a].param == param)
            return true;
    return node->type != YAML_SCALAR_NODE && rit_can_be_axis(walk->config->base.registry->param[param]);
}

void rit_override_apply(struct rit_walk *walk, struct rit_override *one)
{
    if (!one->loaded)
        return;
    yaml_document_t *file = walk->document;
    walk->document = &one->document;
    walk->complaints->from = one->from;
    const yaml_node_t *root = yaml_document_get_root_node(&one->document);
    if (!root)
        rit_complain(walk->complaints, start, "there is no value behind the =");
    else if (one->param < 0)
        rit_walk_setting(walk, root, one->setting);
    else if (is_axis(walk, one->param, root))
        rit_walk_axis(walk, root, one->param, start);
    else
        rit_walk_value(walk, root, one->param, start);
    walk->document = file;
}

void rit_override_release(struct rit_override *one)
{
    if (one->loaded)
        yaml_document_delete(&one->document);
    free(one->text);
}
