/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Parameters, declared once, and the point: one value for each of them.
 *
 * A parameter's declaration (key, kind, default, bounds, unit, meaning) is all there is to it: parsing,
 * checking, `ritardando describe`, the JSON Schema and the attributes of the dataset follow from it. The
 * room that reads a parameter declares it, a member of a family in its file; src/config/registry.c gathers
 * them.
 *
 * A point is everything that decides the bits of one network's run. Its identity is a hash of the parameters
 * that apply to it and differ from their defaults, of the data and of RIT_NUMERICS_VERSION.
 */
#ifndef RITARDANDO_POINT_H
#define RITARDANDO_POINT_H

#include <ritardando/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Raise it whenever the bits of unchanged points change, with a line CHANGES RESULTS in CHANGELOG; where
 * they are those of one member alone, raise that one's revision (member.h). */
enum { RIT_NUMERICS_VERSION = 3 };

struct rit_buffer;

enum rit_kind {
    RIT_INT,   /* int64_t */
    RIT_REAL,  /* double */
    RIT_BOOL,  /* true or false */
    RIT_NAME,  /* one of `choices` */
    RIT_TEXT,  /* any text, such as a path */
    RIT_REALS, /* ascending list of at most RIT_MAX_LIST reals */
};

/** inf, where a whole number may be that. */
#define RIT_INFINITE INT64_MAX

enum { RIT_MAX_LIST = 16, RIT_MAX_PARAMS = 160, RIT_MAX_TEXT = 256 };

struct rit_param {
    const char *key; /* "section.name", as in the YAML file */
    enum rit_kind kind;
    const char *fallback;       /* the default, written as in YAML */
    double low, high;           /* INT, REAL, REALS: inclusive bounds of each number */
    const char *const *choices; /* NAME: NULL-terminated */
    const char *unit;           /* "1", "tau", "steps", "chorales", ... */
    const char *meaning;        /* one line */
    int fewest;                 /* REALS: numbers that the list must have */
    const char *needs; /* "model.depth: 2.." or "batch.kind: chorales time-points": it has a meaning only
                          there, beside where its family's member is chosen; NULL: no condition */
    bool not_identity; /* true: does not decide bits (a path); stays out of the point's identity */
    bool or_infinite;  /* INT: it may be inf, RIT_INFINITE, too */
    bool is_path;      /* TEXT: a relative one begins at the folder of the config file */
};

/** Parameters that a room reads, beside those of members (member.h). */
struct rit_param_table {
    const struct rit_param *param;
    int n;
};

#define RIT_PARAM_TABLE(array)                                                                               \
    {                                                                                                        \
        (array), sizeof(array) / sizeof((array)[0])                                                          \
    }

union rit_value {
    int64_t i;
    double x;
    bool b;
    const char *name; /* one of choices; borrowed from the declaration */
    const char *text; /* borrowed from the plan */
    struct {
        int n;
        double x[RIT_MAX_LIST];
    } list;
};

/**
 * Where a parameter has a meaning: where another one, `selector`, has a meaning itself and one of `values`,
 * words with a space between them ("true" of a BOOL, "2.." of an INT: at least 2).
 */
struct rit_condition {
    int selector; /* index in the registry */
    const char *values;
};

enum { RIT_CONDITIONS = 3, RIT_PARAM_SLOTS = 1024 };

/**
 * All parameters of the program: those of the rooms first, then those of every family's members. Built once
 * by rit_registry() in src/config from the families' lists; a point carries it, so that the rooms below can
 * read their parameters without knowing the families.
 */
struct rit_registry {
    int count;
    const struct rit_param *param[RIT_MAX_PARAMS];
    const union rit_value *fallback; /* [count] the defaults; NULL: they are read when they are asked for */
    int likely[RIT_PARAM_SLOTS];     /* by rit_param_slot of a key: where to look for it first */
    int conditions[RIT_MAX_PARAMS];
    struct rit_condition condition[RIT_MAX_PARAMS][RIT_CONDITIONS]; /* [conditions], all must hold */
};

const struct rit_registry *rit_registry(void);

/** Where a registry keeps the likely index of `key`: of two keys with one slot, that of the later one. */
unsigned rit_param_slot(const char *key);
/** Index of `key`, or -1. */
int rit_param_find(const struct rit_registry *registry, const char *key);

struct rit_point {
    const struct rit_registry *registry;   /* borrowed */
    union rit_value value[RIT_MAX_PARAMS]; /* by parameter index */
};

/** Whether parameter `index` has a meaning for this point. */
bool rit_param_applies(const struct rit_point *point, int index);
/** The same where the values of parameters are told by value(self, index). */
bool rit_param_applies_by(const struct rit_registry *registry, int index,
                          const union rit_value *(*value)(const void *self, int index), const void *self);
/** Whether a condition holds for this value of its selector. */
bool rit_condition_holds(const struct rit_registry *registry, const struct rit_condition *condition,
                         const union rit_value *selector);
/** Whether two values of one parameter are the same. */
bool rit_value_equal(const struct rit_param *param, const union rit_value *a, const union rit_value *b);
/** Whether the point has the default of parameter `index`. */
bool rit_param_is_default(const struct rit_point *point, int index);

/** All defaults. */
void rit_point_init(struct rit_point *point, const struct rit_registry *registry);

/**
 * Read one value from its text as written in YAML: "0.1", "true", "[1, 2]". A number has decimal notation
 * with or without exponent; whole numbers may too, 2e3 being 2000. Returns false, with the reason and the
 * allowed range or names in `why` (if not NULL), when it is not of the kind or not within bounds. A TEXT
 * borrows `text`.
 */
bool rit_value_parse(const struct rit_param *param, const char *text, union rit_value *value, char *why,
                     size_t why_size);

/** The value as text that rit_value_parse reads back to the same bits. Returns snprintf's length. */
int rit_value_print(const struct rit_param *param, const union rit_value *value, char *out, size_t size);

/** The shortest decimal that reads back as the finite number x. Returns snprintf's length. */
int rit_real_print(double x, char *out, size_t size);
/** The same for people, who like 1e12 better than 1000000000000. */
int rit_bound_print(double x, char *out, size_t size);

/* Typed access by key, for the start of a run. An unknown key or the wrong kind is a bug. */
int64_t rit_point_int(const struct rit_point *point, const char *key);
double rit_point_real(const struct rit_point *point, const char *key);
bool rit_point_bool(const struct rit_point *point, const char *key);
const char *rit_point_name(const struct rit_point *point, const char *key);
const char *rit_point_text(const struct rit_point *point, const char *key);
/** Returns the number of entries and points *x at them. */
int rit_point_reals(const struct rit_point *point, const char *key, const double **x);

/** Set one value from its text; a key or value that cannot be is a bug: for tests and built-in points. */
void rit_point_set(struct rit_point *point, const char *key, const char *text);

/** Which parameters: a point is a trajectory and a request. */
enum rit_share {
    RIT_TRAJECTORY = 1, /* what decides the weights after any number of steps */
    RIT_REQUEST = 2,    /* what is asked of them: sections `stop` and `observe` */
    RIT_WHOLE = 3
};

/** Which of the two parameter `key` belongs to. */
enum rit_share rit_param_share(const char *key);

/**
 * "key: value" lines, ascending by key, of all parameters of this share that apply, decide bits and differ
 * from their defaults: a parameter that is new in the program changes no text.
 */
void rit_point_print_identity(const struct rit_point *point, enum rit_share share, struct rit_buffer *out);

/**
 * The reverse: defaults, then the values of such a text. RIT_BAD_INPUT for a line that is no parameter of
 * this program, as in results of another version.
 */
enum rit_status rit_point_read_identity(struct rit_point *point, const struct rit_registry *registry,
                                        const char *text, struct rit_error *err);

#endif
