#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shards and runs from anywhere join into the dataset that one undisturbed run makes; differences are refused."""
import sys
import tempfile
from pathlib import Path

try:
    import h5py
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-h5py)")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).parent.parent))
import journals  # noqa: E402
from calling import call, content, expect  # noqa: E402

CONFIG = """
grid: {depth: [1, 2], width: [4, 5, 6], seed: [1, 2]}
data: {chorales: 1}
stop: {tau: 3}
"""


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    config = folder / "grid.yaml"
    config.write_text(CONFIG)
    whole, shards = folder / "whole", [folder / f"shard-{i}" for i in range(3)]
    call(0, "sweep", config, "-o", whole)
    for i, shard in enumerate(shards):
        call(0, "sweep", config, "-o", shard, "--share", f"{i}/3")
    expect(sum(content(shard)[1] for shard in shards) == 12, "every point falls to one share")

    # All shards: the hash of the undisturbed run, and merging again changes nothing.
    for _ in range(2):
        call(0, "merge", folder / "joined", *shards)
        expect(content(folder / "joined") == content(whole), "the joined dataset is that of one run")

    # A shard is missing: it is named, and when it has come the dataset is whole.
    text = call(75, "merge", folder / "later", shards[0], shards[2], "--shares", 3)
    expect(text.count("missing: ") == content(shards[1])[1], "every missing point is named")
    expect("--array=1\n" in text, "so is the element of the array")
    expect(content(folder / "later")[1:] == (12 - content(shards[1])[1], 12), "what is there is in the dataset")
    call(0, "merge", folder / "later", whole, shards[1])
    expect(content(folder / "later") == content(whole), "the later shard has completed it")

    # A plan that is larger or smaller than the runs.
    larger = folder / "larger.yaml"
    larger.write_text(CONFIG.replace("seed: [1, 2]", "seed: [1, 2, 3]"))
    text = call(75, "merge", folder / "wide", *shards, "--config", larger, "--shares", 2)
    expect("12 of 18 points" in text and text.count("missing: ") == 6, "the larger plan lacks six points")
    smaller = folder / "smaller.yaml"
    smaller.write_text(CONFIG.replace("seed: [1, 2]", "seed: [1]"))
    text = call(0, "merge", folder / "narrow", *shards, "--config", smaller)
    expect("6 more results are of points outside the plan" in text, "no result is lost")

    # One point with the result of another: refused, with the provenance of both.
    a, b = list(journals.payloads(whole / "results" / "000001.journal"))[:2]
    journals.write(folder / "forged" / "results" / "000001.journal", [a[:32] + b[32:]])
    text = call(65, "merge", folder / "never", whole, folder / "forged")
    expect(f"point {a[:8].hex()} has two results that differ" in text, "the difference is listed")
    expect("whole/results/000001.journal at byte 0 (made on " in text, "and where the first was made")
    expect("forged/results/000001.journal at byte 0 (made on " in text, "and the second")
    expect(not (folder / "never").exists(), "nothing was written")
    call(65, "merge", folder / "never", folder)
    call(64, "merge", folder / "never")
print("merged: 3 shards, a late shard, larger and smaller plans; a forged result was refused")
