#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Critical width against threshold, N_c(eps), with its extrapolation to eps = 0, linear and in sqrt(eps)."""
import numpy as np

from common import (GREY, bars, depth_handles, depth_style, families, grid_of, has_times, label, label_outer, legend_beside, main,
                    no_times, plt)


def draw_line(ax, run, where, colour, marker):
    eps = run.analysis["threshold"]
    value, low, high = (np.asarray(run.at(n, **run.known(n, where))) for n in ("n_c", "n_c_low", "n_c_high"))
    zero, zero_low, zero_high, slope = (np.asarray(run.at(n, **run.known(n, where)))
                                        for n in ("n_c_zero", "n_c_zero_low", "n_c_zero_high", "n_c_slope"))
    used = int(run.at("zero_thresholds", **run.known("zero_thresholds", where)).ravel()[0])
    value, low, high = value.ravel(), low.ravel(), high.ravel()
    good = np.isfinite(value)
    ax.errorbar(eps[good], value[good], yerr=bars(value[good], low[good], high[good]), fmt=marker,
                color=colour, ms=4.5, mec="white", mew=0.5, elinewidth=1, zorder=4)
    for law, (power, style, fill) in enumerate(((1.0, "-", colour), (0.5, (0, (4, 3)), "white"))):
        limit, b = zero.ravel()[law], slope.ravel()[law]
        if not np.isfinite(limit):
            continue
        x = np.linspace(0, eps[good][:used].max(), 100)
        ax.plot(x, limit - b * x**power, color=colour, lw=1.1 if law == 0 else 0.8, ls=style, alpha=0.9, zorder=2)
        ax.errorbar([0], [limit], yerr=bars([limit], [zero_low.ravel()[law]], [zero_high.ravel()[law]]),
                    fmt=marker, ms=5, mfc=fill, mec=colour, color=colour, mew=1, elinewidth=1, clip_on=False, zorder=5)


def extrapolated(run, where):
    return np.isfinite(np.asarray(run.at("n_c_zero", **run.known("n_c_zero", where)))).any()


def draw(run):
    if not has_times(run):
        return no_times(run, "small thresholds")
    shown, left_out = [], []
    for key, members in families(run):
        (shown if any(extrapolated(run, where) for where, _ in members) else left_out).append((key, members))
    if not shown:
        return "small thresholds: no line has critical widths at three thresholds"
    figure, axes = grid_of(len(shown), height=2.9)
    for ax, (key, members) in zip(axes, shown):
        for where, _ in members:
            colour, marker, _ = depth_style(run, where)
            draw_line(ax, run, where, colour, marker)
        ax.set_title(label(dict(key)))
        ax.set_xlim(left=-0.002)
        ax.set_ylim(bottom=0)
        ax.axvline(0, color=GREY, lw=0.6, zorder=0)
    label_outer(axes, r"threshold $\epsilon$  [bits]", r"critical width $N_c(\epsilon)$")
    handles = depth_handles(run) + [plt.Line2D([], [], color="k", lw=1.1, label=r"linear in $\epsilon$"),
                                    plt.Line2D([], [], color="k", lw=0.8, ls=(0, (4, 3)), label=r"in $\sqrt{\epsilon}$")]
    legend_beside(axes, handles)
    return run.save(figure, "small-thresholds") + [
        f"small thresholds: {label(dict(key))}, where no line has critical widths at three thresholds".replace("$", "")
        for key, _ in left_out]


if __name__ == "__main__":
    main(draw)
