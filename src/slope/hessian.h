/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The Hessian of a cost along what its weights can do, column by column, by central differences of slopes:
 *
 *     H e_j = [F(w + h e_j) - F(w - h e_j)] / 2h,   F = P g,   h = 2^-14,
 *
 * P being the projection on the tangent space of the matrices that are kept orthogonal (slope.h), as in
 * sharpest.h. The e_j are unit vectors: of a free weight itself, and of a matrix M = s Q on its group the
 * directions Q (E_pq - E_qp)/sqrt 2, and with complex numbers i Q (E_pq + E_qp)/sqrt 2 and i Q E_pp: so the
 * matrix has no null space that the group makes. Its side is that of all weights less n(n+1)/2 (n^2 if
 * complex) for each n x n matrix of a group.
 *
 * With gradients in float64 a column is known to some 1e-9 of the largest third derivative. How well it came
 * out is seen in what is not symmetric of it.
 */
#ifndef RITARDANDO_SLOPE_HESSIAN_H
#define RITARDANDO_SLOPE_HESSIAN_H

#include <ritardando/model.h>
#include <ritardando/rule.h>

struct rit_hessian {
    const struct rit_layout *layout;
    const struct rit_terrain *terrain; /* in float64 */
    const double *w;                   /* orthogonal blocks on their group; borrowed */
    double *aside, *slope, *rest;      /* [size], [size], of rit_tangent */
    double *along, *across;            /* of one block: what M^T makes of a difference, and (iM)^T */
};

/** Directions that there are. */
int rit_hessian_side(const struct rit_layout *layout);
/** Doubles of work space. */
size_t rit_hessian_work(const struct rit_layout *layout);
struct rit_hessian rit_hessian_at(const struct rit_layout *layout, const struct rit_terrain *terrain,
                                  const double *w, double *work);

/** Direction j as a flat unit vector. */
void rit_hessian_direction(const struct rit_hessian *hessian, int j, double *v);
/** The components of a flat vector along all directions, x [side]. */
void rit_hessian_components(const struct rit_hessian *hessian, const double *v, double *x);
/** Column j, x [side]: two gradients. False if it is not finite. */
bool rit_hessian_column(const struct rit_hessian *hessian, int j, double *x);

#endif
