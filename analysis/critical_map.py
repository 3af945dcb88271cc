#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Critical width over two swept numbers (a rate and a gain, a noise temperature and the chorales): a map for every two of the axes, one
panel per threshold, the numbers written in its fields; a bound has its sign, and what is not known stays empty."""
import itertools

import matplotlib.pyplot as plt
import numpy as np

from common import NICE, grid_of, has_times, label, label_outer, main, no_times

VALUE, BELOW, ABOVE, BETWEEN, EDGE = 1, 2, 3, 4, 5  # n_c_known
MOST = 12  # values of an axis whose fields still have room for a number


def numeric_axes(run):
    return [n for n in run.axes() if run.points[n].dtype.kind in "if" and None not in run.column(n)]


def field_of(known, value, low, high):
    """(number for the colour, text) of one field."""
    if known == VALUE:
        return value, f"{value:.3g}"
    if known in (BELOW, EDGE) and np.isfinite(high):
        return np.nan, f"<{high:.3g}"
    if known == ABOVE and np.isfinite(low):
        return np.nan, f">{low:.3g}"
    return np.nan, ""


def panel(run, pair, others, i):
    """(colours, texts) [second axis][first axis] at threshold i."""
    first, second = (run.analysis[n].tolist() for n in pair)
    colours, texts = np.full((len(second), len(first)), np.nan), np.full((len(second), len(first)), "", object)
    for (y, b), (x, a) in itertools.product(enumerate(second), enumerate(first)):
        where = dict(others, **{pair[0]: a, pair[1]: b})
        colours[y, x], texts[y, x] = field_of(*(np.asarray(run.at(n, **run.known(n, where)))[..., i].ravel()[0]
                                                for n in ("n_c_known", "n_c", "n_c_low", "n_c_high")))
    return colours, texts


def draw_panel(ax, run, pair, colours, texts, limits):
    image = ax.imshow(colours, origin="lower", aspect="auto", cmap="cividis", vmin=limits[0], vmax=limits[1])
    for (y, x), text in np.ndenumerate(texts):
        if max(texts.shape) <= MOST:
            dark = np.isfinite(colours[y, x]) and colours[y, x] < np.mean(limits)
            ax.text(x, y, text, ha="center", va="center", fontsize=8, color="white" if dark else "black")
    for axis, name in ((ax.xaxis, pair[0]), (ax.yaxis, pair[1])):
        values = run.analysis[name]
        shown = np.unique(np.linspace(0, len(values) - 1, min(len(values), 6)).astype(int))
        axis.set_ticks(shown, [f"{values[k]:g}" for k in shown])
    return image


def draw_page(run, pair, others):
    panels = [(eps, *panel(run, pair, others, i)) for i, eps in enumerate(run.analysis["threshold"])]
    panels = [p for p in panels if (p[2] != "").any()]
    values = np.concatenate([p[1][np.isfinite(p[1])] for p in panels]) if panels else np.array([])
    if len(values) == 0:
        return []
    limits = (values.min(), max(values.max(), values.min() + 1e-9))
    figure, axes = grid_of(len(panels), height=2.7)
    for ax, (eps, colours, texts) in zip(axes, panels):
        image = draw_panel(ax, run, pair, colours, texts, limits)
        ax.set_title(f"$\\epsilon$ = {eps:g} bits")
    label_outer(axes, *(NICE.get(n, n.replace("_", " ")) for n in pair))
    figure.colorbar(image, ax=list(axes), label="critical width $N_c$")
    if others:
        figure.suptitle(label(others), fontsize=11.5)
    ending = "".join(f"-{n}-{v}" for n, v in others.items())
    return run.save(figure, f"critical-map-{pair[0]}-{pair[1]}{ending}")


def draw(run):
    if not has_times(run):
        return no_times(run, "map of critical widths")
    axes, made = numeric_axes(run), []
    for pair in itertools.combinations(axes, 2):
        rest = [n for n in run.axes() if n not in pair]
        for key, _ in run.groups(rest) if rest else [((), None)]:
            made += draw_page(run, pair, dict(zip(rest, key)))
    plt.close("all")
    return made or "map of critical widths: fewer than two numbers were swept beside the width, or no critical width has a value"


if __name__ == "__main__":
    main(draw)
