#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""weights: any point at any time, the same from a kept state, by training again and beyond the end; in PyTorch the same NLL."""
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from calling import call, expect  # noqa: E402

try:
    import h5py
    import numpy as np
except ImportError:
    print("h5py is not there")
    sys.exit(77)

CONFIG = """
grid: {{depth: [1, 2], width: [4, 5], seed: [1, 2]}}
data: {{source: chorales, file: bach.json, chorales: 3}}
rule: {{eta: 0.05}}
model: {{hidden-bias: true}}
observe: {{thresholds: [0.01], noise: true}}
stop: {{tau: {tau}}}
"""


def chorale(k):
    return [[50 + (t * (k + 2)) % 5, 57 + (t + k) % 7, 66 + (3 * t + k) % 6, 74 + t % 4] for t in range(12)]


def bits(rows):
    x = np.zeros((len(rows), 54))
    for t, row in enumerate(rows):
        x[t, [note - 43 for note in row]] = 1
    return x


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    songs = [chorale(k) for k in range(3)]
    (folder / "bach.json").write_text(json.dumps({"train": songs, "valid": [], "test": []}))
    for run, tau in (("run", 3), ("long", 6)):
        (folder / "grid.yaml").write_text(CONFIG.format(tau=tau))
        call(0, "sweep", folder / "grid.yaml", "-o", folder / run)
    run = folder / "run"

    def weights(run, point, at=None):
        out = folder / "w.h5"
        call(0, "weights", run, point, *(["--at", at] if at else []), "-o", out)
        return out

    def arrays(path):
        with h5py.File(path) as file:
            return {key: file[key][()].tobytes() for key in file if key[:2] not in ("to", "fr")}

    phrase = "depth 2, width 5, seed 1"
    kept = arrays(weights(run, phrase))
    (run / "states").rename(run / "elsewhere")
    expect(arrays(weights(run, phrase)) == kept, "the kept state is what training again gives")
    (run / "elsewhere").rename(run / "states")
    said = call(0, "weights", run, phrase, "--at", "3,4,6", "-o", folder / "w.h5")
    expect(said.count("training on to") == 1 and "training on to tau = 4" in said, f"beyond the end, and said once: {said}")
    beyond = arrays(weights(run, phrase, "6"))
    expect(beyond == arrays(weights(folder / "long", phrase)), "beyond the end of a run lies what a longer run has")
    (run / "states").rename(run / "gone")
    expect(arrays(weights(run, phrase, "6")) == beyond, "with or without a kept state")

    # A rule that keeps time itself stands at every moment that is asked for.
    for flow, tau in (("flow", 6), ("short", 3.3)):
        (folder / "grid.yaml").write_text(CONFIG.format(tau=tau).replace("rule: {eta: 0.05}", "rule: {name: flow}"))
        call(0, "sweep", folder / "grid.yaml", "-o", folder / flow)
    with h5py.File(weights(folder / "flow", phrase, "1,3.3,6")) as file:
        expect(np.allclose(file["tau"], [1, 3.3, 6], rtol=1e-12), f"the flow at any time: {file['tau'][()]}")
        asked = {key: file[key][1] for key in file if key[:2] not in ("to", "fr", "ta", "st")}
    with h5py.File(weights(folder / "short", phrase)) as file:
        expect(all((file[key][0] == asked[key]).all() for key in asked), "the same as of a run that ends there")

    with h5py.File(weights(run, phrase, "3,0,0.5")) as file:
        expect(list(file["tau"]) == [0, 0.5, 3] and list(file["step"]) == [0, 10, 60], "times are put in order")
        expect(file["J1"].shape == (3, 5, 54) and file["h"].shape == (3, 54, 1), "shapes")
        expect(file.attrs["model.width"] == 5 and file.attrs["rule.eta"] == 0.05, "parameters")
        expect(file["J1"].attrs["unit_name"] == "w" and file["M1"].attrs["orthogonal"] == "true", "units")
        identity = file.attrs["identity"]
        expect(file["J1"][2].tobytes() == arrays(weights(run, identity[:9]))["J1"], "a phrase or an identity")
    listed = call(0, "show", run, "--identities")
    expect(identity[:16] in listed, "tables print identities")
    expect("bit for bit" in call(0, "replay", run, phrase), "replay takes phrases")
    expect("bit for bit" in call(0, "replay", run, "model_depth=2,width: 5,seed 1"), "in any notation")

    def refused(code, words, *arguments):
        said = call(code, "weights", *arguments)
        expect(words in said and said.count("\n") == 1, f"{arguments}: {said}")

    out = ["-o", folder / "no.h5"]
    refused(64, "'eta' may mean more than one parameter", run, "depth 2, eta 0.05", *out)
    (folder / "rates.yaml").write_text(CONFIG.format(tau=1).replace("seed: [1, 2]", "rule.eta: [0.05, 0.1]").replace("rule: {eta: 0.05}\n", ""))
    call(0, "sweep", folder / "rates.yaml", "-o", folder / "rates")
    call(0, "weights", folder / "rates", "depth 2, width 5, eta 0.1", "-o", folder / "w.h5")  # the one that is an axis
    with h5py.File(folder / "w.h5") as file:
        expect(file.attrs["rule.eta"] == 0.1, "the rate that varies is meant")
    refused(64, "4 points fit 'depth 2': they differ in seed, width", run, "depth 2", *out)
    refused(64, "no point of the run fits", run, "depth 2, width 5, seed 9", *out)
    refused(64, "did you mean 'depth'?", run, "depht 2", *out)
    refused(64, "neither the beginning of an identity", run, "", *out)
    refused(64, "outside the allowed range", run, "width 0", *out)
    refused(64, "--at: 'x' is not a number", run, phrase, "--at", "1,x", *out)
    refused(64, "--at: '-1' is not a number", run, phrase, "--at", "-1", *out)
    refused(74, "No such file", run, phrase, "-o", folder / "nowhere" / "w.h5")
    call(64, "weights", run, phrase)
    (run / "config.yaml").write_text(CONFIG.format(tau=3).replace("seed: [1, 2]", "seed: [1, 2, 3]"))
    (folder / "run" / "bach.json").write_text((folder / "bach.json").read_text())
    refused(65, "is not finished yet", run, "depth 2, width 5, seed 3", *out)
    expect(not (folder / "no.h5").exists(), "nothing is written when something is refused")

    try:
        import torch
    except ImportError:
        print("PyTorch is not there")
        sys.exit(77)
    text = (Path(os.environ["RITARDANDO_SOURCE"]) / "docs/weights.md").read_text()
    exec(text.split("```python\n")[1].split("```")[0])
    with h5py.File(run / "phase-diagram.h5") as file:
        row = [i.decode() if isinstance(i, bytes) else i for i in file["identity"][()]].index(identity)
        stored, at = file["nll"][row], file["grid_tau"][()]
    known = [k for k in range(len(stored)) if np.isfinite(stored[k])][::20]
    path = weights(run, identity, ",".join(repr(float(at[k])) for k in known))
    chorales = [torch.tensor(bits(rows)) for rows in songs]
    for place, k in enumerate(known):
        ours = nll(Layered(path, place), chorales)  # noqa: F821
        expect(abs(ours - stored[k]) < 1e-6 * stored[k], f"tau = {at[k]}: NLL {ours} and {stored[k]}")
print("weights: from a state, again and beyond; PyTorch agrees")
