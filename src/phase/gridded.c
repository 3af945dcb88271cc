/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/gridded.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a number belongs beside its line; what a variable does not run over is 0. */
struct place {
    int line, cell, threshold, inner;
};

/* Dimensions beside the axes, in this order. */
enum over {
    OVER_WIDTH = 1,
    OVER_THRESHOLD = 2,
    OVER_REACH = 4,
    OVER_LAW = 8,
    NOT_OVER_CHORALES = 16,
    OVER_APPROACH = 32,
};

struct entry {
    const char *name, *unit, *meaning;
    unsigned over;
    bool bare; /* a value without limits: one variable; else NAME, NAME_low and NAME_high */
    struct rit_estimate (*get)(const struct rit_analysis *a, struct place at);
};

static struct rit_estimate bare(double value)
{
    return (struct rit_estimate){value, NAN, NAN};
}

static const struct rit_critical *critical_at(const struct rit_analysis *a, struct place p)
{
    return &a->line[p.line].transition.at[p.threshold];
}

static const struct rit_cell *cell_at(const struct rit_analysis *a, struct place p)
{
    return &a->line[p.line].cell[p.cell];
}

static const struct rit_growth *growth_at(const struct rit_analysis *a, struct place p)
{
    return &a->growth[a->family[p.line] * a->scan->thresholds + p.threshold];
}

static const struct rit_approach *approach_at(const struct rit_analysis *a, struct place p)
{
    return &a->line[p.line].approach[p.inner];
}

/* The cell of infinite width is at no distance from itself. */
static double approach_value(const struct rit_analysis *a, struct place p)
{
    return p.cell < a->scan->line[p.line].finite ? approach_at(a, p)->value[p.cell] : NAN;
}

/* One accessor per variable: GET(name, expression of `a` and `p`). */
#define GET(name, expression)                                                                                \
    static struct rit_estimate get_##name(const struct rit_analysis *a, struct place p)                      \
    {                                                                                                        \
        return expression;                                                                                   \
    }

GET(n_c_known, bare(critical_at(a, p)->known))
GET(n_c, critical_at(a, p)->critical)
GET(rate, critical_at(a, p)->rate)
GET(sigma, bare(critical_at(a, p)->known == RIT_KNOWN_VALUE ? critical_at(a, p)->sigma : NAN))
GET(z, critical_at(a, p)->exponent)
GET(n_c_free, critical_at(a, p)->free_critical)
GET(n_c_straight, critical_at(a, p)->straight)
GET(lack_p, bare(critical_at(a, p)->lack_p))
GET(z_p, bare(critical_at(a, p)->exponent_p))
GET(n_c_of_reach, bare(critical_at(a, p)->by_reach[p.inner]))
GET(runs, bare(critical_at(a, p)->runs))
GET(learned, bare(critical_at(a, p)->learned))
GET(widths_learned, bare(critical_at(a, p)->cells_learned))
GET(bracketed, bare(critical_at(a, p)->bracketed))
GET(window_low, bare(critical_at(a, p)->window_low))
GET(window_high, bare(critical_at(a, p)->window_high))
GET(failed_resamples, bare(critical_at(a, p)->failed))
GET(capacity, a->line[p.line].capacity[p.threshold])
GET(n_c_zero, a->line[p.line].transition.zero.critical[p.inner])
GET(n_c_slope, a->line[p.line].transition.zero.slope[p.inner])
GET(zero_thresholds, bare(a->line[p.line].transition.zero.points))
GET(runs_failed, bare(a->scan->line[p.line].failed))
GET(runs_diverged, bare(a->scan->line[p.line].diverged))
GET(growth, growth_at(a, p)->power)
GET(growth_prefactor, growth_at(a, p)->prefactor)
GET(growth_lines, bare(growth_at(a, p)->lines))
GET(tau, cell_at(a, p)->median[p.threshold])
GET(tau_waited, bare(cell_at(a, p)->waited[p.threshold]))
GET(cell_learned, bare(cell_at(a, p)->learned[p.threshold]))
GET(cell_never, bare(cell_at(a, p)->never[p.threshold]))
GET(cell_stuck, bare(cell_at(a, p)->stuck[p.threshold]))
GET(cell_slow, bare(cell_at(a, p)->slow[p.threshold]))
GET(floor_one_row, bare(cell_at(a, p)->floor_one_row))
GET(floor_network, bare(cell_at(a, p)->floor_network))
GET(cell_runs, bare(cell_at(a, p)->runs))
GET(gamma, cell_at(a, p)->power)
GET(gamma_free, cell_at(a, p)->exponent)
GET(asymptote, cell_at(a, p)->asymptote)
GET(decay_runs, bare(cell_at(a, p)->decays))
GET(decay_window, bare(cell_at(a, p)->window))
GET(pairs, bare(cell_at(a, p)->pairs))
GET(weights, bare(cell_at(a, p)->weights))
GET(approach_power, approach_at(a, p)->power)
GET(approach_widths, bare(approach_at(a, p)->widths))
GET(approach_tau, bare(approach_at(a, p)->tau))
GET(approach_value, bare(approach_value(a, p)))

static const struct entry entries[] = {
    {"n_c_known", "1", "what n_c is: a value with its interval, or a bound", OVER_THRESHOLD, true,
     get_n_c_known},
    {"n_c", "units",
     "critical width N_c of 1/tau = a (N_h - N_c); where n_c_known is a bound, only its limits",
     OVER_THRESHOLD, false, get_n_c},
    {"rate", "1/tau", "a of the same fit", OVER_THRESHOLD, false, get_rate},
    {"sigma", "1", "scatter of log tau from run to run in the same fit", OVER_THRESHOLD, true, get_sigma},
    {"z", "1", "exponent of 1/tau = a (N_h - N_c)^z", OVER_THRESHOLD, false, get_z},
    {"n_c_free", "units", "critical width with free exponent z", OVER_THRESHOLD, false, get_n_c_free},
    {"n_c_straight", "units", "critical width by a weighted straight line through 1/median", OVER_THRESHOLD,
     false, get_n_c_straight},
    {"lack_p", "1", "probability of data at least as far from the law with z = 1 as these, if it holds",
     OVER_THRESHOLD, true, get_lack_p},
    {"z_p", "1", "probability of as large a gain by free z as found, if z = 1", OVER_THRESHOLD, true,
     get_z_p},
    {"n_c_of_reach", "units", "critical width, z = 1, for fit windows of other reach",
     OVER_THRESHOLD | OVER_REACH, true, get_n_c_of_reach},
    {"runs", "1", "runs in the fit window", OVER_THRESHOLD, true, get_runs},
    {"learned", "1", "runs in the fit window that learned; the others are censored", OVER_THRESHOLD, true,
     get_learned},
    {"widths_learned", "1", "widths in the fit window at which a run learned", OVER_THRESHOLD, true,
     get_widths_learned},
    {"bracketed", "1", "1 if no run learned at some width of the window: N_c lies between measured widths",
     OVER_THRESHOLD, true, get_bracketed},
    {"window_low", "units", "smallest width of the fit window", OVER_THRESHOLD, true, get_window_low},
    {"window_high", "units", "largest width of the fit window", OVER_THRESHOLD, true, get_window_high},
    {"failed_resamples", "1", "resamples without a fit", OVER_THRESHOLD, true, get_failed_resamples},
    {"capacity", "bit", "output bits of the training block per weight at N_c", OVER_THRESHOLD, false,
     get_capacity},
    {"n_c_zero", "units", "critical width extrapolated to threshold 0", OVER_LAW, false, get_n_c_zero},
    {"n_c_slope", "1", "b of N_c(eps) = N_c(0) - b eps^s, s = 1 or 1/2", OVER_LAW, false, get_n_c_slope},
    {"zero_thresholds", "1", "thresholds used for the extrapolation", 0, true, get_zero_thresholds},
    {"runs_failed", "1", "failed runs, not counted elsewhere", 0, true, get_runs_failed},
    {"runs_diverged", "1", "diverged runs, censored at their last tau", 0, true, get_runs_diverged},
    {"growth", "1", "s of N_c = b P^s over the numbers of chorales P", OVER_THRESHOLD | NOT_OVER_CHORALES,
     false, get_growth},
    {"growth_prefactor", "units", "b of N_c = b P^s", OVER_THRESHOLD | NOT_OVER_CHORALES, false,
     get_growth_prefactor},
    {"growth_lines", "1", "numbers of chorales used for N_c = b P^s", OVER_THRESHOLD | NOT_OVER_CHORALES,
     true, get_growth_lines},
    {"tau", "tau", "Kaplan-Meier median of the learning time; inf: fewer than half of the runs learned",
     OVER_WIDTH | OVER_THRESHOLD, false, get_tau},
    {"tau_waited", "tau", "shortest time at which a censored run of the cell ended",
     OVER_WIDTH | OVER_THRESHOLD, true, get_tau_waited},
    {"cell_learned", "1", "runs of the cell that learned", OVER_WIDTH | OVER_THRESHOLD, true,
     get_cell_learned},
    {"cell_never", "1",
     "runs that cannot learn: the threshold lies below the floor of what their network can remember",
     OVER_WIDTH | OVER_THRESHOLD, true, get_cell_never},
    {"cell_stuck", "1", "runs that stand at or above the floor of one row, and the threshold below it",
     OVER_WIDTH | OVER_THRESHOLD, true, get_cell_stuck},
    {"cell_slow", "1", "the other runs that did not learn", OVER_WIDTH | OVER_THRESHOLD, true, get_cell_slow},
    {"floor_one_row", "bit", "NLL of the best predictor that is told the last row alone", OVER_WIDTH, true,
     get_floor_one_row},
    {"floor_network", "bit", "NLL of the best predictor that is told what the network can remember",
     OVER_WIDTH, true, get_floor_network},
    {"cell_runs", "1", "runs of the cell", OVER_WIDTH, true, get_cell_runs},
    {"gamma", "1", "gamma of NLL = A tau^-gamma where .01 < NLL < .1 bits", OVER_WIDTH, false, get_gamma},
    {"gamma_free", "1", "gamma of NLL = c + A tau^-gamma in the decay window", OVER_WIDTH, false,
     get_gamma_free},
    {"asymptote", "bit", "c of the same fit", OVER_WIDTH, false, get_asymptote},
    {"decay_runs", "1", "runs with a fit of NLL = c + A tau^-gamma", OVER_WIDTH, true, get_decay_runs},
    {"decay_window", "1", "1: where .01 < NLL < .1 bits; 2: the last decade of tau; 0: no fit", OVER_WIDTH,
     true, get_decay_window},
    {"pairs", "1", "training pairs T", OVER_WIDTH, true, get_pairs},
    {"weights", "1", "weights of the network", OVER_WIDTH, true, get_weights},
    {"approach_power", "1", "p of x = b N_h^-p on the way to infinite width", OVER_APPROACH, false,
     get_approach_power},
    {"approach_widths", "1", "widths at which x is known", OVER_APPROACH, true, get_approach_widths},
    {"approach_tau", "tau", "time at which x is taken", OVER_APPROACH, true, get_approach_tau},
    {"approach_value", "1", "x, root mean square over the runs of a width", OVER_APPROACH | OVER_WIDTH, true,
     get_approach_value},
};

static const char known_names[] = "nothing value below above between edge never"; /* enum rit_known */
static const char *const laws[RIT_ZEROS] = {"linear", "square-root"};

/* ---- laying out ---- */

struct layout {
    int dims;
    const char *dim[RIT_GRIDDED_DIMS];
    size_t length[RIT_GRIDDED_DIMS];
    size_t stride[RIT_MAX_SCAN_AXES]; /* 0 for an axis it does not run over */
    size_t width, threshold, inner;   /* strides; 0 likewise */
    int inners;
    size_t count;
};

static void add_dim(struct layout *l, const char *name, size_t length)
{
    l->dim[l->dims] = name;
    l->length[l->dims++] = length;
}

static struct layout lay_out(const struct rit_scan *scan, unsigned over)
{
    struct layout l = {.inners = 1, .count = 1};
    bool has_axis[RIT_MAX_SCAN_AXES] = {false};
    for (int a = 0; a < scan->axes; a++) {
        has_axis[a] = !(over & NOT_OVER_CHORALES) || strcmp(scan->axis[a].name, "chorales") != 0;
        if (has_axis[a])
            add_dim(&l, scan->axis[a].name, (size_t)scan->axis[a].n);
    }
    if (over & OVER_WIDTH)
        add_dim(&l, scan->size, (size_t)scan->widths);
    if (over & OVER_THRESHOLD)
        add_dim(&l, "threshold", (size_t)scan->thresholds);
    if (over & (OVER_REACH | OVER_LAW | OVER_APPROACH)) {
        l.inners = over & OVER_REACH ? RIT_REACHES : over & OVER_LAW ? RIT_ZEROS : RIT_APPROACHES;
        add_dim(&l, over & OVER_REACH ? "reach" : over & OVER_LAW ? "law" : "approach", (size_t)l.inners);
        l.inner = 1;
        l.count *= (size_t)l.inners;
    }
    if (over & OVER_THRESHOLD) {
        l.threshold = l.count;
        l.count *= (size_t)scan->thresholds;
    }
    if (over & OVER_WIDTH) {
        l.width = l.count;
        l.count *= (size_t)scan->widths;
    }
    for (int a = scan->axes - 1; a >= 0; a--) {
        l.stride[a] = has_axis[a] ? l.count : 0;
        l.count *= has_axis[a] ? (size_t)scan->axis[a].n : 1;
    }
    if (l.dims == 0) /* a single line: arrays have at least one dimension */
        add_dim(&l, "line", 1);
    return l;
}

static size_t width_index(const struct rit_scan *scan, double width)
{
    size_t i = 0;
    while (scan->width[i] != width)
        i++;
    return i;
}

typedef void visit(void *context, struct place place, size_t at);

/* Every place of the grid at which there are runs. */
static void for_each_place(const struct rit_scan *scan, const struct layout *l, visit *call, void *context)
{
    for (int n = 0; n < scan->lines; n++) {
        const struct rit_scan_line *line = &scan->line[n];
        size_t base = 0;
        for (int a = 0; a < scan->axes; a++)
            base += l->stride[a] * (size_t)line->place[a];
        for (int c = 0; c < (l->width ? line->cells : 1); c++) {
            size_t at_cell = base + (l->width ? l->width * width_index(scan, line->width[c]) : 0);
            for (int t = 0; t < (l->threshold ? scan->thresholds : 1); t++)
                for (int i = 0; i < l->inners; i++)
                    call(context, (struct place){n, c, t, i},
                         at_cell + l->threshold * (size_t)t + l->inner * (size_t)i);
        }
    }
}

struct filling {
    const struct rit_analysis *analysis;
    const struct entry *entry;
    double *limit[3]; /* value, low, high */
};

static void fill(void *context, struct place place, size_t at)
{
    struct filling *f = context;
    struct rit_estimate e = f->entry->get(f->analysis, place);
    f->limit[0][at] = e.value;
    f->limit[1][at] = e.low;
    f->limit[2][at] = e.high;
}

static void add_entry(const struct rit_analysis *a, const struct entry *entry, struct rit_gridded *gridded)
{
    struct layout l = lay_out(a->scan, entry->over);
    double *data = malloc((3 * l.count + 1) * sizeof *data);
    RIT_CHECK(data != NULL);
    for (size_t i = 0; i < 3 * l.count; i++)
        data[i] = NAN;
    struct filling f = {a, entry, {data, data + l.count, data + 2 * l.count}};
    for_each_place(a->scan, &l, fill, &f);
    static const char *const ending[] = {"", "_low", "_high"};
    const char *unit = strcmp(entry->unit, "units") == 0 ? a->scan->size_unit : entry->unit;
    static const char *const limit[] = {"", "lower limit of ", "upper limit of "};
    for (int i = 0; i < (entry->bare ? 1 : 3); i++) {
        char name[64], meaning[200];
        snprintf(name, sizeof name, "%s%s", entry->name, ending[i]);
        snprintf(meaning, sizeof meaning, "%s%s", limit[i], i ? entry->name : entry->meaning);
        struct rit_gridded_array *array =
            rit_gridded_add_array(gridded, name, unit, meaning, l.dims, l.dim, l.length, f.limit[i]);
        array->flags = entry->get == get_n_c_known ? known_names : NULL;
    }
    free(data);
}

struct follower_filling {
    const struct rit_analysis *analysis;
    const double *value; /* of the dataset's rows */
    double *data;
};

static void fill_follower(void *context, struct place place, size_t at)
{
    struct follower_filling *f = context;
    const struct rit_scan_line *line = &f->analysis->scan->line[place.line];
    if (line->start[place.cell] < line->start[place.cell + 1])
        f->data[at] = f->value[line->row[line->start[place.cell]]];
}

/* A parameter that follows from the others, in every cell. Texts are left to the dataset. */
static void add_follower(const struct rit_analysis *a, const char *name, struct rit_gridded *gridded)
{
    const struct rit_array *array = rit_dataset_find(a->scan->dataset, name);
    if (!array->value)
        return;
    struct layout l = lay_out(a->scan, OVER_WIDTH);
    struct follower_filling f = {a, array->value, malloc((l.count + 1) * sizeof(double))};
    RIT_CHECK(f.data != NULL);
    for (size_t i = 0; i < l.count; i++)
        f.data[i] = NAN;
    for_each_place(a->scan, &l, fill_follower, &f);
    rit_gridded_add_array(gridded, name, array->unit, "parameter that follows from the axes", l.dims, l.dim,
                          l.length, f.data);
    free(f.data);
}

/* Whether anything tells how near to infinite width some network is. */
static bool approaches(const struct rit_analysis *a)
{
    bool any = false;
    for (int l = 0; l < a->scan->lines; l++)
        for (int i = 0; i < RIT_APPROACHES; i++)
            any = any || a->line[l].approach[i].widths > 0;
    return any;
}

/* Whether the runs have what it is made of. */
static bool is_there(const struct rit_analysis *a, const struct entry *entry)
{
    bool of_floors = entry->get == get_cell_never || entry->get == get_cell_stuck ||
                     entry->get == get_cell_slow || entry->get == get_floor_one_row ||
                     entry->get == get_floor_network;
    if (of_floors && !rit_dataset_find(a->scan->dataset, "floor"))
        return false;
    if ((entry->over & OVER_APPROACH) && !approaches(a))
        return false;
    bool of_times = (entry->over & (OVER_THRESHOLD | OVER_LAW)) || entry->get == get_zero_thresholds;
    return (a->families > 0 || !(entry->over & NOT_OVER_CHORALES)) && (a->scan->thresholds > 0 || !of_times);
}

void rit_gridded_make(const struct rit_analysis *a, struct rit_gridded *gridded)
{
    const struct rit_scan *scan = a->scan;
    char rule[512];
    *gridded = (struct rit_gridded){0};
    rit_window_rule(a, rule, sizeof rule);
    rit_gridded_add_attribute(gridded, "title", false, "Ritardando: the learnability transition");
    rit_gridded_add_attribute(gridded, "of", false, "%s", scan->dataset->content_hash);
    rit_gridded_add_attribute(gridded, "level", true, "%.10g", a->options.level);
    rit_gridded_add_attribute(gridded, "resamples", true, "%d", a->options.resamples);
    rit_gridded_add_attribute(gridded, "random_key", true, "%llu", (unsigned long long)a->options.key);
    rit_gridded_add_attribute(gridded, "fit_window", false, "%s", rule);
    if (a->options.below)
        rit_gridded_add_attribute(gridded, "learned", false, "below the critical value: 1/tau = a (N_c - x)");
    for (int i = 0; i < scan->axes; i++)
        rit_gridded_add_coordinate(gridded, scan->axis[i].name, scan->axis[i].unit, scan->axis[i].n,
                                   scan->axis[i].number, (const char *const *)scan->axis[i].text);
    rit_gridded_add_coordinate(gridded, scan->size, scan->size_unit, scan->widths, scan->width, NULL);
    if (scan->thresholds > 0) {
        rit_gridded_add_coordinate(gridded, "threshold", scan->unit, scan->thresholds, scan->eps, NULL);
        rit_gridded_add_coordinate(gridded, "reach", "1", RIT_REACHES, rit_reaches, NULL);
        rit_gridded_add_coordinate(gridded, "law", NULL, RIT_ZEROS, NULL, laws);
    }
    if (approaches(a))
        rit_gridded_add_coordinate(gridded, "approach", NULL, RIT_APPROACHES, NULL, rit_approach_names);
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        if (is_there(a, &entries[i]))
            add_entry(a, &entries[i], gridded);
    for (int i = 0; i < scan->followers; i++)
        add_follower(a, scan->follower[i], gridded);
}

void rit_gridded_release(struct rit_gridded *gridded)
{
    for (int i = 0; i < gridded->arrays; i++)
        free(gridded->array[i].value);
    free(gridded->array);
    *gridded = (struct rit_gridded){0};
}

void rit_gridded_add_attribute(struct rit_gridded *gridded, const char *name, bool number, const char *format,
                               ...)
{
    RIT_CHECK(gridded->attributes < RIT_GRIDDED_ATTRIBUTES);
    struct rit_gridded_attribute *attribute = &gridded->attribute[gridded->attributes++];
    *attribute = (struct rit_gridded_attribute){.name = name, .number = number};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(attribute->text, sizeof attribute->text, format, arguments);
    va_end(arguments);
}

void rit_gridded_add_coordinate(struct rit_gridded *gridded, const char *name, const char *unit, int n,
                                const double *number, const char *const *text)
{
    RIT_CHECK(gridded->coordinates < RIT_GRIDDED_COORDINATES);
    gridded->coordinate[gridded->coordinates++] =
        (struct rit_gridded_coordinate){name, unit, n, number, text};
}

struct rit_gridded_array *rit_gridded_add_array(struct rit_gridded *gridded, const char *name,
                                                const char *unit, const char *meaning, int dims,
                                                const char *const *dim, const size_t *length,
                                                const double *value)
{
    gridded->array = realloc(gridded->array, (size_t)(gridded->arrays + 1) * sizeof *gridded->array);
    RIT_CHECK(gridded->array != NULL && dims <= RIT_GRIDDED_DIMS);
    struct rit_gridded_array *array = &gridded->array[gridded->arrays++];
    *array = (struct rit_gridded_array){.unit = unit, .dims = dims, .count = 1};
    snprintf(array->name, sizeof array->name, "%s", name);
    snprintf(array->meaning, sizeof array->meaning, "%s", meaning);
    for (int d = 0; d < dims; d++) {
        array->dim[d] = dim[d];
        array->length[d] = length[d];
        array->count *= length[d];
    }
    array->value = malloc((array->count + 1) * sizeof *array->value);
    RIT_CHECK(array->value != NULL);
    memcpy(array->value, value, array->count * sizeof *value);
    return array;
}

int rit_gridded_flags(const struct rit_gridded_array *array)
{
    int n = 1;
    for (const char *c = array->flags; *c; c++)
        n += *c == ' ';
    return n;
}

int rit_window_rule(const struct rit_analysis *a, char *out, size_t size)
{
    if (a->options.below)
        return snprintf(out, size,
                        "all values whose distance from %g is up to %g times that of the first at which at "
                        "least half of the "
                        "runs learned, and at least %d values with a learned run",
                        a->options.mirror, a->options.reach, RIT_LEAST_CELLS_FREE);
    char sizes[128] = "widths";
    if (strcmp(a->scan->size, "width") != 0)
        snprintf(sizes, sizeof sizes, "values of %.100s", a->scan->size);
    return snprintf(out, size,
                    "all %s up to %g times the first at which at least half of the runs learned, and at "
                    "least %d %s with a learned run",
                    sizes, a->options.reach, RIT_LEAST_CELLS_FREE, sizes);
}
