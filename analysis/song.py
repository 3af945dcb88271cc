#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What networks sing, against their NLL: how far they go on with what they were trained on, and what of it is known."""
import numpy as np

from common import COLOURS, MARKERS, grid_of, label, legend_beside, lines, main, plain_log, plt

PANELS = [("song_continued", "rows continued"), ("song_whole", "share sung to the end"),
          ("song_known_chords", "share of known rows"), ("song_known_transitions", "share of known transitions")]


def curve(run, name, points):
    """[3][songs] NLL, mean and its error over the seeds, of all songs of networks, by NLL."""
    nll, value = run.points["song_nll"][points], run.points[name][points]
    found = []
    for i in range(nll.shape[1]):
        x, y = nll[:, i], value[:, i]
        sung = np.isfinite(x) & np.isfinite(y)
        if sung.any():
            error = y[sung].std(ddof=1) / np.sqrt(sung.sum()) if sung.sum() > 1 else 0.0
            found.append((x[sung].mean(), y[sung].mean(), error))
    return np.array(sorted(found)).T


def draw(run):
    if "song_nll" not in run.points:
        return "songs: observe.song was off"
    sung = [(where, points) for where, points in lines(run) if curve(run, PANELS[0][0], points).size]
    if not sung:
        return "songs: none was sung yet"
    figure, axes = grid_of(len(PANELS))
    for ax, (name, title) in zip(axes, PANELS):
        for i, (_, points) in enumerate(sung):
            nll, mean, error = curve(run, name, points)
            ax.errorbar(nll, mean, error, color=COLOURS[i % len(COLOURS)], marker=MARKERS[i % len(MARKERS)], capsize=2)
        ax.set_xscale("log")
        plain_log(ax.xaxis, "25")
        ax.set_ylim(bottom=0)
        ax.set_title(title, fontsize=10.5)
        ax.set_xlabel(f"NLL [{run.data.points['song_nll'].attrs.get('units', 'bit')}]")
    if len(sung) > 1:
        legend_beside(axes, [plt.Line2D([], [], color=COLOURS[i % len(COLOURS)], marker=MARKERS[i % len(MARKERS)], label=label(where))
                             for i, (where, _) in enumerate(sung)])
    return run.save(figure, "song")


if __name__ == "__main__":
    main(draw)
