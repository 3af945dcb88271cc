#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks at their start against width (limit.name: draws, cumulants): how far kernels are from those of infinite width, and how
far outputs are from Gaussian, drawn ones as points with errors, what is known of wide ones as lines."""
import numpy as np

from common import COLOURS, MARKERS, grid_of, main, plain_log, plt

KERNELS = [("kernel", "covariance $K$"), ("tangent", r"tangent kernel $\Theta$")]


def of(run, name, kind, depth):
    """Widths, ascending, and a variable of the points of this kind that have it, meaned over rows; errors likewise."""
    points = run.points
    if name not in points:
        return np.empty(0), np.empty(0), np.empty(0)
    chosen = (points["limit_name"] == kind) & (points["depth"] == depth)
    values = [points[n] if n in points else np.full_like(points[name], np.nan) for n in (name, name + "_error")]
    values = [(v if v.ndim == 1 else v.mean(axis=1))[chosen] for v in values]
    good = np.isfinite(values[0])
    order = np.argsort(points["width"][chosen][good], kind="stable")
    return tuple(v[good][order] for v in (points["width"][chosen], *values))


def draw_both(ax, run, name, depth, colour, marker, text, times_width=False):
    """Points of what was drawn, a line of what is told. Whether there was anything."""
    told, drawn = of(run, name, "cumulants", depth), of(run, name, "draws", depth)
    for width, value, error in (told, drawn):
        scale = width if times_width else 1.0
        if width is told[0] and len(width):
            ax.plot(width, scale * value, color=colour, lw=1.1, label=None if len(drawn[0]) else text)
        elif len(width):
            ax.errorbar(width, scale * value, scale * error, fmt=marker, color=colour, mec="white", mew=0.5, lw=0.9, label=text)
    return len(told[0]) + len(drawn[0]) > 0


def draw_depth(run, depth):
    figure, axes = grid_of(2, height=2.7)
    for k, (name, text) in enumerate(KERNELS):
        draw_both(axes[0], run, f"start_{name}_distance", depth, COLOURS[k], MARKERS[k], text)
    draw_both(axes[1], run, "start_kernel_kurtosis", depth, COLOURS[2], MARKERS[2], r"$3\,\mathrm{Var}K/\langle K\rangle^2$", True)
    axes[0].set_yscale("log")
    plain_log(axes[0].yaxis, "235")
    axes[0].set_ylabel("distance from infinite width, relative")
    axes[1].set_ylabel(r"$N_h\times$ excess kurtosis of outputs")
    axes[1].set_ylim(bottom=0)
    for ax in axes[:2]:
        ax.set_xscale("log")
        plain_log(ax.xaxis, "125")
        ax.set_xlabel("width $N_h$")
        ax.legend(fontsize=8)
    figure.suptitle(f"$N_L$ = {depth:g}", fontsize=10.5)
    return run.save(figure, f"start-{depth:g}")


def draw(run):
    points = run.points
    if "start_kernel_distance" not in points or "width" not in points:
        return "networks at their start: no draws or cumulants of networks that have a limit of infinite width"
    known = np.isfinite(points["start_kernel_distance"])
    made = []
    for depth in sorted(set(points["depth"][known].tolist())):
        if len(set(points["width"][known & (points["depth"] == depth)].tolist())) > 1:
            made += draw_depth(run, depth)
    plt.close("all")
    return made or "networks at their start: a single width"


if __name__ == "__main__":
    main(draw)
