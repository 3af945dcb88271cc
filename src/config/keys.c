/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/keys.h"

#include <ritardando/status.h>

#include "base/pack.h"

#include <stdio.h>
#include <string.h>

static const char *const short_keys[] = {"model.depth", "model.width", "data.chorales", "seed"};
const char *const rit_short_axes[] = {"depth", "width", "chorales", "seed"};
const int rit_short_axes_n = sizeof rit_short_axes / sizeof rit_short_axes[0];

const char *rit_key_tail(const char *key)
{
    const char *dot = strchr(key, '.');
    return dot ? dot + 1 : key;
}

bool rit_key_is_in(const char *key, const char *section)
{
    const char *dot = strchr(key, '.');
    size_t length = dot ? (size_t)(dot - key) : 0;
    return strlen(section) == length && strncmp(key, section, length) == 0;
}

struct rit_sections rit_sections(const struct rit_registry *registry)
{
    struct rit_sections all = {.n = 0};
    for (int i = 0; i < registry->count; i++) {
        const char *key = registry->param[i]->key;
        const char *dot = strchr(key, '.');
        int known = 0;
        while (known < all.n && !rit_key_is_in(key, all.name[known]))
            known++;
        if (!dot || known < all.n)
            continue;
        size_t length = (size_t)(dot - key);
        RIT_CHECK(all.n < RIT_MAX_SECTIONS && length < RIT_SECTION_NAME);
        memcpy(all.name[all.n++], key, length); /* the rest is zero already */
    }
    return all;
}

const char *rit_axis_name(const char *key)
{
    for (int i = 0; i < rit_short_axes_n; i++)
        if (strcmp(key, short_keys[i]) == 0)
            return rit_short_axes[i];
    return key;
}

const char *rit_axis_key(const char *name)
{
    for (int i = 0; i < rit_short_axes_n; i++)
        if (strcmp(name, rit_short_axes[i]) == 0)
            return short_keys[i];
    return name;
}

bool rit_can_be_axis(const struct rit_param *param)
{
    return param->kind != RIT_TEXT && param->kind != RIT_REALS;
}

void rit_members_print(const char *members, char *out, size_t size)
{
    out[0] = 0;
    for (const char *word = members; *word; word += strspn(word, " ")) {
        size_t used = strlen(out), length = strcspn(word, " ");
        bool least = length > 2 && strncmp(word + length - 2, "..", 2) == 0; /* "2..": at least 2 */
        snprintf(out + used, size - used, "%s%.*s%s", used ? " or " : "", (int)length - 2 * least, word,
                 least ? " or more" : "");
        word += length;
    }
}

void rit_quoted_print(const char *text, struct rit_buffer *out)
{
    rit_pack_bytes(out, "\"", 1);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            rit_pack_bytes(out, "\\", 1);
        rit_pack_bytes(out, text, 1);
    }
    rit_pack_bytes(out, "\"", 1);
}
