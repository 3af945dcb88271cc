#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw every figure of a run: all scripts of this folder that have a function draw(run)."""
import importlib
import pathlib

from common import main


def draw(run):
    made, missing = [], []
    for script in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        if script.stem in ("all", "common"):
            continue
        drawn = getattr(importlib.import_module(script.stem), "draw", lambda _: [])(run)
        for one in [drawn] if isinstance(drawn, str) else drawn:
            (missing if isinstance(one, str) else made).append(one)
    return made + (["Not drawn:"] + ["  " + why for why in missing] if missing else [])


if __name__ == "__main__":
    main(draw)
