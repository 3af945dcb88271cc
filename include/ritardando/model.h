/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `model`: architectures. A member is one file in src/model/ that exports
 * `const struct rit_model rit_model_NAME`.
 *
 * A model turns rows into rows: what goes in and what is wanted is the task's, what is asked of its outputs a
 * criterion's. All weights of a network are one flat array of doubles with named views (rit_layout), so that
 * a learning rule, a checkpoint and a displacement see one array. A model turns weights and a batch into a
 * loss and its gradient; it knows nothing of rates, steps or files.
 */
#ifndef RITARDANDO_MODEL_H
#define RITARDANDO_MODEL_H

#include <ritardando/criterion.h>
#include <ritardando/member.h>
#include <ritardando/point.h>
#include <ritardando/rows.h>
#include <ritardando/status.h>
#include <ritardando/task.h>
#include <ritardando/wide.h>

#include <stdbool.h>

struct rit_arena;
struct rit_channel; /* kernel/channel.h */

enum { RIT_MAX_BLOCKS = 96, RIT_MAX_DEPTH = 30, RIT_BLOCK_NAME = 8 };

/** One weight matrix: rows x cols, row-major, at `offset` of the flat array. */
struct rit_weights {
    char name[RIT_BLOCK_NAME]; /* "J1", "M1", "J2", ..., "K", "W", "h" */
    int rows, cols;            /* M_a: N_h x N_h acting on a column vector, as in the formulas */
    size_t offset;
    double scale;    /* gain at the start; of an orthogonal block, of the group it is kept on */
    bool orthogonal; /* kept on `scale` times the orthogonal group by the retraction */
    bool in_all;     /* counted in the class "all" of displacement and noise (h is not) */
};

struct rit_layout {
    int blocks;
    struct rit_weights block[RIT_MAX_BLOCKS];
    size_t size; /* doubles in the flat array */
};

/** Which examples make the gradient of one step. */
enum rit_batch_kind {
    RIT_FULL,        /* every pair of the block */
    RIT_SEQUENCES,   /* the pairs of `n` sequences */
    RIT_TIME_POINTS, /* `n` pairs, with states and deltas from a sweep over the whole block */
};

struct rit_batch {
    enum rit_batch_kind kind;
    int n;            /* sequences or pairs; not used for RIT_FULL */
    const int *index; /* [n] ascending; not used for RIT_FULL */
    uint64_t draw;    /* which random numbers a noisy model draws: a step's number; 0: none, it is exact */
};

/** What a sweep is asked for beyond the gradient. The bits of the gradient never depend on it. */
enum rit_want {
    RIT_WANT_NOTHING = 0,
    RIT_WANT_NOISE = 1, /* fill the second moments of rit_pass */
};

/**
 * What one pass found. `sum` is that of the criterion over the pairs swept: those of the batch, and for
 * RIT_TIME_POINTS all T; `loss` is its mean [E per pair]. Only with a gradient, second moments are means of
 * the squared norm of one example's gradient, per weight block: `second_pair` over the pairs swept (g_t =
 * dE_t/dw, so |delta_t|^2 |x_t|^2), `second_sequence` over the sequences of the batch (g_m = (P/T) sum over
 * its pairs of g_t; NaN for RIT_TIME_POINTS).
 */
struct rit_pass {
    double sum, loss;
    double second_pair[RIT_MAX_BLOCKS];
    double second_sequence[RIT_MAX_BLOCKS];
};

struct rit_net; /* a member's own working memory for one run */

struct rit_model {
    struct rit_member member; /* own parameters: keys "model.*" */

    const char *size; /* its N_h, which a critical width is sought of: "model.width"; of several keys, with a
                         space between them, the first that has a meaning */

    /** Settings that cannot work, before any data. NULL: none. */
    enum rit_status (*check)(const struct rit_point *point, struct rit_error *err);

    /**
     * The weight blocks of this point's network between two ports. RIT_BAD_INPUT for ports that the
     * model cannot have.
     */
    enum rit_status (*layout)(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                              struct rit_layout *layout, struct rit_error *err);

    /** Operations of a pair in a pass with gradient: what the order of points and forecasts go by. */
    double (*price)(const struct rit_point *point, const struct rit_layout *layout);

    /** Rows of a sequence that an output can depend on, the present one and those before it: 1 without
     * memory. NULL: all of them. */
    int (*remembers)(const struct rit_point *point);

    /** Whether the outputs of a pass with a draw are random: they then tell no exact measure. NULL: never. */
    bool (*noisy)(const struct rit_point *point);

    /** Initial weights, from streams (seed, RIT_FOR_WEIGHTS, block). */
    void (*init)(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w);

    /**
     * Working memory for sweeps over `block`, taken from `arena` (twice: to measure, then to place; while
     * measuring the block's arrays may be looked at, the arena's not). The net borrows all arguments.
     */
    struct rit_net *(*open)(const struct rit_point *point, const struct rit_layout *layout,
                            const struct rit_block *block, struct rit_arena *arena);

    /** Take weights over into the net (float copies, packed panels). Must precede the sweeps that use them.
     */
    void (*load)(struct rit_net *net, const double *w);

    /**
     * Goes through the batch, sequence after sequence in ascending order, and hands the outputs to the
     * criterion. Unless g is NULL, also the gradient by exact back-propagation through time,
     * g = d/dw (1/n) sum E_t, [E per pair per weight]:
     *   RIT_FULL        mean over the T pairs;
     *   RIT_SEQUENCES    (P/(n T)) sum over the pairs of the batch: an unbiased estimate of the full mean;
     *   RIT_TIME_POINTS mean over the n pairs of delta_t x_t^T, delta including what comes back from the
     *                   future, states and deltas being those of all T pairs.
     * `g` has the flat layout. Overwritten, not added to.
     */
    void (*pass)(struct rit_net *net, const struct rit_batch *batch, enum rit_want want,
                 const struct rit_criterion *criterion, double *g, struct rit_pass *sweep);

    /**
     * Of a net with weights loaded that keeps a quantum state: the channel that the state goes through at a
     * pair of the block, borrowed until the next load; it begins in |0..0>. Without a net, its shape alone.
     * NULL: it keeps none.
     */
    struct rit_channel (*channel)(const struct rit_point *point, struct rit_net *net, int pair);

    /** Steps between two retractions; 0 or NULL: never. */
    int (*retract_period)(const struct rit_point *point);

    /**
     * Put the orthogonal blocks of w back on their group (polar projection), in place. Returns false if one
     * has no polar factor (it is singular or not finite). NULL where retract_period is.
     */
    bool (*retract)(struct rit_net *net, double *w);

    /**
     * What infinite width leaves of the network between these ports. RIT_BAD_INPUT, with the parameter, for a
     * start or a parametrisation that has no such limit. NULL: the model has none.
     */
    enum rit_status (*wide)(const struct rit_point *point, struct rit_port in, struct rit_wide *wide,
                            struct rit_error *err);
};

extern const struct rit_member *const rit_models[];
static inline const struct rit_model *rit_model_of(const struct rit_point *point)
{
    return (const struct rit_model *)rit_member_chosen(rit_models, point, "model.name");
}

/** model.depth and model.width, which most architectures have. */
extern const struct rit_param_table rit_layers_params;

/**
 * The parameter that is the size of a network, or -1, where the values of parameters are told by value(self,
 * index) (rit_param_applies_by).
 */
int rit_model_size_by(const struct rit_registry *registry,
                      const union rit_value *(*value)(const void *self, int index), const void *self);
/** The size of a point's network, NaN if it has none. */
double rit_model_size(const struct rit_point *point);

#endif
