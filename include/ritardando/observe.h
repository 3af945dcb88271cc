/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `observe`: what is measured along a run. A member is one file in src/observe/ that exports
 * `const struct rit_observable rit_observable_NAME`. All members whose parameter "observe.NAME" is true
 * (each declares it) take part in a run; they never change its bits.
 *
 * The common time grid: index 0 is tau = 0; index k >= 1 is tau_k = grid_first * 10^((k-1)/per_decade).
 * A measurement is made at the first step whose tau has reached tau_k; grid times that fall between two
 * steps stay NaN. With a rule that keeps time itself it is made at tau_k. The run ends at stop.tau, which
 * need not lie on the grid. All points of a sweep share the grid, so that their rows make one dense array.
 *
 * Nothing that is measured depends on when the run will end: a longer run begins like a shorter one.
 */
#ifndef RITARDANDO_OBSERVE_H
#define RITARDANDO_OBSERVE_H

#include <ritardando/clock.h>
#include <ritardando/member.h>
#include <ritardando/model.h>
#include <ritardando/outcome.h>
#include <ritardando/point.h>

struct rit_arena;

struct rit_grid {
    double first; /* tau_1 */
    int per_decade;
    int size; /* including tau = 0 */
};

extern const struct rit_param_table rit_grid_params;
/** The grid of a point, as far as the last step of its run reaches. */
struct rit_grid rit_grid_of(const struct rit_point *point, const struct rit_clock *clock);
/** tau of grid index k. */
double rit_grid_tau(const struct rit_grid *grid, int k);
/** Largest index whose tau has been reached (rit_tau_reached). */
int rit_grid_reached(const struct rit_grid *grid, double tau);

/** What does not change during a run: all an observer may look at. Borrowed, valid for the whole run. */
struct rit_scene {
    const struct rit_point *point;
    const struct rit_layout *layout;
    const struct rit_block *block;
    const struct rit_model *model;
    /* Loaded with the current weights when `measure` and `finish` are called, with any at `step`: load them
     * there. What an observer leaves in it does not matter. */
    struct rit_net *net;
    const char *measure, *unit; /* what learning is read off: "negative log-likelihood" in "bit" */
    struct rit_grid grid;
    struct rit_clock clock; /* when the run's steps are made */
    double edge; /* of the rule: eta lambda_max up to which its steps are stable; NaN: it has none */
    /* [pairs] what observe.kernel-spectrum asks for, descending, where others have found it; NULL: nobody. */
    const double *kernel_spectrum;
};

/** One moment of the run. */
struct rit_moment {
    uint64_t step; /* steps made so far */
    double tau;
    const double *w;                   /* weights now, after update and retraction */
    const double *w_before_retraction; /* weights after the update; equal to w in steps without retraction */
    /* Of the step just made; NULL and 0 in a measurement. */
    const struct rit_batch *batch; /* its examples */
    const double *g;               /* their gradient at the weights before the step */
    const struct rit_pass *sweep;  /* of the same sweep */
    double own_noise;              /* variance per weight of noise the rule itself put on g [(nat/w)^2] */
    bool blind;                    /* the rule did not look at g: its own noise is all the noise there is */
};

/** What an observer thinks of the run's end. */
enum rit_opinion {
    RIT_INDIFFERENT,
    RIT_GO_ON,       /* it wants the run up to stop.tau */
    RIT_NOT_YET,     /* the network has not learned what it is to learn */
    RIT_HAS_LEARNED, /* it has: only this makes an end "learned" */
};

struct rit_observable {
    struct rit_member
        member; /* own parameters: "observe.NAME" (BOOL: take part) and own ones "observe.NAME-..." */

    /** Settings that cannot work, before training starts. NULL: none. */
    enum rit_status (*check)(const struct rit_point *point, struct rit_error *err);

    /** What it cannot measure at all of this block by such weights, likewise. NULL: nothing. */
    enum rit_status (*fits)(const struct rit_point *point, const struct rit_block *block,
                            const struct rit_layout *layout, struct rit_error *err);

    /**
     * Take memory: what must survive a kill from `state` (it is written to checkpoints as raw bytes: no
     * pointers in it), the rest, with the returned handle, from `work`. Called twice, the first time with
     * measuring arenas; the arrays may be written only when state->base is not NULL, and are zero at a start.
     */
    void *(*open)(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work);

    /** What it wants of every step's sweep made when the run stands at this moment. NULL: nothing. */
    enum rit_want (*want)(const void *self, const struct rit_moment *now);

    /** After every step; where the rule keeps time itself, at the moments of the grid and at those asked for
     * by `next`, g and sweep being those at w. NULL: not interested. */
    void (*step)(void *self, const struct rit_moment *now);

    /** Whether it wants the NLL at this moment, off the grid; `next` is the tau of the step to come. NULL:
     * no.
     */
    bool (*due)(const void *self, const struct rit_moment *now, double next);

    /**
     * Of a run whose rule keeps time itself: the next tau at which it wants a step told beside the grid,
     * where all are; INFINITY for none. NULL: none.
     */
    double (*next)(const void *self);

    /** Of such a run: the measure whose passage from above it waits for most; it is measured with k = -1 at
     * the first moment below. -INFINITY for none. NULL: none. */
    double (*level)(const void *self);

    /**
     * With the measure of learning over the whole block (the NLL in bits per unit and step, where targets are
     * bits): at grid index k, and with k = -1 where some observer wanted it, or where the run knows it anyway
     * (a step that goes through the block finds it). NULL: not interested.
     */
    void (*measure)(void *self, const struct rit_moment *now, int k, double nll);

    /**
     * Passes with gradient over the whole block that its measurements are worth, up to stop.tau: what
     * forecasts add to those of training. Of the scene all but the net. NULL: too few to count.
     */
    double (*sweeps)(const struct rit_scene *scene);

    /** NULL: indifferent. */
    enum rit_opinion (*opinion)(const void *self);

    /**
     * Whether a run that was asked `had`, and ended as `end` says, left all that `wanted` asks of this
     * observable, which both have switched on; `wanted` differs in what is asked only. *satisfied becomes the
     * tau from which on it would have let the run end as learned, INFINITY if it never would. False, with a
     * reason that begins with the parameter, if the run must be made again. NULL: where its parameters are
     * the same; it is indifferent.
     */
    bool (*extends)(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size);

    /**
     * Take over what `from`, the same observable of such a run, has in its state, so that the run goes on as
     * if it had been asked in this way from its start. NULL where open takes nothing from `state`.
     */
    void (*adopt)(void *self, const void *from);

    /** Put the variables into the outcome. Called once, at the end of the run, also of a diverged one. */
    void (*finish)(void *self, const struct rit_moment *now, struct rit_outcome *outcome);
};

extern const struct rit_member *const rit_observables[];

/** Its first parameter is its switch. */
static inline bool rit_observable_takes_part(const struct rit_observable *observable,
                                             const struct rit_point *point)
{
    const char *key = observable->member.params[0].key;
    return rit_param_applies(point, rit_param_find(point->registry, key)) && rit_point_bool(point, key);
}

#endif
