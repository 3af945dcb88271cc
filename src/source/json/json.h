/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Strict JSON, read front to back: libyaml's scanner cuts the text into tokens (JSON is YAML), and what is
 * YAML but not JSON is refused. Every complaint begins "name:line:column: ", counted from 1.
 *
 *     rit_json_open(...);
 *     rit_json_list(&json, "a list of numbers", err);
 *     while (rit_json_more(&json, &more, err) == RIT_OK && more)
 *         rit_json_integer(&json, &x, err);
 *     rit_json_end(...);
 *     rit_json_release(...);
 */
#ifndef RITARDANDO_SOURCE_JSON_H
#define RITARDANDO_SOURCE_JSON_H

#include <ritardando/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <yaml.h>

enum { RIT_JSON_DEPTH = 8, RIT_JSON_KEY = 64 };

struct rit_json {
    const char *name; /* borrowed: the file's name in complaints */
    yaml_parser_t yaml;
    yaml_token_t token; /* the one to be looked at next */
    int depth;
    bool begun[RIT_JSON_DEPTH]; /* whether the list or object of a depth has had an element */
};

/**
 * Begin to read `text`, which is borrowed until the release. `depth` lists and objects may lie in one
 * another. Brackets are counted before libyaml sees the text, which is slow on deep nesting. RIT_BAD_INPUT
 * if a bracket is missing or a character cannot stand in JSON. Release it even if this fails.
 */
enum rit_status rit_json_open(struct rit_json *json, const char *name, const void *text, size_t size,
                              int depth, struct rit_error *err);
void rit_json_release(struct rit_json *json);

/** Step into a list or an object; `what` it should be is said if there is something else. */
enum rit_status rit_json_list(struct rit_json *json, const char *what, struct rit_error *err);
enum rit_status rit_json_object(struct rit_json *json, const char *what, struct rit_error *err);

/** Whether the list has another element; steps out of it when not. */
enum rit_status rit_json_more(struct rit_json *json, bool *more, struct rit_error *err);

struct rit_json_place {
    size_t line, column;
};

/** The same of an object: the next member's key and its place. Keys of RIT_JSON_KEY bytes or more are
 * refused. */
enum rit_status rit_json_key(struct rit_json *json, bool *more, char key[RIT_JSON_KEY],
                             struct rit_json_place *place, struct rit_error *err);

/** A whole number of at most nine digits. The place of a complaint about it is asked for before. */
enum rit_status rit_json_integer(struct rit_json *json, int64_t *value, struct rit_error *err);
/** The same, which may also be written 60.0. */
enum rit_status rit_json_whole(struct rit_json *json, int64_t *value, struct rit_error *err);

/** Steps over `word` if it comes next: "null", or what is no JSON but written by many, "NaN". */
enum rit_status rit_json_word(struct rit_json *json, const char *word, bool *there, struct rit_error *err);

/** Whether a list comes next. */
bool rit_json_at_list(const struct rit_json *json);

/** Nothing may follow. */
enum rit_status rit_json_end(struct rit_json *json, struct rit_error *err);

/** Where the next token begins. */
struct rit_json_place rit_json_here(const struct rit_json *json);

/** RIT_BAD_INPUT with a sentence about `place`. */
enum rit_status rit_json_complain(const struct rit_json *json, struct rit_json_place place,
                                  struct rit_error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5), cold));

#endif
