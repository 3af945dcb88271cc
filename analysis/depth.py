#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deeper is faster: median learning time against depth at fixed width."""
import numpy as np

from common import MARKERS, bars, families, grid_of, has_times, label, label_outer, main, number, no_times, plain_log, plt


def common_widths(run, key, i):
    """(widths with a median at two depths at least, six at most; tau, low, high [depth][width]) at threshold i."""
    tau, low, high = (run.at(n, **run.known(n, dict(key)))[..., i] for n in ("tau", "tau_low", "tau_high"))
    common = [w for w in range(tau.shape[1]) if np.isfinite(tau[:, w]).sum() >= 2]
    if len(common) > 6:
        common = [common[k] for k in np.unique(np.linspace(0, len(common) - 1, 6).astype(int))]
    return common, tau, low, high


def draw_family(ax, run, key, i):
    """Lines of equal width over the depths, at threshold i."""
    depths, widths = run.analysis["depth"], run.analysis["width"]
    common, tau, low, high = common_widths(run, key, i)
    for k, w in enumerate(common):
        good = np.isfinite(tau[:, w])
        ax.errorbar(depths[good], tau[good, w], yerr=bars(tau[good, w], low[good, w], high[good, w]),
                    fmt=MARKERS[k % len(MARKERS)] + "-", ms=4.5, mec="white", mew=0.4, elinewidth=0.9, lw=1,
                    label=number(widths[w]), color=plt.get_cmap("cividis")(0.9 * k / max(1, len(common) - 1)))
    ax.set_yscale("log")
    plain_log(ax.yaxis)
    ax.set_xticks(depths)
    ax.set_xlim(depths.min() - 0.3, depths.max() + 0.3 + 0.25 * np.ptp(depths))  # room for the legend
    ax.set_title("\n".join([f"$\\epsilon$ = {run.analysis['threshold'][i]:g}"] + ([label(dict(key))] if key else [])),
                 fontsize=10.5)
    ax.legend(title="$N_h$", fontsize=8, title_fontsize=9, labelspacing=0.15, loc="center right", handlelength=1.2)


def draw(run):
    if not has_times(run):
        return no_times(run, "learning time against depth")
    if "depth" not in run.analysis:
        return "learning time against depth: all points have the same depth"
    eps = run.analysis["threshold"]
    shown = [i for i in range(len(eps)) if eps[i] in (0.01, 0.05)] or [0]
    panels = [(key, i) for i in shown for key, _ in families(run) if common_widths(run, key, i)[0]]
    if not panels:
        return "learning time against depth: no width learned at two depths"
    figure, axes = grid_of(len(panels), height=2.6)
    for ax, (key, i) in zip(axes, panels):
        draw_family(ax, run, key, i)
    label_outer(axes, "depth $N_L$", r"learning time $\tau_\epsilon$")
    return run.save(figure, "depth")


if __name__ == "__main__":
    main(draw)
