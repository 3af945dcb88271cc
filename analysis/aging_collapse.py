#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well Delta collapses: S against mu for t/t_w^mu and for t_w^b F(t/t_w^mu), with the best mu and its interval;
and the local slopes d ln Delta / d ln t against t/t_w. The p-spin glass in the last row if RUN/p-spin holds it."""
import matplotlib.pyplot as plt
import numpy as np

from aging import cells, draw_curves, legend, nothing, pages, reference
from common import COLOURS, GREY, PANEL, bars, main

FOUND, ONE_RUN = 1, 7  # verdicts with a mu
NO_MU = {2: "too few runs", 3: "too few curves", 4: "too few points", 5: "undetermined", 6: "no aging",
         8: "runs do not differ", 9: "no collapse"}


def pick(analysis, name, where):
    """The part of a gridded variable that belongs to a cell."""
    index = []
    for dim in analysis.dims(name):
        if dim in where:
            index.append(int(np.flatnonzero(analysis[dim] == where[dim])[0]))
        else:  # a dimension without coordinates is the single line of a run without axes
            index.append(slice(None) if dim in analysis and len(np.atleast_1d(analysis[dim])) > 1 else 0)
    return analysis[name][tuple(index)]


def judged(analysis, where):
    """Whether there is a quality to draw."""
    return not np.isnan(pick(analysis, "aging_s", where)).all()


def draw_quality(ax, analysis, where):
    mu = analysis["mu"]
    if not judged(analysis, where):
        data = int(pick(analysis, "aging_verdict", where)[0])
        ax.text(0.5, 0.5, NO_MU.get(data, "no collapse to judge"), transform=ax.transAxes, ha="center", color=GREY)
        ax.set_axis_off()
        return
    texts = [r"$t/t_w^\mu$", r"$t_w^b\,F(t/t_w^\mu)$"]
    for form, (name, text) in enumerate(zip(["aging_s", "aging_s_free"], texts)):
        verdict = int(pick(analysis, "aging_verdict", where)[form])
        why = f": {NO_MU[verdict]}" if verdict in NO_MU else ""
        ax.plot(mu, pick(analysis, name, where), color=COLOURS[form], label=text + why)
        if verdict in (FOUND, ONE_RUN):
            best, low, high = (pick(analysis, "aging_mu" + e, where)[form] for e in ("", "_low", "_high"))
            quality = pick(analysis, "aging_quality", where)[form]
            error = bars([best], [low], [high])
            ax.errorbar(best, quality, xerr=error, fmt="o", color=COLOURS[form], mec="white", mew=0.5, capsize=2, zorder=3)
    ax.axhline(1, color=GREY, lw=0.6, ls=(0, (1, 3)))
    ax.axvline(1, color=GREY, lw=0.6, ls=(0, (1, 3)))
    ax.set_yscale("log")
    ax.set_ylabel("quality $S$")
    ax.set_xlabel(r"$\mu$")
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top * (top / bottom) ** 0.3)
    ax.legend(loc="upper center", fontsize=8.5, handlelength=1.2, labelspacing=0.2, borderaxespad=0.2)


def draw_slopes(ax, cell, analysis, where):
    u = pick(analysis, "aging_lag", where) / cell.waiting[:, None]
    slope, error = pick(analysis, "aging_slope", where), pick(analysis, "aging_slope_error", where)
    draw_curves(ax, cell, u, np.where(u >= 0.01, slope, np.nan), error, relative=False)
    ax.set_xscale("log")
    ax.axhline(1, color=GREY, lw=0.6, ls=(0, (1, 3)))
    ax.set_ylim(0, 3)
    ax.set_ylabel(r"$\mathrm{d}\ln\Delta/\mathrm{d}\ln t$")


def draw(run):
    if run.analysis is None or "aging_s" not in run.analysis:
        return "collapse: ritardando analyse has found no aging in this run"
    rows = [(cell, run.analysis) for cell in cells(run)]
    if not rows:
        return nothing(run, "collapse")
    glass = reference(run)
    columns = 2 if any(judged(analysis, cell.where) for cell, analysis in rows) else 1  # slopes alone
    made = []
    for ending, page in pages(rows, [glass] if glass and glass[1] else []):
        figure, grid = plt.subplots(len(page), columns, squeeze=False,
                                    figsize=(1.25 * PANEL * columns + 0.7, 2.3 * len(page) + 0.4))
        above = None
        for axes, (cell, analysis) in zip(grid, page):
            if columns == 2:
                draw_quality(axes[0], analysis, cell.where)
            draw_slopes(axes[-1], cell, analysis, cell.where)
            axes[0].set_title(cell.title(), loc="left")
            legend(axes[-1], cell, above)
            above = cell
        for ax in grid[:-1].ravel():
            ax.set_xlabel("")
        grid[-1][-1].set_xlabel("$t/t_w$")
        made += run.save(figure, "aging-collapse" + ending)
    return made


if __name__ == "__main__":
    main(draw)
