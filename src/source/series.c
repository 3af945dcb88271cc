/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real-valued series from a table of numbers as text: a row a line, columns between commas, semicolons or
 * blanks, `#` before comments, and perhaps a line of names first. The table is cut into sequences of
 * data.length rows; its last columns may be labels.
 */
#include <ritardando/source.h>

#include "base/file.h"
#include "base/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FILE = 1 << 30, MOST_COLUMNS = RIT_WIDEST_REALS + RIT_WIDEST_BITS };

static const struct rit_param params[] = {
    {.key = "data.table",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "file of the table, seen from the folder of the config file: a row a line, columns between "
                "commas, semicolons or blanks",
     .not_identity = true,
     .is_path = true},
    {.key = "data.length",
     .kind = RIT_INT,
     .fallback = "100",
     .low = 1,
     .high = 1e9,
     .unit = "steps",
     .meaning = "rows of the table in one sequence"},
    {.key = "data.label-columns",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = RIT_WIDEST_BITS,
     .unit = "1",
     .meaning = "last columns of the table that are labels, on where positive, for the task classify"},
};

/* A table being read: where, and its numbers so far. */
struct table {
    const char *path, *at; /* at: next character, of a text that ends with 0 */
    int line, columns, rows;
    float row[MOST_COLUMNS];
    struct rit_buffer numbers; /* rows of floats */
};

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r';
}

static bool line_ends(char c)
{
    return c == 0 || c == '\n' || c == '#';
}

/* One number of the line. */
static enum rit_status read_number(struct table *table, int column, struct rit_error *err)
{
    char *end;
    double x = strtod(table->at, &end);
    int length = (int)strcspn(table->at, " \t,;\r\n#");
    if (end != table->at + length || length == 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: column %d: '%.*s' is not a number", table->path,
                        table->line, column + 1, length < 40 ? length : 40, table->at);
    if (!isfinite((float)x))
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: column %d: %.*s is not finite", table->path, table->line,
                        column + 1, length, table->at);
    if (column == MOST_COLUMNS)
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: more than %d columns", table->path, table->line,
                        MOST_COLUMNS);
    table->row[column] = (float)x;
    table->at = end;
    return RIT_OK;
}

/* A comma with nothing before it leaves a column out. */
static enum rit_status skip_between(struct table *table, bool first, struct rit_error *err)
{
    int commas = 0;
    for (; is_between(*table->at); table->at++)
        commas += *table->at == ',' || *table->at == ';';
    if (commas > (first ? 0 : 1))
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: a column is empty", table->path, table->line);
    return RIT_OK;
}

/* Whether the line begins with a word, as one of names does. */
static bool is_header(const struct table *table)
{
    char *end;
    strtod(table->at, &end);
    return table->rows == 0 && end == table->at;
}

static enum rit_status read_line(struct table *table, struct rit_error *err)
{
    int columns = 0;
    RIT_TRY(skip_between(table, true, err));
    if (line_ends(*table->at) || is_header(table))
        return RIT_OK;
    while (!line_ends(*table->at)) {
        RIT_TRY(read_number(table, columns++, err));
        RIT_TRY(skip_between(table, false, err));
    }
    if (table->rows > 0 && columns != table->columns)
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: %d columns, but the rows above have %d", table->path,
                        table->line, columns, table->columns);
    table->columns = columns;
    table->rows++;
    rit_pack_bytes(&table->numbers, table->row, sizeof *table->row * (size_t)columns);
    return RIT_OK;
}

static enum rit_status read_table(struct table *table, struct rit_error *err)
{
    for (table->line = 1; *table->at; table->line++) {
        RIT_TRY(read_line(table, err));
        table->at += strcspn(table->at, "\n");
        table->at += *table->at == '\n';
    }
    return RIT_OK;
}

/* All whole sequences of the table. */
static enum rit_status cut(const struct table *table, int length, int labels, int need,
                           struct rit_corpus *corpus, struct rit_error *err)
{
    int width = table->columns - labels, sequences = table->rows / length;
    if (sequences < need)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: has %d rows, which are %d sequences of data.length %d, but %d are asked for "
                        "(data.first + data.chorales)",
                        table->path, table->rows, sequences, length, need);
    if (width < 1 || width > RIT_WIDEST_REALS)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: has %d columns, of which %d are labels; 1 .. %d must be left", table->path,
                        table->columns, labels, RIT_WIDEST_REALS);
    *corpus = (struct rit_corpus){.port = {RIT_ROW_REALS, width},
                                  .label = {labels ? RIT_ROW_BITS : RIT_ROW_NONE, labels},
                                  .told = true};
    float *rows = calloc((size_t)length * (size_t)width, sizeof *rows);
    uint64_t *bits = calloc((size_t)length * (RIT_WIDEST_BITS / 64), sizeof *bits);
    RIT_CHECK(rows && bits);
    const float *number = (const float *)(const void *)table->numbers.data;
    size_t words = (size_t)rit_port_words(corpus->label);
    for (int k = 0; k < sequences; k++) {
        memset(bits, 0, sizeof *bits * (size_t)length * (RIT_WIDEST_BITS / 64));
        for (int r = 0; r < length; r++, number += table->columns) {
            memcpy(rows + (size_t)r * (size_t)width, number, sizeof *rows * (size_t)width);
            for (int i = 0; i < labels; i++)
                bits[(size_t)r * words + (size_t)i / 64] |= (uint64_t)(number[width + i] > 0.0f) << i % 64;
        }
        rit_corpus_append(corpus, rows, bits, length);
    }
    free(rows);
    free(bits);
    return RIT_OK;
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    const char *path = rit_point_text(point, "data.table");
    *corpus = (struct rit_corpus){0};
    if (!path[0])
        return rit_fail(err, RIT_BAD_INPUT, "data.table: the source series needs the file of a table");
    struct rit_buffer text = {0};
    enum rit_status status = rit_file_read(path, LARGEST_FILE, &text, err);
    rit_pack_bytes(&text, "", 1);
    struct table table = {.path = path, .at = (const char *)text.data};
    if (status == RIT_OK)
        status = read_table(&table, err);
    if (status == RIT_OK)
        status = cut(&table, (int)rit_point_int(point, "data.length"),
                     (int)rit_point_int(point, "data.label-columns"), need, corpus, err);
    rit_buffer_release(&text);
    rit_buffer_release(&table.numbers);
    return status;
}

const struct rit_source rit_source_series = {
    .member = {.name = "series",
               .meaning = "real-valued sequences from a table of numbers as text (CSV)",
               RIT_PARAMS(params)},
    .noun = "sequence",
    .load = load,
};
