# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of Ritardando in Python.

    import ritardando

    run = ritardando.open("bach")
    run.points                                  # xarray.Dataset, one row a finished point
    run.grid("learning_time")                   # the same over depth, chorales, ..., width and seed
    run.analysis.n_c.sel(threshold=0.05)        # what `ritardando analyse` found
    run.frame("learning_time")                  # a tidy pandas.DataFrame, a row for each point and threshold
    run.curves(depth=2, width=20)               # learning curves: a row for each measurement
"""
import os

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # a dataset is replaced, never written to: no lock is needed

from .files import read, verify  # noqa: E402
from .run import Run, open  # noqa: E402

__all__ = ["Run", "open", "read", "verify"]
