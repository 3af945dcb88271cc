/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/page.h"

#include "base/json.h"
#include "page/assets.h"
#include "page/curves.h"
#include "phase/edge.h"

#include <ritardando/outcome.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 5 };

static void member(const char *name, const char *text, struct rit_buffer *out)
{
    rit_buffer_printf(out, "\"%s\": ", name);
    rit_json_text(text, out);
    rit_buffer_printf(out, ",\n");
}

static void numbers(const double *x, size_t n, size_t stride, struct rit_buffer *out)
{
    rit_buffer_printf(out, "[");
    for (size_t i = 0; i < n; i++) {
        rit_buffer_printf(out, i ? "," : "");
        rit_json_rounded(x[i * stride], DIGITS, out);
    }
    rit_buffer_printf(out, "]");
}

static void sizes(const double *x, size_t n, struct rit_buffer *out)
{
    rit_buffer_printf(out, "[");
    for (size_t i = 0; i < n; i++) {
        rit_buffer_printf(out, i ? "," : "");
        rit_json_size(x[i], out);
    }
    rit_buffer_printf(out, "]");
}

static void axes(const struct rit_scan *scan, struct rit_buffer *out)
{
    rit_buffer_printf(out, ",\n\"axes\": [");
    for (int a = 0; a < scan->axes; a++) {
        const struct rit_scan_axis *axis = &scan->axis[a];
        rit_buffer_printf(out, a ? ", {\"name\": " : "{\"name\": ");
        rit_json_text(axis->name, out);
        rit_buffer_printf(out, ", \"unit\": ");
        rit_json_text(axis->unit, out);
        rit_buffer_printf(out, ", \"values\": [");
        for (int i = 0; i < axis->n; i++) {
            char value[RIT_SCAN_VALUE];
            rit_buffer_printf(out, i ? "," : "");
            if (axis->text)
                rit_json_text(rit_scan_value(axis, i, value), out);
            else
                rit_json_size(axis->number[i], out);
        }
        rit_buffer_printf(out, "]}");
    }
    rit_buffer_printf(out, "],\n\"widths\": ");
    sizes(scan->width, (size_t)scan->widths, out);
    rit_buffer_printf(out, ",\n\"thresholds\": ");
    numbers(scan->eps, (size_t)scan->thresholds, 1, out);
    rit_buffer_printf(out, ",\n\"places\": [");
    for (int l = 0; l < scan->lines; l++) {
        rit_buffer_printf(out, l ? ",[" : "[");
        for (int a = 0; a < scan->axes; a++)
            rit_buffer_printf(out, a ? ",%d" : "%d", scan->line[l].place[a]);
        rit_buffer_printf(out, "]");
    }
    rit_buffer_printf(out, "]");
}

/* Of every point the number of its line; -1 for failed ones, which are on none. */
static void lines_of_points(const struct rit_scan *scan, size_t points, struct rit_buffer *out)
{
    double *line = malloc((points + 1) * sizeof *line);
    RIT_CHECK(line != NULL);
    for (size_t p = 0; p < points; p++)
        line[p] = -1;
    for (int l = 0; l < scan->lines; l++)
        for (int r = 0; r < scan->line[l].runs; r++)
            line[scan->line[l].row[r]] = l;
    rit_buffer_printf(out, ",\n\"line\": ");
    numbers(line, points, 1, out);
    free(line);
}

static void column(const struct rit_dataset *dataset, const char *name, struct rit_buffer *out)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    if (!array || !array->value || array->count != dataset->points)
        return;
    rit_buffer_printf(out, ",\n\"%s\": ", name);
    if (array->parameter)
        sizes(array->value, array->count, out);
    else
        numbers(array->value, array->count, 1, out);
}

/* An array of points x n as n lists over points. */
static void table(const char *name, const struct rit_array *array, size_t points, struct rit_buffer *out)
{
    size_t n = array && array->value && points ? array->count / points : 0;
    rit_buffer_printf(out, ",\n\"%s\": [", name);
    for (size_t i = 0; i < n; i++) {
        rit_buffer_printf(out, i ? ",\n" : "");
        numbers(array->value + i, points, n, out);
    }
    rit_buffer_printf(out, "]");
}

/* What networks sang: names of the moments, and of each its numbers over points. */
static void songs(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    static const char *const names[] = {"song_nll", "song_continued", "song_possible", "song_known_chords"};
    const struct rit_array *moment = rit_dataset_find(dataset, "song");
    if (!moment || !moment->text)
        return;
    rit_buffer_printf(out, ",\n\"song\": [");
    for (size_t i = 0; i < moment->count; i++) {
        rit_buffer_printf(out, i ? ", " : "");
        rit_json_text(moment->text[i], out);
    }
    rit_buffer_printf(out, "]");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table(names[i], rit_dataset_find(dataset, names[i]), dataset->points, out);
}

/* The last gradient noise of a run that is known; NaN if none is. */
static double last_noise(const double *noise, size_t times, size_t classes)
{
    while (times-- > 0)
        if (isfinite(noise[times * classes]))
            return noise[times * classes];
    return NAN;
}

/* eta Gamma at the end of every run, Gamma over all weights, which are the first class. */
static void temperature(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    const struct rit_array *noise = rit_dataset_find(dataset, "noise_time_points"),
                           *eta = rit_dataset_find(dataset, "rule_eta");
    if (!noise || noise->dims != 3 || !eta || !eta->value)
        return;
    double *value = malloc((dataset->points + 1) * sizeof *value);
    RIT_CHECK(value != NULL);
    for (size_t p = 0; p < dataset->points; p++)
        value[p] = eta->value[eta->count > 1 ? p : 0] *
                   last_noise(noise->value + p * noise->length[1] * noise->length[2], noise->length[1],
                              noise->length[2]);
    rit_buffer_printf(out, ",\n\"temperature\": ");
    numbers(value, dataset->points, 1, out);
    free(value);
}

static void points(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    static const char *const columns[] = {"width", "seed", "end", "tau", "steps", "seconds", "rule_eta"};
    const struct rit_array *identity = rit_dataset_find(dataset, "identity"),
                           *times = rit_dataset_find(dataset, "learning_time");
    rit_buffer_printf(out, ",\n\"identity\": \"");
    for (size_t p = 0; p < dataset->points; p++)
        rit_buffer_printf(out, "%.16s", identity->text[p]);
    rit_buffer_printf(out, "\"");
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        column(dataset, columns[c], out);
    table("times", times, dataset->points, out);
    songs(dataset, out);
    temperature(dataset, out);
}

/* What the page draws of an analysis: not what only its tables tell, nor other fit windows. */
static bool is_drawn(const struct rit_gridded_array *array)
{
    static const char *const names[] = {
        "n_c_known", "n_c",      "n_c_low",    "n_c_high",  "rate",         "bracketed",   "lack_p",   "tau",
        "tau_low",   "tau_high", "tau_waited", "cell_runs", "cell_learned", "aging_delta", "aging_lag"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(array->name, names[i]) == 0)
            return true;
    return false;
}

static void gridded(const struct rit_gridded *g, struct rit_buffer *out)
{
    const char *between = "";
    rit_buffer_printf(out, ",\n\"arrays\": {");
    for (int i = 0; i < g->arrays; i++) {
        const struct rit_gridded_array *array = &g->array[i];
        if (!is_drawn(array))
            continue;
        rit_buffer_printf(out, "%s\n  \"%s\": {\"dims\": [", between, array->name);
        for (int d = 0; d < array->dims; d++) {
            rit_buffer_printf(out, d ? "," : "");
            rit_json_text(array->dim[d], out);
        }
        rit_buffer_printf(out, "], \"shape\": [");
        for (int d = 0; d < array->dims; d++)
            rit_buffer_printf(out, d ? ",%zu" : "%zu", array->length[d]);
        rit_buffer_printf(out, "], \"data\": ");
        numbers(array->value, array->count, 1, out);
        rit_buffer_printf(out, "}");
        between = ",";
    }
    rit_buffer_printf(out, "},\n\"coordinates\": {");
    for (int i = 0; i < g->coordinates; i++) {
        if (!g->coordinate[i].number)
            continue;
        rit_buffer_printf(out, "\"%s\": ", g->coordinate[i].name);
        numbers(g->coordinate[i].number, (size_t)g->coordinate[i].n, 1, out);
        rit_buffer_printf(out, ",");
    }
    rit_buffer_printf(out, "\"none\": []}");
}

/* Whether learning times are those of the rule and not of the flow. */
static void edge(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    struct rit_buffer text = {0};
    if (dataset)
        rit_edge_warn(dataset, &text);
    rit_pack_bytes(&text, "", 1);
    member("edge", (const char *)text.data, out);
    rit_buffer_release(&text);
}

void rit_page_print_data(const struct rit_page *page, struct rit_buffer *out)
{
    const struct rit_dataset *dataset = page->dataset;
    rit_buffer_printf(out, "{");
    member("title", page->title, out);
    member("made", page->made, out);
    member("program", page->program, out);
    member("standing", page->standing, out);
    member("config", page->config, out);
    member("tables", page->tables, out);
    member("complaint", page->complaint, out);
    edge(dataset, out);
    member("hash", dataset ? dataset->content_hash : "", out);
    rit_buffer_printf(out, "\"songs\": {%s},\n", page->songs);
    rit_buffer_printf(out, "\"planned\": %d,\n\"points\": %zu", page->planned, dataset ? dataset->points : 0);
    if (dataset && dataset->points > 0) {
        points(dataset, out);
        rit_curves_print(dataset, out);
    }
    if (dataset && page->scan) {
        axes(page->scan, out);
        lines_of_points(page->scan, dataset->points, out);
    }
    if (page->gridded)
        gridded(page->gridded, out);
    rit_buffer_printf(out, "}\n");
}

static const struct rit_asset *find_asset(const char *name, size_t length)
{
    const struct rit_asset *asset = rit_assets;
    while (strlen(asset->name) != length || memcmp(asset->name, name, length) != 0)
        asset++;
    return asset;
}

/* What stands for @@NAME@@ in the frame: the data, or an asset; the score's are left out without songs. */
static void fill(const struct rit_page *page, const char *name, size_t length, struct rit_buffer *out)
{
    static const char data[] = "data", abcjs[] = "abcjs-basic-min.js";
    if (length == sizeof data - 1 && memcmp(name, data, length) == 0) {
        rit_page_print_data(page, out);
    } else if (page->songs[0] || length != sizeof abcjs - 1 || memcmp(name, abcjs, length) != 0) {
        const struct rit_asset *asset = find_asset(name, length);
        rit_pack_bytes(out, asset->data, asset->size);
    }
}

void rit_page_print(const struct rit_page *page, struct rit_buffer *out)
{
    static const char frame[] = "page.html", mark[] = "@@";
    const char *at = (const char *)find_asset(frame, sizeof frame - 1)->data;
    bool inside = false;
    for (const char *next; (next = strstr(at, mark)); at = next + 2, inside = !inside) {
        if (inside)
            fill(page, at, (size_t)(next - at), out);
        else
            rit_pack_bytes(out, at, (size_t)(next - at));
    }
    rit_pack_bytes(out, at, strlen(at));
}
