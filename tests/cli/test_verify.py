#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""replay and verify: stored points come out again bit for bit, and a result that was changed is found."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import journals  # noqa: E402
from calling import call, expect  # noqa: E402

CONFIG = """
grid: {depth: [1, 2], width: [4, 5], seed: [1, 2]}
data: {chorales: 1}
stop: {tau: 3}
"""


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "grid.yaml").write_text(CONFIG)
    run = folder / "run"
    call(0, "sweep", folder / "grid.yaml", "-o", run)
    results = list(journals.payloads(run / "results" / "000001.journal"))
    names = [payload[:32].hex() for payload in results]
    expect(len(set(names)) == 8, "eight points are stored")

    text = call(0, "verify", run, "--sample", "100%")
    expect("8 of 8 points trained again: the same, bit for bit" in text, "all points are the same")
    samples = {call(0, "verify", run, "--sample", 3, "--key", key) for key in (1, 1, 2)}
    expect(len(samples) == 2, "the key decides which points are taken")
    expect("The same, bit for bit" in call(0, "replay", run, names[0][:12]), "a point is replayed by its first digits")
    call(64, "replay", run, "")
    call(64, "replay", run, "xyz")
    call(64, "verify", run, "--sample", "some")
    call(64, "verify", run, "--key", "abc")
    call(65, "verify", folder, "--sample", "1")

    # The outcome of one point under the name and parameters of another; and one under another name.
    at = [journals.outcome_at(payload) for payload in results]
    changed = results[0][:at[0]] + results[1][at[1]:]
    foreign = results[2][:32] + results[3][32:]
    forged = folder / "forged"
    journals.write(forged / "results" / "000001.journal", [changed, foreign, results[4]])
    text = call(65, "verify", forged, "--sample", "100%")
    expect(text.count("DIFFERENT") == 2 and text.count("  same") == 1, "both forged results are found, and only they")
    expect("2 of 3 points did not come out as stored" in text, "they are counted")
    expect("does not come out as stored" in call(65, "replay", forged, names[0]), "replay says so too")
    call(0, "replay", forged, names[4])
print("8 points trained again: the same; 2 forged results found")
