/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same as JSON Schema (draft 2020-12), with which editors complete and check a config while it is typed.
 */
#include "base/pack.h"
#include "config/keys.h"

#include <stdio.h>
#include <string.h>

static void print_bounds(const struct rit_param *param, struct rit_buffer *out)
{
    char low[40], high[40];
    rit_real_print(param->low, low, sizeof low);
    rit_real_print(param->high, high, sizeof high);
    rit_buffer_printf(out, "\"minimum\": %s, \"maximum\": %s", low, high);
}

/* One definition: type, bounds, default and meaning. */
static void print_definition(const struct rit_param *param, struct rit_buffer *out)
{
    rit_buffer_printf(out, "    ");
    rit_quoted_print(param->key, out);
    rit_buffer_printf(out, ": {");
    switch (param->kind) {
    case RIT_INT:
    case RIT_REAL:
        if (param->or_infinite)
            rit_buffer_printf(out, "\"anyOf\": [{\"const\": \"inf\"}, {\"type\": \"integer\", ");
        else
            rit_buffer_printf(out, "\"type\": \"%s\", ", param->kind == RIT_INT ? "integer" : "number");
        print_bounds(param, out);
        rit_buffer_printf(out, "%s", param->or_infinite ? "}]" : "");
        break;
    case RIT_BOOL:
        rit_buffer_printf(out, "\"type\": \"boolean\"");
        break;
    case RIT_NAME:
        rit_buffer_printf(out, "\"enum\": [");
        for (int i = 0; param->choices[i]; i++) {
            rit_buffer_printf(out, "%s", i ? ", " : "");
            rit_quoted_print(param->choices[i], out);
        }
        rit_buffer_printf(out, "]");
        break;
    case RIT_TEXT:
        rit_buffer_printf(out, "\"type\": \"string\", \"maxLength\": %d", RIT_MAX_TEXT - 1);
        break;
    case RIT_REALS:
        rit_buffer_printf(out,
                          "\"type\": \"array\", \"minItems\": %d, \"maxItems\": %d, \"items\": "
                          "{\"type\": \"number\", ",
                          param->fewest, RIT_MAX_LIST);
        print_bounds(param, out);
        rit_buffer_printf(out, "}");
        break;
    }
    bool text = param->kind == RIT_NAME || param->kind == RIT_TEXT;
    rit_buffer_printf(out, ",\n      \"default\": ");
    if (text)
        rit_quoted_print(param->fallback, out);
    else
        rit_buffer_printf(out, "%s", param->fallback);
    rit_buffer_printf(out, ", \"description\": ");
    char meaning[600];
    bool plain = strcmp(param->unit, "1") == 0;
    snprintf(meaning, sizeof meaning, "%s%s%s%s", param->meaning, plain ? "" : " [", plain ? "" : param->unit,
             plain ? "" : "]");
    rit_quoted_print(meaning, out);
    rit_buffer_printf(out, "}");
}

/* An axis of a grid: a value, a list or a range of them. */
static void print_axis(const struct rit_param *param, const char *name, struct rit_buffer *out)
{
    rit_buffer_printf(out, "        ");
    rit_quoted_print(name, out);
    rit_buffer_printf(out,
                      ": {\"anyOf\": [{\"$ref\": \"#/$defs/%s\"},\n          {\"type\": \"array\", "
                      "\"minItems\": 1, \"uniqueItems\": true, \"items\": {\"$ref\": \"#/$defs/%s\"}}",
                      param->key, param->key);
    if (param->kind == RIT_INT || param->kind == RIT_REAL)
        rit_buffer_printf(out,
                          ",\n          {\"type\": \"object\", \"additionalProperties\": false, "
                          "\"required\": [\"from\", \"to\"],\n"
                          "           \"properties\": {\"from\": {\"$ref\": \"#/$defs/%s\"}, "
                          "\"to\": {\"$ref\": \"#/$defs/%s\"},\n"
                          "             \"by\": {\"type\": \"%s\", \"exclusiveMinimum\": 0}, "
                          "\"count\": {\"type\": \"integer\", \"minimum\": 2},\n"
                          "             \"scale\": {\"enum\": [\"linear\", \"log\"]}}}",
                          param->key, param->key, param->kind == RIT_INT ? "integer" : "number");
    rit_buffer_printf(out, "]}");
}

static void print_grid(const struct rit_registry *registry, struct rit_buffer *out)
{
    rit_buffer_printf(out,
                      ",\n    \"grid\": {\"type\": [\"object\", \"null\"], \"additionalProperties\": false,\n"
                      "      \"description\": \"axes of the grid; the first varies slowest\",\n"
                      "      \"maxProperties\": %d,\n"
                      "      \"properties\": {\n",
                      RIT_MAX_AXES);
    const char *comma = "";
    for (int i = 0; i < registry->count; i++) {
        const struct rit_param *param = registry->param[i];
        const char *name = rit_axis_name(param->key);
        if (!rit_can_be_axis(param))
            continue;
        rit_buffer_printf(out, "%s", comma);
        print_axis(param, name, out);
        comma = ",\n";
        if (strcmp(name, param->key) != 0) { /* the long form is allowed too */
            rit_buffer_printf(out, "%s", comma);
            print_axis(param, param->key, out);
        }
    }
    rit_buffer_printf(out,
                      ",\n        \"zip\": {\"anyOf\": [{\"$ref\": \"#/$defs/zip\"}, {\"type\": \"array\", "
                      "\"items\": {\"$ref\": \"#/$defs/zip\"}}]}}}");
}

/* Axes that go together; what they are is said as for the grid. */
static void print_zip(const struct rit_registry *registry, struct rit_buffer *out)
{
    rit_buffer_printf(out, ",\n    \"zip\": {\"type\": \"object\",\n"
                           "      \"description\": \"axes that go together, value by value\",\n"
                           "      \"propertyNames\": {\"enum\": [");
    const char *comma = "";
    for (int i = 0; i < registry->count; i++) {
        const char *key = registry->param[i]->key, *name = rit_axis_name(key);
        if (!rit_can_be_axis(registry->param[i]))
            continue;
        rit_buffer_printf(out, "%s\"%s\"", comma, name);
        comma = ", ";
        if (strcmp(name, key) != 0)
            rit_buffer_printf(out, ", \"%s\"", key);
    }
    rit_buffer_printf(out, "]}}");
}

/* The members of an object; with `section` the ones in it, of those n parameters. */
static void print_properties(const struct rit_param *const *params, int n, const char *section,
                             struct rit_buffer *out)
{
    const char *comma = "";
    for (int i = 0; i < n; i++) {
        if (!rit_key_is_in(params[i]->key, section))
            continue;
        rit_buffer_printf(out, "%s%s\"%s\": {\"$ref\": \"#/$defs/%s\"}", comma,
                          *section ? "        " : "    ", rit_key_tail(params[i]->key), params[i]->key);
        comma = ",\n";
    }
}

static void print_section(const struct rit_param *const *params, int n, const char *section,
                          struct rit_buffer *out)
{
    rit_buffer_printf(out,
                      ",\n    \"%s\": {\"type\": [\"object\", \"null\"], \"additionalProperties\": false,\n"
                      "      \"properties\": {\n",
                      section);
    print_properties(params, n, section, out);
    rit_buffer_printf(out, "}}");
}

void rit_describe_schema(struct rit_buffer *out)
{
    const struct rit_registry *registry = rit_registry();
    const struct rit_param *settings[RIT_MAX_SETTINGS];
    for (int i = 0; i < rit_settings_n; i++)
        settings[i] = &rit_settings[i];
    rit_buffer_printf(out, "{\n"
                           "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                           "  \"title\": \"Config of Ritardando\",\n"
                           "  \"type\": \"object\", \"additionalProperties\": false,\n"
                           "  \"properties\": {\n");
    rit_buffer_printf(out,
                      "    \"grid\": {\"anyOf\": [{\"$ref\": \"#/$defs/grid\"},\n"
                      "      {\"type\": \"array\", \"minItems\": 1, \"maxItems\": %d, "
                      "\"items\": {\"$ref\": \"#/$defs/grid\"}}]},\n",
                      RIT_MAX_GRIDS);
    print_properties(registry->param, registry->count, "", out);
    struct rit_sections sections = rit_sections(registry);
    for (int s = 0; s < sections.n; s++)
        print_section(registry->param, registry->count, sections.name[s], out);
    for (int s = 0; rit_settings_sections[s]; s++)
        print_section(settings, rit_settings_n, rit_settings_sections[s], out);
    rit_buffer_printf(out, "},\n  \"$defs\": {\n");
    for (int i = 0; i < registry->count + rit_settings_n; i++) {
        rit_buffer_printf(out, "%s", i ? ",\n" : "");
        print_definition(i < registry->count ? registry->param[i] : settings[i - registry->count], out);
    }
    print_grid(registry, out);
    print_zip(registry, out);
    rit_buffer_printf(out, "\n  }\n}\n");
}
