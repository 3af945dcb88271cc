/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of numbers as text: a row a line, columns between commas, semicolons or blanks, `#` before
 * comments, and perhaps a line of names first.
 */
#include "source/series/tables.h"

#include "base/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_FILE = 1 << 30 };

/* A text being read: where, and its numbers so far. */
struct text {
    const char *path, *at; /* at: next character; a 0 ends it */
    int line;
    bool begun;     /* names or numbers have been seen */
    char separator; /* ',' or ';', once there was one */
    float row[RIT_TABLE_COLUMNS];
    struct rit_tables *tables;
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
static enum rit_status read_number(struct text *text, int column, struct rit_error *err)
{
    char *end;
    double x = strtod(text->at, &end);
    int length = (int)strcspn(text->at, " \t,;\r\n#");
    if (end != text->at + length || length == 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: column %d: '%.*s' is not a number", text->path,
                        text->line, column + 1, length < 40 ? length : 40, text->at);
    if (!isfinite((float)x))
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: column %d: %.*s is not finite", text->path, text->line,
                        column + 1, length, text->at);
    if (column == RIT_TABLE_COLUMNS)
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: more than %d columns", text->path, text->line,
                        RIT_TABLE_COLUMNS);
    text->row[column] = (float)x;
    text->at = end;
    return RIT_OK;
}

/* Commas within columns that semicolons separate are those of numbers: 1,5 would be read as two. */
static enum rit_status check_separator(struct text *text, char c, struct rit_error *err)
{
    if ((c != ',' && c != ';') || c == text->separator)
        return RIT_OK;
    if (text->separator)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s:%d: both , and ; separate columns; numbers are written with a point", text->path,
                        text->line);
    text->separator = c;
    return RIT_OK;
}

/* A comma with nothing before it leaves a column out. */
static enum rit_status skip_between(struct text *text, bool first, struct rit_error *err)
{
    int commas = 0;
    for (; is_between(*text->at); text->at++) {
        RIT_TRY(check_separator(text, *text->at, err));
        commas += *text->at == ',' || *text->at == ';';
    }
    if (commas > (first ? 0 : 1))
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: a column is empty", text->path, text->line);
    return RIT_OK;
}

/* Whether the first line begins with a word, as one of names does. */
static bool is_header(struct text *text)
{
    char *end;
    bool first = !text->begun;
    text->begun = true;
    strtod(text->at, &end);
    return first && end == text->at;
}

static enum rit_status read_line(struct text *text, struct rit_error *err)
{
    int columns = 0;
    RIT_TRY(skip_between(text, true, err));
    if (line_ends(*text->at) || is_header(text))
        return RIT_OK;
    while (!line_ends(*text->at)) {
        RIT_TRY(read_number(text, columns++, err));
        RIT_TRY(skip_between(text, false, err));
    }
    if (text->tables->rows > 0 && columns != text->tables->columns)
        return rit_fail(err, RIT_BAD_INPUT, "%s:%d: %d columns, but the rows above have %d", text->path,
                        text->line, columns, text->tables->columns);
    text->tables->columns = columns;
    text->tables->rows++;
    rit_pack_bytes(&text->tables->numbers, text->row, sizeof *text->row * (size_t)columns);
    return RIT_OK;
}

enum rit_status rit_tables_read_text(const char *path, struct rit_tables *tables, struct rit_error *err)
{
    struct rit_buffer bytes = {0};
    enum rit_status status = rit_file_read(path, LARGEST_FILE, &bytes, err);
    rit_pack_bytes(&bytes, "", 1);
    struct text text = {.path = path, .at = (const char *)bytes.data, .tables = tables};
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, which some programs write first */
    if (strncmp(text.at, mark, sizeof mark - 1) == 0)
        text.at += sizeof mark - 1;
    for (text.line = 1; status == RIT_OK && *text.at; text.line++) {
        status = read_line(&text, err);
        text.at += strcspn(text.at, "\n");
        text.at += *text.at == '\n';
    }
    rit_buffer_release(&bytes);
    if (status == RIT_OK && tables->rows == 0)
        status = rit_fail(err, RIT_BAD_INPUT, "%s: has no rows of numbers", path);
    rit_tables_end(tables, NULL);
    return status;
}
