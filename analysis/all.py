#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw every figure of a run: all scripts of this folder that have a function draw(run). One that fails says a sentence and
makes the exit code 1; the others are drawn."""
import importlib
import pathlib
import sys

import matplotlib.pyplot as plt

from common import run_of


def draw(run):
    """(files made, why others were not drawn, figures that failed)."""
    made, missing, failed = [], [], []
    for script in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        if script.stem in ("all", "common"):
            continue
        try:
            drawn = getattr(importlib.import_module(script.stem), "draw", lambda _: [])(run)
        except Exception as problem:  # whatever it is, it is that figure's alone
            plt.close("all")
            failed.append(f"{script.name}: {type(problem).__name__}: {problem}")
            continue
        for one in [drawn] if isinstance(drawn, str) else drawn:
            (missing if isinstance(one, str) else made).append(one)
    return made, missing, failed


if __name__ == "__main__":
    run = run_of(__doc__)
    made, missing, failed = draw(run)
    print("\n".join(map(str, made)))
    if missing:
        print("Not drawn:", *("  " + why for why in missing), sep="\n")
    for sentence in failed:
        print(f"{run.folder}: a figure failed, the others are drawn: {sentence}", file=sys.stderr)
    sys.exit(1 if failed else 0)
