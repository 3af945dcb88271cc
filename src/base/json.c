/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void rit_json_number(double x, struct rit_buffer *out)
{
    char text[32] = "null";
    for (int digits = 15; isfinite(x) && digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    rit_buffer_printf(out, "%s", text);
}

void rit_json_size(double x, struct rit_buffer *out)
{
    if (x == INFINITY)
        rit_buffer_printf(out, "1e999");
    else
        rit_json_number(x, out);
}

void rit_json_rounded(double x, int digits, struct rit_buffer *out)
{
    if (isfinite(x))
        rit_buffer_printf(out, "%.*g", digits, x);
    else
        rit_buffer_printf(out, "null");
}

void rit_json_text(const char *text, struct rit_buffer *out)
{
    rit_pack_bytes(out, "\"", 1);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            rit_buffer_printf(out, "\\%c", *c);
        else if (*c < 0x20 || *c == '<')
            rit_buffer_printf(out, "\\u%04x", *c);
        else
            rit_pack_bytes(out, c, 1);
    }
    rit_pack_bytes(out, "\"", 1);
}
