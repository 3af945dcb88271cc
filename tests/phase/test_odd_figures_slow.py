#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""More odd sweeps: of numbers, of temperatures, of names, learned at once or never; the figures have no empty panel."""
import pathlib
import tempfile

from test_figures_slow import LEARNS, check

TABLE = pathlib.Path(__file__).parent.parent / "source" / "table.csv"
SWEEPS = {
    "numbers": (f"data: {{source: series, table: {TABLE}, length: 8, chorales: 2}}\ncost: {{name: square}}\nrule: {{eta: 0.1}}\n"
                "grid: {depth: [1, 2], width: [2, 3, 4, 6, 8], seed: [1, 2]}\nobserve: {thresholds: [0.1, 0.3, 0.5, 0.7], noise: true}\nstop: {tau: 60}\n",
                {"inverse-times", "learning-curves", "depth"}, "Critical widths"),
    "temperatures": ("data: {source: composer}\nrule: {name: langevin}\nmodel: {orthogonal: none}\nstop: {tau: 20}\n"
                     "grid: {rule.temperature: [0.0001, 0.001, 0.01], chorales: [1, 2], width: [2, 3, 4, 6], seed: [1, 2]}\n"
                     "observe: {thresholds: [0.05, 0.1, 0.2], noise: true}\n", {"inverse-times", "learning-curves"}, "rule_temperature"),
    "names": ("grid: {rule.name: [sgd, momentum], cost.name: [nll, square], width: [2, 3, 4], seed: [1, 2]}\n" + LEARNS.replace("60", "10"),
              {"inverse-times", "learning-curves"}, "rule_name"),
    "at-once": ("grid: {width: [2, 3], seed: [1, 2]}\nobserve: {thresholds: [0.9, 2]}\nstop: {tau: 0.3}\n", {"inverse-times"}, ""),
    "soon": ("grid: {width: [2, 3], seed: [1, 2]}\nobserve: {thresholds: [0.1]}\nstop: {tau: 0.3}\n", {"learning-curves"}, ""),
}

with tempfile.TemporaryDirectory() as name:
    for sweep, rest in SWEEPS.items():
        check(pathlib.Path(name), sweep, *rest)
