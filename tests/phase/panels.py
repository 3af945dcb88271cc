# SPDX-License-Identifier: GPL-3.0-or-later
"""analysis/all.py where a figure with an empty panel is one that failed: panels.py FOLDER-OF-SCRIPTS RUN."""
import runpy
import sys

import numpy as np

sys.path.insert(0, sys.argv.pop(1))
sys.argv[0] = "all.py"
import common  # noqa: E402

save = common.Run.save


def has_marks(ax):
    """Something drawn at its place among the data: lines across the whole panel are none."""
    lines = [line.get_xydata() for line in ax.get_lines() if line.get_transform() == ax.transData]
    (left, right), (bottom, top) = sorted(ax.get_xlim()), sorted(ax.get_ylim())

    def inside(xy):
        xy = np.ma.filled(np.ma.asarray(xy, float), np.nan)
        return ((xy[:, 0] >= left) & (xy[:, 0] <= right) & (xy[:, 1] >= bottom) & (xy[:, 1] <= top)).any() if len(xy) else False
    return (any(inside(xy) for xy in lines) or bool(ax.images) or any(text.get_text() for text in ax.texts)
            or any(inside(c.get_offsets()) or c.get_paths() for c in ax.collections))


def save_whole(run, figure, name):
    empty = [ax.get_title() for ax in figure.axes if ax.get_visible() and ax.axison and ax.get_label() != "<colorbar>" and not has_marks(ax)]
    if empty:
        raise ValueError(f"{name} has empty panels: {empty}")
    return save(run, figure, name)


common.Run.save = save_whole
runpy.run_path(sys.path[0] + "/all.py", run_name="__main__")
