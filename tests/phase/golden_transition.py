#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Independent maximum-likelihood fits of censored learning times, by scipy's general minimiser.

Writes tests/phase/golden_transition.h, which tests/phase/test_transition.c compares with:
    /usr/bin/python3 tests/phase/golden_transition.py > tests/phase/golden_transition.h
"""
import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

WIDTH = np.repeat([8.0, 9, 10, 11, 12, 13, 14, 16, 18], 4)
TAU_MAX = 900.0


def learning_times(seed):
    random = np.random.default_rng(seed)
    gap = np.maximum(WIDTH - 10.3, 0.0)
    with np.errstate(divide="ignore"):
        tau = np.exp(0.2 * random.standard_normal(WIDTH.size)) / (0.0015 * gap**1.1)
    return np.minimum(tau, TAU_MAX).round(4), tau > TAU_MAX


def minus_loglik(p, tau, censored, exponent):
    critical, log_rate, log_sigma = p[:3]
    z = p[3] if exponent is None else exponent
    gap = WIDTH - critical
    if np.any(gap[~censored] <= 0):
        return np.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(gap > 0, -log_rate - z * np.log(np.maximum(gap, 1e-300)), np.inf)
    u = (np.log(tau) - mean) / np.exp(log_sigma)
    known = norm.logpdf(u[~censored]) - log_sigma + 0.5 * np.log(2 * np.pi)
    return -(known.sum() + norm.logsf(u[censored]).sum())


def fit(tau, censored, exponent):
    best = None
    for critical in np.linspace(6.0, WIDTH[~censored].min() - 0.01, 12):
        start = [critical, np.log(0.002), np.log(0.2)] + ([1.0] if exponent is None else [])
        with np.errstate(invalid="ignore"):
            found = minimize(minus_loglik, start, args=(tau, censored, exponent), method="Nelder-Mead",
                             options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20000, "maxfev": 20000,
                                      "adaptive": True})
        if best is None or found.fun < best.fun:
            best = found
    z = best.x[3] if exponent is None else exponent
    return best.x[0], np.exp(best.x[1]), z, np.exp(best.x[2]), -best.fun


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by golden_transition.py with scipy; see there. */")
    tau, censored = learning_times(7)
    print(f"static const double golden_width[{WIDTH.size}] = {{{', '.join(f'{w:g}' for w in WIDTH)}}};")
    print(f"static const double golden_tau[{WIDTH.size}] = {{{', '.join(f'{t:.4f}' for t in tau)}}};")
    print(f"static const int golden_censored[{WIDTH.size}] = {{{', '.join(str(int(c)) for c in censored)}}};")
    print("/* N_c, a, z, sigma, log-likelihood without the constant */")
    for name, exponent in (("linear", 1.0), ("free", None)):
        values = fit(tau, censored, exponent)
        print(f"static const double golden_{name}[5] = {{{', '.join(f'{v:.8g}' for v in values)}}};")


main()
