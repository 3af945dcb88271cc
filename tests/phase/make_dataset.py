#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A synthetic phase-diagram.h5 in the layout of docs/dataset.md, with a known answer: for tests and figures.

The loss of a run is NLL(tau) = c + (.375 - c)/(1 + tau/t0) with c = .14 (1 - N_h/N_0), so that 1/tau_eps is
nearly proportional to N_h - N_c(eps), N_c(eps) = N_0 (1 - eps/.14):
    usage: make_dataset.py FILE [--depths 1,2] [--chorales 5,10] [--seeds 5] [--tau 2000]
"""
import argparse
import hashlib
import io

import h5py
import numpy as np

THRESHOLDS = np.array([0.01, 0.02, 0.03, 0.05, 0.1])
START = 0.375


def critical(depth, chorales):
    """N_0: where the asymptote of the loss reaches zero."""
    return 11.4 * (chorales / 5.0) ** 0.5 / depth**0.3


def curves(width, depth, chorales, random, tau):
    """NLL at times tau and the learning times, without censoring."""
    c = 0.14 * (1.0 - width / critical(depth, chorales))  # beyond N_0 the loss would pass zero
    t0 = 12.0 * np.exp(0.1 * random.standard_normal())
    nll = c + (START - c) / (1.0 + tau / t0)
    with np.errstate(divide="ignore"):
        times = np.where(THRESHOLDS > c, t0 * ((START - c) / np.maximum(THRESHOLDS - c, 1e-12) - 1.0), np.inf)
    return nll, times


def build(depths, chorales, seeds, tau_max, n_widths=10):
    first, per_decade = 0.01, 32
    grid = np.concatenate([[0.0], first * 10.0 ** (np.arange(int(np.log10(tau_max / first) * per_decade) + 1) / per_decade)])
    random = np.random.default_rng(1)
    rows = []
    for depth in depths:
        for p in chorales:
            n0 = critical(depth, p)
            widths = np.unique(np.round(n0 * np.linspace(0.5, 2.3, n_widths)).astype(int))
            for width in widths:
                for seed in range(1, seeds + 1):
                    nll, times = curves(width, depth, p, random, grid)
                    end = min(tau_max, times.max())
                    times = np.where(times <= tau_max, times, np.nan)
                    late = grid > end
                    rows.append(dict(depth=depth, chorales=p, width=width, seed=seed, tau=end,
                                     end=int(np.isnan(times).any()), learning_time=times,
                                     nll=np.where(late, np.nan, nll), nll_tau=np.where(late, np.nan, grid)))
    return grid, rows


def write(path, grid, rows):
    memory = io.BytesIO()
    with h5py.File(memory, "w", libver=("v108", "v110")) as f:
        n = len(rows)
        f.attrs["title"] = "Synthetic learning times"
        f.attrs["content_hash"] = hashlib.sha256(repr(rows).encode()).hexdigest()
        f.attrs["points_planned"] = n
        f.attrs["points_done"] = n
        f.attrs["config"] = "{}\n"
        f.attrs["coordinates"] = "identity depth width chorales seed rule_eta"

        def scale(name, values, unit=None):
            f.create_dataset(name, data=values)
            f[name].make_scale(name)
            if unit:
                f[name].attrs["units"] = unit

        def put(name, values, dims, unit="1", meaning=""):
            d = f.create_dataset(name, data=values)
            d.attrs["units"] = unit
            d.attrs["long_name"] = meaning
            for i, dim in enumerate(dims):
                d.dims[i].attach_scale(f[dim])

        scale("point", np.arange(n))
        scale("threshold", THRESHOLDS, "bit")
        scale("grid_tau", grid, "tau")
        for name, key in (("depth", "model.depth"), ("width", "model.width"), ("chorales", "data.chorales"),
                          ("seed", "seed")):
            put(name, np.array([r[name] for r in rows], np.int64), ["point"])
            f[name].attrs["parameter"] = key
        put("rule_eta", np.array([0.1 / r["depth"] for r in rows]), ["point"])
        f["rule_eta"].attrs["parameter"] = "rule.eta"
        put("identity", np.array([hashlib.sha256(str((r["depth"], r["width"], r["chorales"], r["seed"])).encode())
                                  .hexdigest() for r in rows], h5py.string_dtype()), ["point"])
        put("end", np.array([r["end"] for r in rows], np.int8), ["point"])
        put("steps", np.array([int(r["tau"] / 0.1) for r in rows], np.int64), ["point"])
        put("tau", np.array([r["tau"] for r in rows]), ["point"], "tau")
        put("pairs", np.array([60.0 * r["chorales"] for r in rows]), ["point"])
        put("outputs", np.full(len(rows), 54.0), ["point"])
        put("weights", np.array([(2 * r["depth"] - 1) * r["width"]**2 + 108 * r["width"] + 54 * 55.0 for r in rows]),
            ["point"])
        put("learning_time", np.array([r["learning_time"] for r in rows]), ["point", "threshold"], "tau")
        put("nll", np.array([r["nll"] for r in rows]), ["point", "grid_tau"], "bit")
        put("nll_tau", np.array([r["nll_tau"] for r in rows]), ["point", "grid_tau"], "tau")
    body = memory.getvalue()
    seal = f"\nritardando phase-diagram 2\nsha256 {hashlib.sha256(body).hexdigest()}\n".encode()
    with open(path, "wb") as out:
        out.write(body + seal)


def numbers(text):
    return [int(x) for x in text.split(",")]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file")
    arguments.add_argument("--depths", type=numbers, default=[1, 2])
    arguments.add_argument("--chorales", type=numbers, default=[5, 10])
    arguments.add_argument("--seeds", type=int, default=5)
    arguments.add_argument("--tau", type=float, default=2000.0)
    given = arguments.parse_args()
    grid, rows = build(given.depths, given.chorales, given.seeds, given.tau)
    write(given.file, grid, rows)


if __name__ == "__main__":
    main()
