#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""NLL against critical width: the transition seen from both sides.

Filled points are (N_c(eps), eps) from learning times; open ones the asymptotes c that the loss of narrower
networks approaches, against their width. Both draw the least NLL a network of a width can reach."""
import numpy as np

from common import (bars, depth_handles, depth_style, families, grid_of, has_times, label, label_outer, legend_beside, main,
                    no_times, plt)

FEWEST = 4  # marks of a panel


def draw_line(ax, run, where, colour, marker):
    """Returns how many marks there are and the highest."""
    eps, width = run.analysis["threshold"], run.analysis["width"]
    value, low, high = (np.asarray(run.at(n, **run.known(n, where))).ravel() for n in ("n_c", "n_c_low", "n_c_high"))
    good = np.isfinite(value)
    ax.errorbar(value[good], eps[good], xerr=bars(value[good], low[good], high[good]), fmt=marker + "-",
                color=colour, ms=5, mec="white", mew=0.5, elinewidth=1, lw=1, zorder=4)
    c, c_low, c_high = (np.asarray(run.at(n, **run.known(n, where))).ravel()
                        for n in ("asymptote", "asymptote_low", "asymptote_high"))
    above = np.isfinite(width) & ((c_low > 0.003) | (np.isnan(c_low) & (c > 0.003)))
    error = bars(c[above], c_low[above], c_high[above])
    ax.errorbar(width[above], c[above], yerr=error, fmt=marker, color=colour, ms=4.5, mfc="white", mew=0.9,
                elinewidth=0.8, zorder=3)
    marks = np.concatenate([eps[good], c[above]])
    return len(marks), max(marks, default=0.0)


def draw(run):
    if not has_times(run):
        return no_times(run, "NLL against critical width")
    figure, axes = grid_of(len(families(run)), height=2.9)
    most = 0
    for ax, (key, members) in zip(axes, families(run)):
        drawn = [draw_line(ax, run, where, *depth_style(run, where)[:2]) for where, _ in members]
        most = max(most, sum(n for n, _ in drawn))
        ax.set_title(label(dict(key)))
        ax.set_xlim(left=0)
        ax.set_ylim(0, 1.08 * max([0.05] + [top for _, top in drawn]))
    if most < FEWEST:
        plt.close(figure)
        return f"NLL against critical width: fewer than {FEWEST} critical widths and asymptotes are known"
    label_outer(axes, "width", "NLL  [bits per unit and step]")
    handles = depth_handles(run) + [
        plt.Line2D([], [], color="k", marker="o", ls="-", lw=1, mec="white", label=r"$(N_c(\epsilon),\,\epsilon)$"),
        plt.Line2D([], [], color="k", marker="o", ls="", mfc="white", label="$(N_h,\\,c)$, NLL $\\to c$")]
    legend_beside(axes, handles)
    return run.save(figure, "nll-critical")


if __name__ == "__main__":
    main(draw)
