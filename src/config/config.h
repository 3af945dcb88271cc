/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * One YAML file: the grid, the parameters of its points, and how to run. Everything that decides a
 * result is a parameter of the point (ritardando/point.h); what only concerns the running is in `run`.
 *
 *     grid:                        # axes; the first varies slowest
 *       depth: [1, 2]              # short for model.depth; width, chorales and seed likewise
 *       rule.eta: [0.03, 0.1]      # any other number, name or switch by its full key
 *       seed: {from: 1, to: 3}     # a range: whole numbers by 1 or `by`, reals `by`, either by `count`
 *     rule: {name: sgd}            # a parameter outside the grid, in its section
 *     run: {checkpoint: 300}
 *
 * Where the values of one axis depend on another, `grid` is a list of grids with the same axes:
 *
 *     grid:
 *       - {depth: 1, width: [10, 20, 30]}
 *       - {depth: 2, width: [6, 12, 18]}
 *
 * Axes below `zip` go together, value by value:
 *
 *     grid:
 *       zip: {depth: [1, 2, 5], rule.eta: [0.1, 0.05, 0.02]}
 *       seed: [1, 2, 3]
 *
 * With `refine` the plan grows: the grid is a list of lines, and for each of them values of one more
 * parameter are asked for from round to round, with as many seeds and as long as it takes
 * (src/sweep/refinement.h):
 *
 *     grid: {depth: [1, 2]}
 *     refine: {by: width, from: 4, to: 200, error: 0.02}
 */
#ifndef RITARDANDO_CONFIG_CONFIG_H
#define RITARDANDO_CONFIG_CONFIG_H

#include <ritardando/point.h>
#include <ritardando/status.h>

struct rit_buffer;

enum { RIT_MAX_AXES = 12, RIT_MAX_GRIDS = 100, RIT_MAX_POINTS = 200000 };

/** One axis of the grid: a parameter and the values it takes, all different unless it is zipped. */
struct rit_axis {
    int param; /* index in the registry */
    int n;
    int zip; /* 0: it varies alone; axes that stand together with the same number go value by value */
    union rit_value *value; /* [n], owned */
};

/** One grid: what each axis of the config takes in it. Most configs have one; a list of them has several. */
struct rit_grid_axes {
    int line; /* of a plan that grows */
    struct rit_axis axis[RIT_MAX_AXES];
};

/** Which values of an axis are worth a point is decided while the sweep runs. Section `refine`. */
struct rit_refine_settings {
    const char *by;     /* name of the axis; "": none, the grid is all */
    double from, to;    /* its lowest and highest value */
    const char *learns; /* "above" or "below" the border */
    double error;       /* of the border over its value, that is enough */
    double core_hours;  /* that are enough; 0: no limit */
};

/** How to run; none of it changes a result. Section `run` of the file; declared in src/config/settings.c. */
struct rit_run_settings {
    double checkpoint_seconds; /* wall-clock interval between checkpoints of a point in training */
    double dataset_seconds;    /* wall-clock interval between rewrites of phase-diagram.h5 */
    double report_seconds;     /* interval of plain progress lines in a log */
    double lease_seconds;      /* silence after which a worker is taken for lost */
    double walltime_seconds;   /* after which the sweep must have ended; 0: no limit of its own */
    const char *keep;          /* whose end states are kept: "none", "censored", "all" */
};

struct rit_config {
    struct rit_point base;       /* every parameter's value outside the grid */
    int axes;                    /* the same parameters, in the same order, in every grid */
    int grids;                   /* at least one */
    struct rit_grid_axes *grid;  /* [grids], owned */
    int given_axes, given_grids; /* those of the file; a plan that is refined has more */
    struct rit_refine_settings refine;
    struct rit_run_settings run;
    int points;    /* of the plan */
    int *in_grid;  /* [points] number of each, counted through all grids; owned */
    int *before;   /* [grids] the number of each grid's first place; owned */
    int numbers;   /* places of all grids */
    int lines;     /* of a plan that grows */
    int *line;     /* [lines] their places in the grids of the file; owned */
    bool *dropped; /* [points] a longer run of the same network has taken its place; owned */
    char *memory;  /* owned: texts that values point into */
    char *given;   /* the overrides, "KEY=VALUE" with spaces between; NULL: none; owned */
};

/** "KEY=VALUE" on a command line: VALUE, read as YAML, instead of what the file says of KEY. */
struct rit_overrides {
    int n;
    char *const *text; /* [n], borrowed */
};

/**
 * Read and check a file. All errors at once, one line each, "file:line:column: sentence": RIT_BAD_INPUT, or
 * RIT_IO if it cannot be read. On failure there is nothing to release.
 */
enum rit_status rit_config_read(const char *path, struct rit_config *config, struct rit_error *err);
/** The same from text; `name` stands for the file in messages. */
enum rit_status rit_config_parse(const char *name, const char *text, size_t size, struct rit_config *config,
                                 struct rit_error *err);
/**
 * The file with overrides. KEY is a parameter's, a setting's (run.checkpoint) or an axis' name; several
 * values take the place of an axis, or make another one, which varies fastest. What is wrong with one is said
 * like what is wrong with the file, "KEY=VALUE:1:column: sentence". A relative path begins at the working
 * folder.
 */
enum rit_status rit_config_read_with(const char *path, const struct rit_overrides *overrides,
                                     struct rit_config *config, struct rit_error *err);
enum rit_status rit_config_parse_with(const char *name, const char *text, size_t size,
                                      const struct rit_overrides *overrides, struct rit_config *config,
                                      struct rit_error *err);
void rit_config_release(struct rit_config *config);

/**
 * The fully resolved config as YAML, every parameter visible that has a meaning for a point of the plan;
 * reading it back gives the same points. Overrides are in it, and named in a comment at its head.
 */
void rit_config_print(const struct rit_config *config, struct rit_buffer *out);

/**
 * The plan: points are numbered 0 .. count-1, grid by grid, the first axis of the file varying slowest. A
 * point that is in two grids is taken once. Where an axis has no meaning (cost.margin beside cost.name: nll)
 * only its first value is taken, so no point comes twice.
 */
int rit_plan_count(const struct rit_config *config);
/** The point borrows from the config. */
void rit_plan_point(const struct rit_config *config, int index, struct rit_point *point);
/** The grid of the point, and where it stands on each axis there: at[i] < axis[i].n. */
const struct rit_grid_axes *rit_plan_place(const struct rit_config *config, int index, int at[RIT_MAX_AXES]);

/** A value in place of the base point's. */
struct rit_change {
    int param;
    const union rit_value *value;
};
enum { RIT_MAX_CHANGES = RIT_MAX_AXES + 2 };

/**
 * What a point of the plan has in place of values of config->base: those of its axes and, before them, width
 * and limit where one of the two says that it is infinitely wide. The first of a parameter counts. The values
 * are borrowed. Returns how many.
 */
int rit_plan_changes(const struct rit_config *config, int index, struct rit_change change[RIT_MAX_CHANGES]);
/** False for points that differ only in their seed from an earlier one: what cannot depend on it is looked at
 * once. */
bool rit_plan_is_first_seed(const struct rit_config *config, int index);
/** "depth 1, width 6, seed 2", for messages. Returns snprintf's length. */
int rit_plan_label(const struct rit_config *config, int index, char *out, size_t size);

/** A cell of a refined plan: one value on one line, with consecutive seeds, run to the same stop.tau. */
struct rit_plan_cell {
    int line; /* 0 .. rit_plan_lines - 1 */
    double at, tau;
    int seed, seeds; /* the first seed and how many, counted from the one that the file has */
};

enum { RIT_FIRST_SEEDS = 3 }; /* of a cell */

/** Whether the plan grows while the sweep runs. It begins with the lowest value of every line, with
 * RIT_FIRST_SEEDS seeds, as long as rit_plan_first_tau says. */
bool rit_plan_grows(const struct rit_config *config);
int rit_plan_lines(const struct rit_config *config);
double rit_plan_first_tau(const struct rit_config *config);
/** The parameter of refine.by. */
const struct rit_param *rit_plan_refined(const struct rit_config *config);
/** Add a cell's points; those that there are stay where they are. Returns the number of the first. */
int rit_plan_add(struct rit_config *config, const struct rit_plan_cell *cell);
/** A longer run of the same network has taken its place: it is no row of the dataset, and of no roster made
 * from now on. */
void rit_plan_drop(struct rit_config *config, int index);
void rit_plan_keep(struct rit_config *config, int index);
bool rit_plan_is_dropped(const struct rit_config *config, int index);
/** How many points are not dropped. */
int rit_plan_rows(const struct rit_config *config);
/** The order of rows, below 0 if `a` comes first: that of the plan; of one that grows by line, value and
 * seed. */
int rit_plan_compare(const struct rit_config *config, int a, int b);

/** A sentence on how a plan that grows does so. */
void rit_plan_print_growth(const struct rit_config *config, struct rit_buffer *out);

/**
 * A sentence on what the plan cannot answer although it can be run: an aging measurement with too few seeds
 * for error bars. Returns false, with nothing written, when there is nothing to say.
 */
bool rit_plan_advice(const struct rit_config *config, char *out, size_t size);

/** `ritardando describe`: the commented reference.yaml, and a JSON Schema for editors. */
void rit_describe_yaml(struct rit_buffer *out);
void rit_describe_schema(struct rit_buffer *out);

#endif
