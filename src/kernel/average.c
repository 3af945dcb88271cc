/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/average.h"

#include <ritardando/status.h>

#include "base/exact.h"
#include "kernel/dual.h"

#include <math.h>
#include <string.h>

static const double one_over_pi = 0x1.45f306dc9c883p-2, root_of_two_pi = 0x1.40d931ff62706p+1;
static const double least_pivot = 1e-12; /* of a variance: less is rounding */

/* ---- activations ---- */

static double tanh_of(int order, double u)
{
    double t = rit_tanh(u), slope = 1.0 - t * t;
    switch (order) {
    case 0:
        return t;
    case 1:
        return slope;
    case 2:
        return -2.0 * t * slope;
    case 3:
        return (6.0 * t * t - 2.0) * slope;
    default:
        return (16.0 - 24.0 * t * t) * t * slope;
    }
}

static double erf_of(int order, double u)
{
    double slope = 0x1.20dd750429b6dp+0 * rit_exp(-u * u); /* 2/sqrt pi */
    switch (order) {
    case 0:
        return rit_erf(u);
    case 1:
        return slope;
    case 2:
        return -2.0 * u * slope;
    case 3:
        return (4.0 * u * u - 2.0) * slope;
    default:
        return (12.0 - 8.0 * u * u) * u * slope;
    }
}

static double derivative(enum rit_activation phi, int order, double u)
{
    switch (phi) {
    case RIT_TANH:
        return tanh_of(order, u);
    case RIT_ERF:
        return erf_of(order, u);
    default: /* a sine, a quarter of a turn ahead for each order */
        return rit_sinpi(u * one_over_pi + 0.5 * ((phi == RIT_COS) + order));
    }
}

static double power_of(double x, int n)
{
    double y = 1.0;
    for (; n > 0; n--)
        y *= x;
    return y;
}

/* ---- linear algebra of at most four ---- */

struct triangle {
    int n;
    double l[RIT_AVERAGE_INPUTS][RIT_AVERAGE_INPUTS]; /* u = L z */
};

static struct triangle triangle_of(int n, const double (*k)[RIT_AVERAGE_INPUTS])
{
    struct triangle t = {.n = n};
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double rest = k[i][j];
            for (int s = 0; s < j; s++)
                rest -= t.l[i][s] * t.l[j][s];
            if (i == j)
                t.l[i][i] = rest > least_pivot * k[i][i] ? sqrt(rest) : 0.0;
            else
                t.l[i][j] = t.l[j][j] > 0.0 ? rest / t.l[j][j] : 0.0;
        }
    return t;
}

/* ---- smooth activations: the trapezoidal rule ---- */

/* Nodes (i + 1/2) step up to `reach`, beyond which exp(-z^2/2) is 6e-13. */
static const double reach = 7.5;
enum { MOST_NODES = 256 };

struct rule {
    enum rit_activation phi;
    const struct rit_product *product;
    struct triangle triangle;
    double step;
    int nodes;
    double node[MOST_NODES], weight[MOST_NODES]; /* z > 0 */
};

/* The order of the poles of a product of tanh. */
static int order_of(const struct rit_product *product)
{
    int sum = 0;
    for (int i = 0; i < product->inputs; i++)
        for (int order = 0; order < RIT_AVERAGE_ORDERS; order++)
            sum += (order + 1) * product->power[i][order];
    return sum;
}

/*
 * The rule's error is exp(-2 pi d / step) with the distance d of the nearest pole, of tanh pi/2 sqrt q, times
 * (2 pi / step)^(order - 1); or for entire functions what their growth along the imaginary axis leaves of
 * exp(-2 pi^2 / step^2). Below 1e-10.
 */
static double step_of(enum rit_activation phi, const struct rit_product *product)
{
    const double square_of_pi = 0x1.3bd3cc9be45dep+3;
    double q = 0.0, step;
    for (int i = 0; i < product->inputs; i++)
        q = fmax(q, product->k[i][i]);
    if (phi == RIT_TANH)
        step = square_of_pi / ((22.0 + 3.0 * order_of(product)) * sqrt(q));
    else if (phi == RIT_ERF)
        step = sqrt(square_of_pi / (30.0 * (4.0 * q + 0.5)));
    else
        step = 6.28 / (7.8 + 4.0 * sqrt(q));
    return fmax(fmin(step, 0.4), reach / MOST_NODES);
}

static void open_rule(struct rule *rule, enum rit_activation phi, const struct rit_product *product)
{
    rule->phi = phi;
    rule->product = product;
    rule->triangle = triangle_of(product->inputs, product->k);
    rule->step = step_of(phi, product);
    rule->nodes = (int)(reach / rule->step);
    for (int i = 0; i < rule->nodes; i++) {
        double z = (i + 0.5) * rule->step;
        rule->node[i] = z;
        rule->weight[i] = rule->step / root_of_two_pi * rit_exp(-0.5 * z * z);
    }
}

/* What the product has of input i. */
static double factor_at(const struct rule *rule, int i, double u)
{
    double value = 1.0;
    for (int order = 0; order < RIT_AVERAGE_ORDERS; order++)
        if (rule->product->power[i][order] > 0)
            value *= power_of(derivative(rule->phi, order, u), rule->product->power[i][order]);
    return value;
}

/* The average over z_i and those after it, with those before it given; `rest`: what is left of reach^2. */
static double average_from(const struct rule *rule, int i, double *z, double rest)
{
    const double *l = rule->triangle.l[i < RIT_AVERAGE_INPUTS ? i : 0];
    double u = 0.0, sum = 0.0;
    if (i == rule->triangle.n)
        return 1.0;
    for (int s = 0; s < i; s++)
        u += l[s] * z[s];
    if (!(l[i] > 0.0)) {
        z[i] = 0.0;
        return factor_at(rule, i, u) * average_from(rule, i + 1, z, rest);
    }
    for (int k = 0; k < rule->nodes && rule->node[k] * rule->node[k] <= rest; k++)
        for (int sign = i == 0 ? 1 : -1; sign <= 1;
             sign += 2) { /* an even function of all z: twice one half */
            z[i] = sign * rule->node[k];
            sum += rule->weight[k] * factor_at(rule, i, u + l[i] * z[i]) *
                   average_from(rule, i + 1, z, rest - z[i] * z[i]);
        }
    return i == 0 ? 2.0 * sum : sum;
}

static double average_by_rule(enum rit_activation phi, const struct rit_product *product)
{
    struct rule rule;
    double z[RIT_AVERAGE_INPUTS];
    open_rule(&rule, phi, product);
    return average_from(&rule, 0, z, reach * reach);
}

/* ---- identity: all ways to make pairs ---- */

static double pair_up(const struct rit_product *product, const int *input, int n)
{
    double sum = 0.0;
    if (n == 0)
        return 1.0;
    for (int i = 1; i < n; i++) {
        int left[RIT_AVERAGE_INPUTS * 2], k = 0;
        for (int j = 1; j < n; j++)
            if (j != i)
                left[k++] = input[j];
        sum += product->k[input[0]][input[i]] * pair_up(product, left, n - 2);
    }
    return sum;
}

static double average_of_identity(const struct rit_product *product)
{
    int input[RIT_AVERAGE_INPUTS * 2], n = 0;
    for (int i = 0; i < product->inputs; i++)
        for (int k = 0; k < product->power[i][0]; k++) {
            RIT_CHECK(n < RIT_AVERAGE_INPUTS * 2);
            input[n++] = i;
        }
    return pair_up(product, input, n);
}

/* ---- relu: the positive inputs ---- */

enum { MOST_LEGENDRE = 48 };

struct legendre {
    int n;
    double node[MOST_LEGENDRE], weight[MOST_LEGENDRE]; /* on 0 .. 1 */
};

/* By Newton's method on the polynomial. */
static struct legendre legendre_of(int n)
{
    struct legendre rule = {.n = n};
    for (int i = 0; i < n; i++) {
        double x = rit_sinpi((i + 0.75) / (n + 0.5) + 0.5), slope = 1.0;
        for (int turn = 0; turn < 8; turn++) {
            double before = 1.0, at = x;
            for (int k = 2; k <= n; k++) {
                double next = ((2 * k - 1) * x * at - (k - 1) * before) / k;
                before = at;
                at = next;
            }
            slope = n * (x * at - before) / (x * x - 1.0);
            x -= at / slope;
        }
        rule.node[i] = 0.5 * (1.0 - x);
        rule.weight[i] = 1.0 / ((1.0 - x * x) * slope * slope);
    }
    return rule;
}

struct cone {
    int n, degree;
    int power[RIT_AVERAGE_INPUTS];
    double inverse[RIT_AVERAGE_INPUTS][RIT_AVERAGE_INPUTS]; /* of the correlations */
    double root;                                            /* of their determinant */
};

/* Correlations, their inverse and determinant. False if they are singular. */
static bool open_cone(const struct rit_product *product, struct cone *cone)
{
    int n = product->inputs;
    double k[RIT_AVERAGE_INPUTS][RIT_AVERAGE_INPUTS] = {{0.0}},
           half[RIT_AVERAGE_INPUTS][RIT_AVERAGE_INPUTS] = {{0.0}};
    *cone = (struct cone){.n = n, .root = 1.0};
    for (int i = 0; i < n; i++) {
        cone->power[i] = product->power[i][0];
        cone->degree += cone->power[i];
        for (int j = 0; j < n; j++)
            k[i][j] = product->k[i][j] / sqrt(product->k[i][i] * product->k[j][j]);
    }
    struct triangle t = triangle_of(n, k);
    for (int j = 0; j < n; j++) {
        if (!(t.l[j][j] > 0.0))
            return false;
        cone->root *= t.l[j][j];
        for (int i = j; i < n; i++) { /* L^-1, column by column */
            double rest = i == j;
            for (int s = j; s < i; s++)
                rest -= t.l[i][s] * half[s][j];
            half[i][j] = rest / t.l[i][i];
        }
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int s = 0; s < n; s++)
                cone->inverse[i][j] += half[s][i] * half[s][j];
    return true;
}

/* prod x_i^power_i / (x K^-1 x)^((n + degree)/2) over the simplex, from coordinate i on, of which `left` is
 * left. */
static double over_simplex(const struct cone *cone, const struct legendre *rule, int i, double *x,
                           double left)
{
    double sum = 0.0;
    if (i == cone->n - 1) {
        double form = 0.0, value = 1.0;
        x[i] = left;
        for (int a = 0; a < cone->n; a++) {
            value *= power_of(x[a], cone->power[a]);
            for (int b = 0; b < cone->n; b++)
                form += cone->inverse[a][b] * x[a] * x[b];
        }
        int twice = cone->n + cone->degree;
        return value / (power_of(form, twice / 2) * (twice % 2 ? sqrt(form) : 1.0));
    }
    for (int k = 0; k < rule->n; k++) {
        x[i] = left * rule->node[k];
        sum += left * rule->weight[k] * over_simplex(cone, rule, i + 1, x, left - x[i]);
    }
    return sum;
}

/* Gamma(n/2) 2^(n/2) / 2: the integral of r^(n-1) exp(-r^2/2). */
static double radial(int n)
{
    double value = n % 2 ? 0.5 * root_of_two_pi : 1.0;
    for (int k = n % 2 ? 1 : 2; k + 2 <= n; k += 2)
        value *= k;
    return value;
}

static double average_of_relu(const struct rit_product *product)
{
    struct cone cone;
    double x[RIT_AVERAGE_INPUTS], value[2], scale = 1.0;
    if (!open_cone(product, &cone))
        return NAN;
    for (int i = 0; i < cone.n; i++)
        scale *= power_of(sqrt(product->k[i][i]), cone.power[i]) / root_of_two_pi;
    for (int k = 0; k < 2; k++) {
        struct legendre rule = legendre_of(k ? MOST_LEGENDRE : 2 * MOST_LEGENDRE / 3);
        value[k] = over_simplex(&cone, &rule, 0, x, 1.0);
    }
    if (!(fabs(value[1] - value[0]) <= 1e-6 * value[1]))
        return NAN;
    return scale / cone.root * radial(cone.n + cone.degree) * value[1];
}

double rit_average(enum rit_activation phi, const struct rit_product *product)
{
    return phi == RIT_RELU       ? average_of_relu(product)
           : phi == RIT_IDENTITY ? average_of_identity(product)
                                 : average_by_rule(phi, product);
}

/* ---- how Phi changes ---- */

/* < phi^(a)(u) phi^(b)(v) > */
static double mixed(enum rit_activation phi, const struct rit_product *inputs, int a, int b)
{
    struct rit_product product = *inputs;
    rit_product_add(&product, 0, a);
    rit_product_add(&product, inputs->inputs - 1, b);
    return rit_average(phi, &product);
}

/* d/dq = < phi'' phi > / 2 and d/dc = < phi' phi' >, once and twice. */
static struct rit_curve curve_of_smooth(enum rit_activation phi, const struct rit_product *in)
{
    struct rit_curve curve = {.value = mixed(phi, in, 0, 0)};
    curve.slope[RIT_BY_FIRST] = 0.5 * mixed(phi, in, 2, 0);
    curve.slope[RIT_BY_SECOND] = 0.5 * mixed(phi, in, 0, 2);
    curve.slope[RIT_BY_COVARIANCE] = mixed(phi, in, 1, 1);
    double second = mixed(phi, in, 2, 2);
    curve.bend[RIT_BY_FIRST][RIT_BY_FIRST] = 0.25 * mixed(phi, in, 4, 0);
    curve.bend[RIT_BY_SECOND][RIT_BY_SECOND] = 0.25 * mixed(phi, in, 0, 4);
    curve.bend[RIT_BY_FIRST][RIT_BY_SECOND] = 0.25 * second;
    curve.bend[RIT_BY_COVARIANCE][RIT_BY_COVARIANCE] = second;
    curve.bend[RIT_BY_FIRST][RIT_BY_COVARIANCE] = 0.5 * mixed(phi, in, 3, 1);
    curve.bend[RIT_BY_SECOND][RIT_BY_COVARIANCE] = 0.5 * mixed(phi, in, 1, 3);
    return curve;
}

/* With R = sqrt(q_1 q_2 - c^2): dPhi/dq_1 = R / 4 pi q_1, and so on. */
static struct rit_curve curve_of_relu(double q_1, double q_2, double c)
{
    struct rit_dual dual = rit_dual_closed(RIT_RELU, q_1, q_2, c);
    double r = sqrt(fmax(0.0, q_1 * q_2 - c * c)), quarter = 0.25 * one_over_pi;
    struct rit_curve curve = {.value = dual.value,
                              .slope = {quarter * r / q_1, quarter * r / q_2, dual.slope}};
    curve.bend[RIT_BY_FIRST][RIT_BY_FIRST] = quarter * (0.5 * q_2 / (r * q_1) - r / (q_1 * q_1));
    curve.bend[RIT_BY_SECOND][RIT_BY_SECOND] = quarter * (0.5 * q_1 / (r * q_2) - r / (q_2 * q_2));
    curve.bend[RIT_BY_FIRST][RIT_BY_SECOND] = 0.5 * quarter / r;
    curve.bend[RIT_BY_COVARIANCE][RIT_BY_COVARIANCE] = 2.0 * quarter / r;
    curve.bend[RIT_BY_FIRST][RIT_BY_COVARIANCE] = -quarter * c / (q_1 * r);
    curve.bend[RIT_BY_SECOND][RIT_BY_COVARIANCE] = -quarter * c / (q_2 * r);
    return curve;
}

struct rit_curve rit_dual_curve(enum rit_activation phi, double q_1, double q_2, double c)
{
    struct rit_curve curve = {.value = c, .slope = {[RIT_BY_COVARIANCE] = 1.0}};
    if (phi == RIT_RELU)
        curve = curve_of_relu(q_1, q_2, c);
    else if (phi != RIT_IDENTITY)
        curve = curve_of_smooth(phi, &(struct rit_product){.inputs = 2, .k = {{q_1, c}, {c, q_2}}});
    for (int a = 0; a < RIT_BY; a++)
        for (int b = 0; b < a; b++)
            curve.bend[a][b] = curve.bend[b][a];
    return curve;
}

struct rit_curve rit_dual_curve_alone(enum rit_activation phi, double q)
{
    struct rit_product in = {.inputs = 1, .k = {{q}}};
    struct rit_curve all, alone = {.value = 0.0};
    if (phi == RIT_RELU || phi == RIT_IDENTITY) {
        double share = phi == RIT_RELU ? 0.5 : 1.0;
        return (struct rit_curve){.value = share * q, .slope = {share}};
    }
    all = curve_of_smooth(phi, &in);
    alone.value = all.value;
    for (int a = 0; a < RIT_BY; a++) {
        alone.slope[0] += all.slope[a];
        for (int b = 0; b < RIT_BY; b++)
            alone.bend[0][0] += all.bend[a < b ? a : b][a < b ? b : a];
    }
    return alone;
}
