#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The approach to infinite width: what the analysis has measured of every width, with the laws x = b N_h^-p that it fitted,
and the learning curves of all widths, medians over seeds, with that of the limit in black."""
import numpy as np

from common import COLOURS, MARKERS, grid_of, label, lines, main, number, plain_log, plt

NAMES = {"fluctuation": r"$|\Theta_0-\Theta|/|\Theta|$", "distance": r"$|\Theta_\tau-\Theta|/|\Theta|$",
         "drift": r"$|\Theta_\tau-\Theta_0|/|\Theta_0|$", "linearisation": "off the straight line",
         "curve": r"$\ln$ NLL off the limit's"}


def draw_curves(ax, run, points):
    """Median learning curve of every width."""
    among = run.points["width"][points]
    widths = sorted(set(among.tolist()))
    for k, width in enumerate(widths):
        chosen = points[among == width]
        tau, nll = (np.median(run.points[n][chosen], axis=0) for n in ("nll_tau", "nll"))
        good = (tau > 0) & np.isfinite(nll)
        colour = "k" if np.isinf(width) else plt.get_cmap("cividis")(0.9 * k / max(1, len(widths) - 1))
        ax.plot(tau[good], nll[good], color=colour, lw=1.6 if np.isinf(width) else 1.0, label=number(width))
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(r"proper time $\tau$")
    ax.set_ylabel("NLL  [bits per unit and step]")
    ax.legend(title="$N_h$", fontsize=8, title_fontsize=9, labelspacing=0.15, handlelength=1.2)


def draw_laws(ax, run, where):
    """Every measured x against width, and its law."""
    width = run.analysis["width"]
    for k, name in enumerate(run.analysis["approach"].tolist()):
        value, power, low = (np.asarray(run.at(n, **run.known(n, where)))[..., k]
                             for n in ("approach_value", "approach_power", "approach_power_low"))
        good = np.isfinite(value)
        if not good.any():
            continue
        text = NAMES[name]
        if np.isfinite(power):
            x = np.geomspace(width[good].min(), width[good].max(), 2)
            b = np.exp(np.mean(np.log(value[good]) + power * np.log(width[good])))
            ax.plot(x, b * x**-power, color=COLOURS[k], lw=0.9)
            text += f"  p = {power:.2f} $\\pm$ {power - low:.2f}"
        ax.plot(width[good], value[good], MARKERS[k], color=COLOURS[k], mec="white", mew=0.5, label=text)
    ax.set_xscale("log")
    ax.set_yscale("log")
    plain_log(ax.xaxis, "25")
    ax.set_xlabel("width $N_h$")
    ax.set_ylabel("distance from the limit")
    ax.legend(fontsize=8, labelspacing=0.2, handlelength=0.8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def draw(run):
    if run.analysis is None or "approach" not in run.analysis:
        return "approach to infinite width: neither the limit (width: inf) nor the tangent kernel was measured, or not analysed"
    made = []
    for where, points in lines(run):
        figure, axes = grid_of(2, height=3.1)
        figure.set_size_inches(figure.get_size_inches() + (1.4, 0))
        draw_curves(axes[0], run, points)
        draw_laws(axes[1], run, where)
        figure.suptitle(label(where), fontsize=10.5)
        ending = "".join(f"-{n}-{v:g}" if isinstance(v, (int, float)) else f"-{v}" for n, v in where.items() if v is not None)
        made += run.save(figure, "approach" + ending)
    return made


if __name__ == "__main__":
    main(draw)
