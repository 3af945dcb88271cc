#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished sweep is asked for more: only what is new is trained, and the dataset is that of the sweep asked in one go."""
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from calling import call, content, expect  # noqa: E402

CONFIG = """
grid: {{width: [{widths}], seed: [{seeds}], batch.kind: [full, chorales]}}
batch: {{size: 2}}
data: {{chorales: 3}}
observe: {{thresholds: [{thresholds}], noise: {noise}, aging: true, waiting-times: [{waiting}], lag-first: 0.1}}
stop: {{tau: {tau}}}
run: {{keep: {keep}}}
"""
SMALL = {"widths": "6, 9", "seeds": "1, 2", "thresholds": "0.2, 0.3", "waiting": "1, 2", "tau": 4, "noise": "true",
         "keep": "all"}
LARGE = SMALL | {"widths": "6, 9, 12", "seeds": "1, 2, 3", "thresholds": "0.05, 0.2", "waiting": "1, 2, 6", "tau": 9}


def steps(text):
    """What a sweep says it has trained."""
    return int(re.search(r"now in (\d+) steps", text).group(1))


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)

    def config(**settings):
        path = folder / "grid.yaml"
        path.write_text(CONFIG.format(**settings))
        return path

    def sweep(run, **settings):
        return steps(call(0, "sweep", config(**settings), "-o", folder / run))

    first = sweep("grown", **SMALL)
    said = call(0, "check", config(**LARGE), "-o", folder / "grown")
    expect("8 points to go on from kept end states" in said and "10 points new" in said, said)
    then = sweep("grown", **LARGE)
    whole = sweep("whole", **LARGE)
    expect(content(folder / "grown") == content(folder / "whole"), "what grew is what was asked in one go")
    expect(first + then == whole, f"{first} and {then} steps are {whole}: nothing was trained twice")
    expect(sweep("grown", **LARGE) == 0, "all is there")

    # Less is asked of the same trajectories: the results of the first sweep are still there.
    expect(sweep("grown", **SMALL) == 0, "stored results stay")

    # What cannot be had says so before it starts.
    for change, reason in [({"noise": "false"}, None), ({"waiting": "0.5, 1"}, "observe.waiting-times: "),
                           ({"thresholds": "0.25"}, "observe.thresholds: ")]:
        said = call(0, "check", config(**(SMALL | {"tau": 9} | change)), "-o", folder / "grown")
        expect(("must be trained again: " + reason in said) if reason else "go on from kept" in said, said)

    # Nothing was kept: everything again, with the reason.
    sweep("bare", **(SMALL | {"keep": "none"}))
    expect(not (folder / "bare" / "states").exists(), "none means none")
    said = call(0, "check", config(**LARGE), "-o", folder / "bare")
    expect("8 points must be trained again: run.keep: the end state was not kept" in said, said)
    again = sweep("bare", **LARGE)
    expect(again == whole and content(folder / "bare") == content(folder / "whole"), "and it comes out the same")

    # A damaged state costs time only.
    sweep("damaged", **SMALL)
    for state in (folder / "damaged" / "states").iterdir():
        state.write_bytes(state.read_bytes()[:-9] + b"something")
    expect(sweep("damaged", **LARGE) == whole, "all of it was trained again")
    expect(content(folder / "damaged") == content(folder / "whole"), "and it comes out the same")
