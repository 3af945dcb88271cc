#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deeper is faster: median learning time against depth at fixed width."""
import numpy as np

from common import MARKERS, families, grid_of, label, label_outer, main, plain_log, plt


def draw_family(ax, run, key, i):
    """Lines of equal width over the depths, at threshold i. Returns how many there are."""
    depths, widths = run.analysis["depth"], run.analysis["width"]
    tau, low, high = (run.at(n, **run.known(n, dict(key)))[..., i] for n in ("tau", "tau_low", "tau_high"))
    common = [w for w in range(len(widths)) if np.isfinite(tau[:, w]).sum() >= 2]
    if len(common) > 6:
        common = [common[k] for k in np.unique(np.linspace(0, len(common) - 1, 6).astype(int))]
    for k, w in enumerate(common):
        good = np.isfinite(tau[:, w])
        error = [np.nan_to_num(tau[good, w] - low[good, w], posinf=0), np.nan_to_num(high[good, w] - tau[good, w], posinf=0)]
        ax.errorbar(depths[good], tau[good, w], yerr=error, fmt=MARKERS[k % len(MARKERS)] + "-", ms=4.5, mec="white",
                    mew=0.4, elinewidth=0.9, lw=1, label=f"{widths[w]:g}",
                    color=plt.get_cmap("cividis")(0.9 * k / max(1, len(common) - 1)))
    return len(common)


def draw(run):
    if run.analysis is None:
        return "learning time against depth: run `ritardando analyse` first"
    if "depth" not in run.analysis:
        return "learning time against depth: all points have the same depth"
    eps = run.analysis["threshold"]
    shown = [i for i in range(len(eps)) if eps[i] in (0.01, 0.05)] or [0]
    panels = [(key, i) for i in shown for key, _ in families(run)]
    figure, axes = grid_of(len(panels), height=2.4)
    drawn = 0
    for ax, (key, i) in zip(axes, panels):
        count = draw_family(ax, run, key, i)
        drawn += count
        ax.set_yscale("log")
        plain_log(ax.yaxis)
        ax.set_xticks(run.analysis["depth"])
        ax.set_title(", ".join([f"$\\epsilon$ = {eps[i]:g}"] + ([label(dict(key))] if key else [])))
        if count:
            ax.legend(title="$N_h$", fontsize=8, title_fontsize=9, labelspacing=0.15, loc="best", ncol=1 + count // 5)
    label_outer(axes, "depth $N_L$", r"learning time $\tau_\epsilon$")
    if drawn == 0:
        plt.close(figure)
        return "learning time against depth: no width learned at two depths"
    return run.save(figure, "depth")


if __name__ == "__main__":
    main(draw)
