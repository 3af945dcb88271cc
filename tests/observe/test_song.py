# SPDX-License-Identifier: GPL-3.0-or-later
"""Observable song: its numbers are those of what `sing` sings at that time, counted here by sets."""
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from calling import call, expect  # noqa: E402

try:
    import h5py
except ImportError:
    print("skipped: /usr/bin/python3 has no h5py")
    sys.exit(77)

TABLE = Path(__file__).parent.parent / "source" / "table.csv"
WIDE = "model: {width: inf, parametrisation: ntk, orthogonal: none, recurrent-init: haar, readout-init: gaussian}\n"
FORCED, ROWS, GRAMS = 6, 30, 4
SEQUENCES, STARTS = 3, 2
CONFIG = f"""
data: {{SOURCE, chorales: {SEQUENCES}, test: 2}}
model: {{depth: 1, width: 24}}
rule: {{eta: 0.1}}
observe:
  thresholds: [0.03]
  song: true
  song-thresholds: [0.001, 0.05, 0.2]
  song-times: [0.5, 30]
  song-starts: {STARTS}
  song-forced: {FORCED}
  song-rows: {ROWS}
stop: {{tau: 60}}
"""


def quality(songs, originals, heard):
    """What the observable says, of songs and what they are compared with."""
    continued, whole, notes, rows = [], [], 0, 0
    grams, unheard = [0] * GRAMS, [0] * GRAMS
    for song, original in zip(songs, originals):
        same = 0
        while FORCED + same < len(song) and song[FORCED + same] == original[FORCED + same]:
            same += 1
        continued.append(same)
        whole.append(FORCED + same == len(song))
        for r in range(FORCED, len(song)):
            rows += 1
            notes += len(song[r])
            for g in range(GRAMS):
                if r >= g:
                    grams[g] += 1
                    unheard[g] += tuple(song[r - g:r + 1]) not in heard[g]
    n = len(songs)
    novelty = [u / g for u, g in zip(unheard, grams)]
    return {"continued": sum(continued) / n, "possible": rows / n, "whole": sum(whole) / n, "density": notes / rows,
            "known_chords": 1 - novelty[0], "known_transitions": 1 - novelty[1], "novelty": novelty}


def study(folder, source, more=""):
    run, config = folder / "run", folder / "sweep.yaml"
    config.write_text(CONFIG.replace("SOURCE", source) + more)
    call(0, "sweep", config, "-o", run)
    point = "seed 1"

    def sung(number, *options):
        out = folder / "song.json"
        call(0, "sing", run, point, "--start", number, "--force", FORCED, *options, "-o", out)
        return [tuple(row) for row in json.loads(out.read_text())["train"][0]]

    pieces = [sung(s, "--original", "--steps", 10000) for s in range(SEQUENCES + 2)]
    heard = [{tuple(p[r:r + g + 1]) for p in pieces[:SEQUENCES] for r in range(len(p) - g)} for g in range(GRAMS)]
    starts = [p[:FORCED + ROWS] for p in pieces[:STARTS]]
    held_out = [p[:FORCED + ROWS] for p in pieces[SEQUENCES:SEQUENCES + 2]]
    with h5py.File(run / "phase-diagram.h5") as file:
        names = [name.decode() for name in file["song"]]
        found = {name: file["song_" + name][0] for name in
                 ("tau", "nll", "continued", "possible", "whole", "density", "known_chords", "known_transitions", "novelty")}
        at = {name: {key: value[i] for key, value in found.items()} for i, name in enumerate(names)}
        curve, times = file["nll"][0], file["nll_tau"][0]
    moments = ["untrained", "NLL 0.001", "NLL 0.05", "NLL 0.2", "tau 0.5", "tau 30"]
    expect(set(names) == {*moments, "data", "shuffled", "held out"}, f"the songs {names}")
    expect(at["NLL 0.001"]["tau"] != at["NLL 0.001"]["tau"], "there is no song of a threshold that was not reached")
    for name in moments:
        if name == "NLL 0.001":
            continue
        tau = at[name]["tau"]
        first = {"untrained": lambda k: True, "NLL 0.05": lambda k: curve[k] < 0.05, "NLL 0.2": lambda k: curve[k] < 0.2,
                 "tau 0.5": lambda k: times[k] >= 0.5 - 1e-9, "tau 30": lambda k: times[k] >= 30 - 1e-9}[name]
        k = next(k for k in range(len(curve)) if curve[k] == curve[k] and first(k))
        expect(tau == times[k] and at[name]["nll"] == curve[k], f"{name}: sung at the first time of the grid, not {tau}")
        songs = [sung(s, "--at", tau, "--most-likely", "--steps", len(starts[s]) - FORCED) for s in range(STARTS)]
        compare(name, at[name], quality(songs, starts, heard))
    compare("data", at["data"], quality(starts, starts, heard))
    compare("held out", at["held out"], quality(held_out, held_out, heard))
    shuffled, data = at["shuffled"], at["data"]
    expect(shuffled["known_chords"] == 1 and shuffled["density"] == data["density"], "shuffling keeps the chords")
    expect(shuffled["known_transitions"] < 0.7 and shuffled["continued"] < data["continued"], "and nothing else")
    return at


def compare(name, found, wanted):
    for key, value in wanted.items():
        for a, b in zip([found[key]] if key != "novelty" else found[key], [value] if key != "novelty" else value):
            expect(abs(a - b) < 1e-12, f"{name}: {key} is {found[key]}, and {value} is counted")


with tempfile.TemporaryDirectory() as name:
    at = study(Path(name), "source: composer")
    print("composer:", {key: (round(v["nll"], 4), v["continued"], v["known_chords"]) for key, v in at.items()})
chorales = os.environ.get("RITARDANDO_DATA")
if chorales:
    with tempfile.TemporaryDirectory() as name:
        at = study(Path(name), f"source: chorales, file: {chorales}")
        print("chorales:", {key: (round(v["nll"], 4), v["continued"], v["known_chords"]) for key, v in at.items()})
        expect(at["NLL 0.05"]["continued"] > at["NLL 0.2"]["continued"] >= at["untrained"]["continued"], "it learns to sing")
with tempfile.TemporaryDirectory() as name:
    config = Path(name) / "bad.yaml"
    for text, words in (("observe: {song: true}\ntask: {name: classify}\ndata: {source: patterns}", "observe.song: a network sings"),
                        ("observe: {song: true, song-forced: 0}", "observe.song-forced"),
                        ("observe: {song: true, song-rows: 0}", "observe.song-rows"),
                        ("observe: {song: true, song-starts: 0}", "observe.song-starts"),
                        ("observe: {song: true, song-temperature: -1}", "observe.song-temperature"),
                        ("observe: {song: true, song-thresholds: [0]}", "observe.song-thresholds"),
                        ("observe: {song: true, song-times: [-1]}", "observe.song-times"),
                        ("observe: {song: true, song-forced: 900}", "observe.song-forced: 900 rows are to be forced"),
                        (f"observe: {{song: true}}\ndata: {{source: series, table: {TABLE}, length: 8}}\ncost: {{name: square}}", "observe.song: what is asked of songs"),
                        (WIDE + "observe: {song: true}", "observe.song: infinite width is known"),
                        ("observe: {song-rows: 9}", "observe.song")):
        config.write_text(text + "\n")
        said = call(65, "check", config)
        expect(words in said, f"{text}: {said}")
    config.write_text(WIDE + "data: {source: composer, chorales: 1}\nstop: {tau: 1}\n")
    call(0, "sweep", config, "-o", Path(name) / "wide")
    said = call(65, "sing", Path(name) / "wide", "seed 1")
    expect("infinite width is known" in said and said.count("\n") == 1, said)
