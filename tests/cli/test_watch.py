#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other programs read: status --json, show --csv and --json, RUN/events.jsonl."""
import csv
import glob
import io
import json
import os
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ["RITARDANDO"]
failures = 0


def run(*words, code=0):
    global failures
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True)
    if done.returncode != code:
        failures += 1
        print(f"{' '.join(words)}: exit code {done.returncode}, wanted {code}: {done.stderr}")
    return done.stdout


def expect(what, found, wanted):
    global failures
    if found != wanted:
        failures += 1
        print(f"{what}: {found!r}, wanted {wanted!r}")


def events(folder):
    with open(f"{folder}/events.jsonl") as file:
        return [json.loads(line) for line in file if line.strip()]


folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
with open("a.yaml", "w") as file:
    file.write("grid: {width: [4, 30], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 30}\n"
               "observe: {thresholds: [0.2, 0.3]}\n")
run("sweep", "a.yaml", "-o", "run", "width=30")
run("sweep", "a.yaml", "-o", "run")

status = json.loads(run("status", "run", "--json"))
expect("points", (status["points"], status["missing"], status["training"]), (4, 0, []))
expect("ends", sum(status["ends"].values()), 4)
expect("thresholds", [(t["bits"], t["runs"]) for t in status["thresholds"]], [(0.2, 4), (0.3, 4)])
reached = [t["reached"] for t in status["thresholds"]]
expect("a lower threshold is reached by fewer", reached == sorted(reached) and reached[1] >= 2, True)
expect("holder", (status["holder"]["life"], status["holder"]["start"]), ("dead", 2))
expect("nothing is left", "left" in status, False)

rows = json.loads(run("show", "run", "--json"))
table = list(csv.DictReader(io.StringIO(run("show", "run", "--csv"))))
expect("rows", (len(rows), len(table)), (4, 4))
for row, line in zip(rows, table):
    expect("columns", list(row), list(line))
    for key, value in row.items():
        same = line[key] == "" if value is None else line[key] == value if isinstance(value, str) else float(line[key]) == value
        expect(f"{key} in both", same, True)
expect("widths", sorted((r["width"], r["seed"]) for r in rows), [(4, 1), (4, 2), (30, 1), (30, 2)])
for t in status["thresholds"]:
    column = [r[f"learning_time_{t['bits']:g}"] for r in rows]
    expect("as many learning times as runs that learned", sum(x is not None for x in column), t["reached"])
listed = run("show", "--identities", "run")
expect("identities are known", all(row["identity"][:16] in listed for row in rows), True)
run("show", "run", "--csv", "--json", code=64)

happened = events("run")
expect("begins", [(e["epoch"], e["points"], e["done"]) for e in happened if e["event"] == "begin"], [(1, 2, 0), (2, 4, 2)])
expect("results", sorted(e["point"] for e in happened if e["event"] == "result"), sorted(r["identity"] for r in rows))
expect("each was given out", {e["point"] for e in happened if e["event"] == "give"}, {r["identity"] for r in rows})
expect("ends", [e["how"] for e in happened if e["event"] == "end"], ["complete", "complete"])
expect("in order", [e["time"] for e in happened], sorted(e["time"] for e in happened))

# A cut line, a folder that refuses the file: the sweep goes on.
with open("run/events.jsonl", "a") as file:
    file.write('{"time": 1')
run("sweep", "a.yaml", "-o", "run", "seed=[1, 2, 3]")
with open("run/events.jsonl") as file:
    whole = [line for line in file.read().split("\n") if line and line != '{"time": 1']
expect("the cut line stays alone", json.loads(whole[-1])["how"], "complete")
os.remove("run/events.jsonl")
os.mkdir("run/events.jsonl")
done = subprocess.run([PROGRAM, "sweep", "a.yaml", "-o", "run", "seed=[1, 2, 3, 4]"], capture_output=True, text=True)
expect("without events", (done.returncode, "the sweep goes on without it" in done.stderr), (0, True))

# While something is missing: what is left, by what there is.
config = open("run/config.yaml").read()
with open("run/config.yaml", "w") as file:
    file.write(config.replace("seed: {from: 1, to: 4, by: 1}", "seed: {from: 1, to: 40, by: 1}"))
status = json.loads(run("status", "run", "--json", code=75))
expect("left", (status["left"]["points"], status["left"]["low"] <= status["left"]["core_seconds"] <= status["left"]["high"]),
       (72, True))
text = run("status", "run", code=75)
expect("in words", ("\nLeft: " in text, "\nReached: 0.3 bit by " in text), (True, True))

# While it runs: how many workers wait for its last points, and from when. The claim says how many they are; older ones do not.
with open("b.yaml", "w") as file:
    file.write("grid: {seed: [1, 2]}\nmodel: {width: 60}\ndata: {chorales: 10}\nstop: {tau: 1e5, when-learned: false}\n"
               "run: {checkpoint: 0.1}\n")
run("sweep", "b.yaml", "-o", "long", "stop.tau=1")
sweep = subprocess.Popen([PROGRAM, "sweep", "b.yaml", "-o", "long", "seed=[1, 2, 3]"], stderr=subprocess.DEVNULL)
claim = "long/claims/000002"
for _ in range(600):
    if glob.glob("long/checkpoints/*.1"):
        break
    time.sleep(0.1)


def as_if(workers):
    with open(claim) as file:
        lines = [line for line in file if not line.startswith("workers: ")]
    with open(claim, "w") as file:
        file.writelines(lines + [f"workers: {workers}\n"] * (workers is not None))
    return json.loads(run("status", "long", "--json", code=75)), run("status", "long", code=75)


with open(claim) as file:
    expect("the number of workers is kept", "\nworkers: 1\n" in file.read(), True)
alone, said = as_if(1)
expect("alone", (alone["holder"]["workers"], alone["waiting"]["idle"], "1 worker trains to the end at about " in said), (1, 0, True))
few, said = as_if(4)
waiting = few["waiting"]
expect("few", (waiting["workers"], waiting["idle"] + waiting["holding"], waiting["from"] <= waiting["end"]), (4, 4, True))
many, said = as_if(20)
expect("many", (many["waiting"]["idle"], many["waiting"]["from"] < time.time() + 2), (17, True))
expect("many, in words", "; 17 of 20 workers are idle already.\n" in said and "3 points hold the end until about " in said, True)
older, said = as_if(None)
expect("older", ("workers" in older["holder"], "waiting" in older, " workers" in said), (False, False, False))
sweep.kill()
sweep.wait()
gone, said = as_if(20)
expect("nobody waits where nobody works", ("waiting" in gone, "idle" in said), (False, False))
os.chdir("/")
sys.exit(failures > 0)
