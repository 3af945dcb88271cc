/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gridded arrays as text that programs read. */
#include "phase/gridded.h"

#include "base/json.h"

static void json_nested(const struct rit_gridded_array *array, int d, const double **value,
                        struct rit_buffer *out)
{
    if (d == array->dims) {
        rit_json_number(*(*value)++, out);
        return;
    }
    rit_buffer_printf(out, "[");
    for (size_t i = 0; i < array->length[d]; i++) {
        rit_buffer_printf(out, i ? ", " : "");
        json_nested(array, d + 1, value, out);
    }
    rit_buffer_printf(out, "]");
}

static void json_array(const struct rit_gridded_array *array, struct rit_buffer *out)
{
    rit_json_text(array->name, out);
    rit_buffer_printf(out, ": {\"dims\": [");
    for (int d = 0; d < array->dims; d++) {
        rit_buffer_printf(out, d ? ", " : "");
        rit_json_text(array->dim[d], out);
    }
    rit_buffer_printf(out, "], \"attrs\": {\"units\": ");
    rit_json_text(array->unit, out);
    rit_buffer_printf(out, ", \"long_name\": ");
    rit_json_text(array->meaning, out);
    if (array->flags) {
        rit_buffer_printf(out, ", \"flag_values\": [");
        for (int i = 0; i < rit_gridded_flags(array); i++)
            rit_buffer_printf(out, i ? ", %d" : "%d", i);
        rit_buffer_printf(out, "], \"flag_meanings\": ");
        rit_json_text(array->flags, out);
    }
    rit_buffer_printf(out, "}, \"data\": ");
    const double *value = array->value;
    json_nested(array, 0, &value, out);
    rit_buffer_printf(out, "}");
}

static void json_coordinate(const struct rit_gridded_coordinate *c, struct rit_buffer *out)
{
    rit_json_text(c->name, out);
    rit_buffer_printf(out, ": {\"dims\": [");
    rit_json_text(c->name, out);
    rit_buffer_printf(out, "], \"attrs\": {}, \"data\": [");
    for (int i = 0; i < c->n; i++) {
        rit_buffer_printf(out, i ? ", " : "");
        if (c->text)
            rit_json_text(c->text[i], out);
        else
            rit_json_size(c->number[i], out);
    }
    rit_buffer_printf(out, "]}");
}

static void json_attribute(const struct rit_gridded_attribute *attribute, struct rit_buffer *out)
{
    rit_json_text(attribute->name, out);
    rit_buffer_printf(out, ": ");
    if (attribute->number)
        rit_buffer_printf(out, "%s", attribute->text);
    else
        rit_json_text(attribute->text, out);
}

void rit_gridded_print_json(const struct rit_gridded *gridded, struct rit_buffer *out)
{
    rit_buffer_printf(out, "{\"attrs\": {");
    for (int i = 0; i < gridded->attributes; i++) {
        rit_buffer_printf(out, i ? ",\n  " : "\n  ");
        json_attribute(&gridded->attribute[i], out);
    }
    rit_buffer_printf(out, "},\n\"coords\": {");
    for (int i = 0; i < gridded->coordinates; i++) {
        rit_buffer_printf(out, i ? ",\n  " : "\n  ");
        json_coordinate(&gridded->coordinate[i], out);
    }
    rit_buffer_printf(out, "},\n\"data_vars\": {");
    for (int i = 0; i < gridded->arrays; i++) {
        rit_buffer_printf(out, i ? ",\n  " : "\n  ");
        json_array(&gridded->array[i], out);
    }
    rit_buffer_printf(out, "}}\n");
}
