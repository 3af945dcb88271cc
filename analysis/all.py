#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw every figure of a run: all scripts of this folder that have a function draw(run)."""
import importlib
import pathlib

from common import main


def draw(run):
    made = []
    for script in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        if script.stem in ("all", "common"):
            continue
        drawn = getattr(importlib.import_module(script.stem), "draw", lambda _: [])(run)
        made += [drawn] if isinstance(drawn, str) else drawn
    return made


if __name__ == "__main__":
    main(draw)
