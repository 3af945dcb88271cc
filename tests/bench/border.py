#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the border of real chorales costs: refining against a full grid, block by block.

    border.py PROGRAM [--blocks N] [--chorales P] [--depth D ...] [--error E]

For each block of Bach's chorales and each depth one sweep with `refine` and one over every second width from 2 to 64 with
five seeds; both get their critical widths from `analyse`. The cost of a grid for the same error is its seconds of training
times (its error / the error of the refined)^2 at the threshold that needs it most; that of a narrow grid, of one who knows
before that widths up to 24 are enough, has only theirs: no fit looks further. RITARDANDO_DATA names the chorales.
"""
import argparse
import json
import math
import statistics
import subprocess
import tempfile
from pathlib import Path

SHARED = """data: {{source: chorales, first: {first}, chorales: {chorales}}}
model: {{depth: {depth}}}
rule: {{eta: 0.1}}
observe: {{thresholds: [0.02, 0.05]}}
stop: {{tau: 1000}}
"""
GRID = "grid: {width: {from: 2, to: 64, by: 2}, seed: {from: 1, to: 5}}\n"
REFINE = "refine: {{by: width, from: 2, to: 64, error: {error}}}\n"
NARROW = 24


class Survey:
    """One sweep: runs, seconds of training, those of narrow networks, and (N_c, error) by threshold, None where unknown."""

    def __init__(self, program, folder, name, text):
        config, run = folder / f"{name}.yaml", folder / name
        config.write_text(text)
        subprocess.run([program, "sweep", config, "-o", run], check=True, stderr=subprocess.DEVNULL)
        results = [event for event in map(json.loads, (run / "events.jsonl").read_text().splitlines())
                   if event["event"] == "result"]
        self.seconds, self.runs = sum(r["seconds"] for r in results), len(results)
        shown = json.loads(subprocess.run([program, "show", run, "--json"], check=True, capture_output=True, text=True).stdout)
        narrow = {row["identity"] for row in shown if row["width"] <= NARROW}
        self.narrow = sum(r["seconds"] for r in results if r["point"] in narrow)
        said = json.loads(subprocess.run([program, "analyse", run, "--json"], check=True, capture_output=True, text=True).stdout)
        value = {key: said["data_vars"][key]["data"] for key in ("n_c", "n_c_low", "n_c_high")}
        self.border = [(n, (high - low) / 2) if None not in (n, low, high) and math.isfinite(high - low) and low > 0 else None
                       for n, low, high in zip(value["n_c"], value["n_c_low"], value["n_c_high"])]


def compare(fine, grid):
    """Cost of the grid and of the narrow one for equal error over that of refining; distances of answers in their errors."""
    both = [(a, b) for a, b in zip(fine.border, grid.border) if a and b]
    if not both:
        return None, None, []
    more = max((b[1] / a[1]) ** 2 for a, b in both)
    return more * grid.seconds / fine.seconds, more * grid.narrow / fine.seconds, [(a[0] - b[0]) / math.hypot(a[1], b[1]) for a, b in both]


def show(border):
    return " ".join(f"{b[0]:.2f}+-{b[1]:.2f}" if b else "-" for b in border)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--chorales", type=int, default=5)
    parser.add_argument("--depth", type=int, nargs="+", default=[1])
    parser.add_argument("--error", type=float, default=0.03)
    asked = parser.parse_args()
    for depth in asked.depth:
        ratios, narrows, apart = [], [], []
        for block in range(asked.blocks):
            shared = SHARED.format(first=block * asked.chorales, chorales=asked.chorales, depth=depth)
            with tempfile.TemporaryDirectory() as folder:
                fine = Survey(asked.program, Path(folder), "fine", shared + REFINE.format(error=asked.error))
                grid = Survey(asked.program, Path(folder), "grid", shared + GRID)
            ratio, narrow, distances = compare(fine, grid)
            apart += distances
            if ratio:
                ratios.append(ratio)
                narrows.append(narrow)
            print(f"depth {depth}, block {block}: refined {fine.runs} runs, {fine.seconds:.1f} s, {show(fine.border)}; grid "
                  f"{grid.runs} runs, {grid.seconds:.1f} s, {show(grid.border)}; ratio {ratio or math.nan:.1f}, narrow {narrow or math.nan:.1f}", flush=True)
        for name, of in (("grid", ratios), ("narrow grid", narrows)):
            if len(of) > 1:
                low, middle, high = statistics.quantiles(of, n=4)
                print(f"depth {depth}: cost of the {name} for equal error over that of refining: median {middle:.1f} (quartiles "
                      f"{low:.1f} to {high:.1f}, least {min(of):.1f}) of {len(of)} blocks", flush=True)
        print(f"depth {depth}: answers within one error of each other: {sum(abs(d) < 1 for d in apart)} of {len(apart)}, "
              f"within two: {sum(abs(d) < 2 for d in apart)}", flush=True)


if __name__ == "__main__":
    main()
