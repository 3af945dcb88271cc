#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""NLL against critical width: the transition seen from both sides.

Filled points are (N_c(eps), eps) from learning times; open ones the asymptotes c that the loss of narrower
networks approaches, against their width. Both draw the least NLL a network of a width can reach."""
import numpy as np

from common import (bars, depth_handles, depth_style, families, grid_of, has_times, label, label_outer, legend_beside, main,
                    no_times, plt)

FEWEST = 4  # marks of a panel


def marks_of(run, where):
    """Of a line, those with a value: [4][...] (N_c, eps, low, high) and (N_h, c, low, high)."""
    eps, width = run.analysis["threshold"], run.analysis["width"]
    value, low, high = (np.asarray(run.at(n, **run.known(n, where))).ravel() for n in ("n_c", "n_c_low", "n_c_high"))
    c, c_low, c_high = (np.asarray(run.at(n, **run.known(n, where))).ravel()
                        for n in ("asymptote", "asymptote_low", "asymptote_high"))
    above = np.isfinite(width) & ((c_low > 0.003) | (np.isnan(c_low) & (c > 0.003)))
    return np.array([value, eps, low, high])[:, np.isfinite(value)], np.array([width, c, c_low, c_high])[:, above]


def draw_line(ax, critical, asymptotes, colour, marker):
    value, eps, low, high = critical
    ax.errorbar(value, eps, xerr=bars(value, low, high), fmt=marker + "-",
                color=colour, ms=5, mec="white", mew=0.5, elinewidth=1, lw=1, zorder=4)
    width, c, low, high = asymptotes
    ax.errorbar(width, c, yerr=bars(c, low, high), fmt=marker, color=colour, ms=4.5, mfc="white", mew=0.9,
                elinewidth=0.8, zorder=3)


def draw(run):
    if not has_times(run):
        return no_times(run, "NLL against critical width")
    panels = [(key, [(where, *marks_of(run, where)) for where, _ in members]) for key, members in families(run)]
    count = [sum(marks.shape[1] for _, *both in members for marks in both) for _, members in panels]
    if max(count, default=0) < FEWEST:
        return f"NLL against critical width: fewer than {FEWEST} critical widths and asymptotes are known"
    panels = [panel for panel, n in zip(panels, count) if n]
    figure, axes = grid_of(len(panels), height=2.9)
    for ax, (key, members) in zip(axes, panels):
        for where, critical, asymptotes in members:
            draw_line(ax, critical, asymptotes, *depth_style(run, where)[:2])
        top = max([0.05] + [height for _, *both in members for marks in both for height in marks[1]])
        ax.set_title(label(dict(key)))
        ax.set_xlim(left=0)
        ax.set_ylim(0, 1.08 * top)
    label_outer(axes, "width", "NLL  [bits per unit and step]")
    handles = depth_handles(run) + [
        plt.Line2D([], [], color="k", marker="o", ls="-", lw=1, mec="white", label=r"$(N_c(\epsilon),\,\epsilon)$"),
        plt.Line2D([], [], color="k", marker="o", ls="", mfc="white", label="$(N_h,\\,c)$, NLL $\\to c$")]
    legend_beside(axes, handles)
    return run.save(figure, "nll-critical")


if __name__ == "__main__":
    main(draw)
