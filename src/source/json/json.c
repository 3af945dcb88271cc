/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/json/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rit_json_place rit_json_here(const struct rit_json *json)
{
    const yaml_mark_t *mark = &json->token.start_mark;
    return (struct rit_json_place){mark->line + 1, mark->column + 1};
}

enum rit_status rit_json_complain(const struct rit_json *json, struct rit_json_place place,
                                  struct rit_error *err, const char *format, ...)
{
    char sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return rit_fail(err, RIT_BAD_INPUT, "%s:%zu:%zu: %s", json->name, place.line, place.column, sentence);
}

/* What may stand in JSON without free text. This keeps out comments, anchors, tags and
 * all else that libyaml would read in silence. */
static bool allowed(unsigned char c)
{
    return ('0' <= c && c <= '9') || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') ||
           (c && strchr("[]{},:\"\\+-._ \t\r\n", c));
}

static enum rit_status look_over(const struct rit_json *json, const unsigned char *text, size_t size,
                                 int limit, struct rit_error *err)
{
    struct rit_json_place here = {1, 1};
    int depth = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = text[i];
        if (!allowed(c) && c > ' ' && c < 127)
            return rit_json_complain(json, here, err, "'%c' has no place in such a file", c);
        if (!allowed(c))
            return rit_json_complain(json, here, err, "the byte 0x%02x has no place in such a file", c);
        depth += (c == '[' || c == '{') - (c == ']' || c == '}');
        if (depth > limit)
            return rit_json_complain(json, here, err, "lists are nested deeper than %d", limit);
        if (depth < 0)
            return rit_json_complain(json, here, err, "this '%c' closes nothing", c);
        here.column++;
        if (c == '\n')
            here = (struct rit_json_place){here.line + 1, 1};
    }
    if (depth > 0)
        return rit_json_complain(json, here, err,
                                 "the file ends before its lists are closed: it is cut short");
    return RIT_OK;
}

static enum rit_status advance(struct rit_json *json, struct rit_error *err)
{
    yaml_token_delete(&json->token);
    if (yaml_parser_scan(&json->yaml, &json->token))
        return RIT_OK;
    RIT_CHECK(json->yaml.error != YAML_MEMORY_ERROR);
    const yaml_mark_t *mark = &json->yaml.problem_mark;
    return rit_json_complain(json, (struct rit_json_place){mark->line + 1, mark->column + 1}, err,
                             "not JSON: %s", json->yaml.problem);
}

enum rit_status rit_json_open(struct rit_json *json, const char *name, const void *text, size_t size,
                              int depth, struct rit_error *err)
{
    RIT_CHECK(depth <= RIT_JSON_DEPTH);
    memset(json, 0, sizeof *json);
    json->name = name;
    json->depth = -1;
    RIT_CHECK(yaml_parser_initialize(&json->yaml));
    yaml_parser_set_encoding(&json->yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&json->yaml, size ? text : "", size);
    RIT_TRY(look_over(json, text, size, depth, err));
    RIT_TRY(advance(json, err)); /* the start of the stream */
    RIT_CHECK(json->token.type == YAML_STREAM_START_TOKEN);
    return advance(json, err);
}

void rit_json_release(struct rit_json *json)
{
    yaml_token_delete(&json->token);
    yaml_parser_delete(&json->yaml);
}

static enum rit_status unexpected(const struct rit_json *json, const char *wanted, struct rit_error *err)
{
    const char *found = "something that is not JSON";
    switch (json->token.type) {
    case YAML_STREAM_END_TOKEN:
        found = "the end of the file";
        break;
    case YAML_FLOW_SEQUENCE_START_TOKEN:
        found = "a list";
        break;
    case YAML_FLOW_MAPPING_START_TOKEN:
        found = "an object";
        break;
    case YAML_FLOW_SEQUENCE_END_TOKEN:
        found = "']'";
        break;
    case YAML_FLOW_MAPPING_END_TOKEN:
        found = "'}'";
        break;
    case YAML_FLOW_ENTRY_TOKEN:
        found = "','";
        break;
    case YAML_VALUE_TOKEN:
        found = "':'";
        break;
    case YAML_SCALAR_TOKEN:
        return rit_json_complain(json, rit_json_here(json), err, "expected %s, found '%.40s'", wanted,
                                 (const char *)json->token.data.scalar.value);
    default:
        break;
    }
    return rit_json_complain(json, rit_json_here(json), err, "expected %s, found %s", wanted, found);
}

static enum rit_status step_into(struct rit_json *json, yaml_token_type_t type, const char *what,
                                 struct rit_error *err)
{
    if (json->token.type != type)
        return unexpected(json, what, err);
    json->begun[++json->depth] = false; /* look_over has bounded the depth */
    return advance(json, err);
}

enum rit_status rit_json_list(struct rit_json *json, const char *what, struct rit_error *err)
{
    return step_into(json, YAML_FLOW_SEQUENCE_START_TOKEN, what, err);
}

enum rit_status rit_json_object(struct rit_json *json, const char *what, struct rit_error *err)
{
    return step_into(json, YAML_FLOW_MAPPING_START_TOKEN, what, err);
}

/* The comma between two elements, or the bracket behind the last. */
static enum rit_status next(struct rit_json *json, yaml_token_type_t closing, bool *more,
                            struct rit_error *err)
{
    bool *begun = &json->begun[json->depth];
    *more = json->token.type != closing;
    if (!*more) {
        json->depth--;
        return advance(json, err);
    }
    if (*begun) {
        if (json->token.type != YAML_FLOW_ENTRY_TOKEN)
            return unexpected(json, closing == YAML_FLOW_SEQUENCE_END_TOKEN ? "',' or ']'" : "',' or '}'",
                              err);
        RIT_TRY(advance(json, err));
        if (json->token.type == closing) /* YAML would allow it */
            return rit_json_complain(json, rit_json_here(json), err,
                                     "a comma must not stand before this bracket");
    }
    *begun = true;
    return RIT_OK;
}

enum rit_status rit_json_more(struct rit_json *json, bool *more, struct rit_error *err)
{
    return next(json, YAML_FLOW_SEQUENCE_END_TOKEN, more, err);
}

enum rit_status rit_json_key(struct rit_json *json, bool *more, char key[RIT_JSON_KEY],
                             struct rit_json_place *place, struct rit_error *err)
{
    RIT_TRY(next(json, YAML_FLOW_MAPPING_END_TOKEN, more, err));
    if (!*more)
        return RIT_OK;
    *place = rit_json_here(json);
    if (json->token.type == YAML_KEY_TOKEN)
        RIT_TRY(advance(json, err));
    if (json->token.type != YAML_SCALAR_TOKEN ||
        json->token.data.scalar.style != YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        return unexpected(json, "a key in double quotes", err);
    size_t length = json->token.data.scalar.length;
    if (length >= RIT_JSON_KEY || memchr(json->token.data.scalar.value, 0, length))
        return unexpected(json, "a short key", err);
    memcpy(key, json->token.data.scalar.value, length + 1);
    RIT_TRY(advance(json, err));
    if (json->token.type != YAML_VALUE_TOKEN)
        return unexpected(json, "':'", err);
    return advance(json, err);
}

/* A whole number whose digits may be followed by `fraction`s of nothing but zeros. */
static enum rit_status read_whole(struct rit_json *json, bool fraction, int64_t *value, struct rit_error *err)
{
    if (json->token.type != YAML_SCALAR_TOKEN || json->token.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return unexpected(json, "a whole number", err);
    const char *text = (const char *)json->token.data.scalar.value;
    const char *digits = text + (*text == '-');
    size_t n = strspn(digits, "0123456789");
    const char *end = digits + n;
    if (fraction && end[0] == '.' && end[1] == '0')
        end += 1 + strspn(end + 1, "0");
    if (n == 0 || n > 9 || *end || (digits[0] == '0' && n > 1))
        return unexpected(json, "a whole number", err);
    *value = strtol(text, NULL, 10);
    return advance(json, err);
}

enum rit_status rit_json_integer(struct rit_json *json, int64_t *value, struct rit_error *err)
{
    return read_whole(json, false, value, err);
}

enum rit_status rit_json_whole(struct rit_json *json, int64_t *value, struct rit_error *err)
{
    return read_whole(json, true, value, err);
}

enum rit_status rit_json_word(struct rit_json *json, const char *word, bool *there, struct rit_error *err)
{
    *there = json->token.type == YAML_SCALAR_TOKEN &&
             json->token.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
             strcmp((const char *)json->token.data.scalar.value, word) == 0;
    return *there ? advance(json, err) : RIT_OK;
}

bool rit_json_at_list(const struct rit_json *json)
{
    return json->token.type == YAML_FLOW_SEQUENCE_START_TOKEN;
}

enum rit_status rit_json_end(struct rit_json *json, struct rit_error *err)
{
    if (json->token.type != YAML_STREAM_END_TOKEN)
        return unexpected(json, "the end of the file", err);
    return RIT_OK;
}
