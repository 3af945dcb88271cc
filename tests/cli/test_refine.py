#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a section `refine` is said in a sentence, where it stands; and what check, plan and status say."""
import json
import os
import subprocess
import sys
import tempfile

PROGRAM = os.environ["RITARDANDO"]
failures = 0


def tell(text, *words):
    with open("a.yaml", "w") as file:
        file.write(text)
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def expect(what, good):
    global failures
    if not good:
        failures += 1
        print(what)


def refused(text, *sentences):
    code, said = tell(text, "check", "a.yaml")
    wanted = [f"ritardando: a.yaml:{sentence}" for sentence in sentences]
    expect(f"{text}\n{said}wanted {wanted}", code == 65 and said.splitlines() == wanted)


folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
WIDTHS = "refine: {by: width, from: 2, to: 9}\n"

refused("refine: {by: wdth, from: 2, to: 9}", "1:14: unknown key 'wdth' in refine.by (did you mean 'width'?)")
refused("refine: {by: eta, from: 2, to: 9}", "1:14: unknown axis 'eta' (did you mean 'rule.eta'?)")
refused("refine: {by: run.keep, from: 2, to: 9}", "1:14: run.keep cannot be an axis: it changes no result")
refused("refine: {by: rule.name, from: 2, to: 9}", "1:14: rule.name is no number, and has no border")
for key in ("seed", "stop.tau", "observe.first-tau"):
    refused(f"refine: {{by: {key}, from: 2, to: 9}}",
            f"1:14: {key} decides nothing about what is learned: refine goes along an axis such as width")
refused("refine: {by: width, from: 2, to: 9}\nlimit: {name: tangent}\nmodel: {parametrisation: ntk, recurrent-init: haar,"
        " readout-init: gaussian, orthogonal: none}", "1:14: model.width has no values to choose with limit.name: tangent")
refused("refine: {by: batch.size, from: 2, to: 9}", "1:14: batch.size has no meaning with this batch.kind")
refused("refine: {by: width, from: 9, to: 2}", "1:27: a range ascends: `from` is below `to`")
refused("refine: {by: width, from: 9, to: 9}", "1:27: a range ascends: `from` is below `to`")
refused("refine: {by: width, from: 9}", "1:14: refine needs `from` and `to`, the range of model.width")
refused("refine: {by: width, to: 9}", "1:14: refine needs `from` and `to`, the range of model.width")
refused("refine: {by: width, from: 0, to: 9}", "1:27: the range of model.width is within 1 .. 4096")
refused("refine: {by: width, from: 2, to: 5000}", "1:34: the range of model.width is within 1 .. 4096")
refused("refine: {by: width, from: 2.5, to: 9}", "1:27: model.width has whole numbers only")
for word in ("inf", "nan", "many"):
    refused(f"refine: {{by: width, from: 2, to: {word}}}", f"1:34: refine.to: '{word}' is not a number")
refused("refine: {from: 2, to: 9}", "1:16: refine.from has a meaning only with refine.by",
        "1:23: refine.to has a meaning only with refine.by")
refused("refine: {learns: below}", "1:18: refine.learns has a meaning only with refine.by")
refused("refine: {by: width, from: 2, to: 9, learns: sideways}",
        "1:45: refine.learns: 'sideways' is not known here; choose from above, below")
for error in ("0", "2", "-1"):
    refused(f"refine: {{by: width, from: 2, to: 9, error: {error}}}",
            f"1:44: refine.error: {error} is outside the allowed range 0.001 .. 1")
refused("refine: {by: width, from: 2, to: 9, core-hours: -1}",
        "1:49: refine.core-hours: -1 is outside the allowed range 0 .. 1e9")
refused("refine: {by: width, from: 2, to: 9, hours: 1}",
        "1:37: unknown key 'hours' in section 'refine'; known are by, from, to, learns, error, core-hours")
refused("refine: {by: width, from: 2, from: 3, to: 9}", "1:30: refine.from is given twice")
refused("refine: width", "1:9: 'refine' must be a section: keys with values")
for grid in ("{width: [1, 2]}", "{depth: [1], width: [1, 2]}", "{zip: {depth: [1, 2], width: [3, 4]}}"):
    column = 1 + f"grid: {grid}".index("width")
    refused(f"{WIDTHS}grid: {grid}",
            f"2:{column}: 'width' cannot be an axis of the grid beside refine, which chooses its values")
for key in ("seed", "stop.tau"):
    refused(f"{WIDTHS}grid: {{{key}: [1, 2]}}",
            f"2:8: '{key}' cannot be an axis of the grid beside refine, which chooses its values")
refused(f"{WIDTHS}model: {{width: 2}}", "2:9: model.width is given here, but refine chooses its values; drop one")
refused(f"{WIDTHS}observe: {{learning-time: false}}", "1:14: refine needs observe.learning-time: true")
refused(f"{WIDTHS}stop: {{when-learned: false}}", "1:14: refine needs stop.when-learned: true")
refused(f"{WIDTHS}run: {{keep: none}}",
        "1:14: refine lets runs go on from their kept end states: run.keep cannot be none")

DATA = "data: {source: composer, chorales: 1}\nobserve: {thresholds: [0.3]}\nstop: {tau: 20}\n"
zipped = "grid: {zip: {depth: [1, 2], rule.eta: [0.1, 0.05]}}\n" + WIDTHS + DATA
code, said = tell(zipped, "check", "a.yaml")
expect(said, code == 0 and "6 points so far" in said and "2  1, 2  (zipped)" in said and
       "on 2 lines, values of width from 2 to 9" in said and "stop.tau              1" not in said)
code, said = tell(zipped, "plan", "a.yaml", "refine.core-hours=3", "refine.error=0.1")
expect(said, code == 0 and "known to 10 % at every threshold or 3 core-hours are spent" in said)
code, said = tell(zipped, "check", "a.yaml", "refine.by=chorales")
expect(said, code == 65 and "data.chorales is given here, but refine chooses its values" in said)
code, said = tell(WIDTHS + DATA, "sweep", "a.yaml", "-o", "run", "--share", "1/2")
expect(said, code == 64 and "--share: refine decides the next points of a line by all of its results" in said)

code, said = tell(WIDTHS + DATA, "sweep", "a.yaml", "-o", "run", "refine.error=0.5")
expect(said, code == 0 and "complete" in said)
status = json.loads(tell(WIDTHS + DATA, "status", "run", "--json")[1])
refined = status["refine"]
expect(refined, refined["by"] == "width" and len(refined["lines"]) == 1)
line = refined["lines"][0]
expect(line, line["line"] == "all" and line["over"] and line["runs"] == status["points"] and
       line["borders"][0]["bits"] == 0.3)
said = tell(WIDTHS + DATA, "status", "run")[1]
expect(said, f"refine: all: {line['runs']} runs at {line['values']} values of width" in said and
       line["borders"][0]["state"] in said)
for words in (["analyse", "run"], ["show", "run", "--csv"], ["report", "run"], ["verify", "run"]):
    code, said = tell(WIDTHS + DATA, *words)
    expect(f"{words}: {said}", code == 0)

# A line that is at its end without a border says on which side of it everything was.
code, said = tell("refine: {by: width, from: 2, to: 8}\ndata: {source: composer, chorales: 3}\n"
                  "observe: {thresholds: [0.001, 0.4]}\nstop: {tau: 8}\n", "sweep", "a.yaml", "-o", "short")
said = tell(WIDTHS + DATA, "status", "short")[1]
expect(said, "threshold 0.001: no border yet; none learned in the range before stop.tau: a longer one or a wider range might" in said
       and "threshold 0.4: no border yet; all values learn: it is beyond the range" in said)

# Other axes, along which networks learn below the border; a budget that the first round uses up.
BELOW = "data: {source: composer}\nobserve: {thresholds: [0.15]}\nstop: {tau: 40}\n"
for name, refine, rest in (("rule.eta", "from: 0.01, to: 2", "model: {width: 16}\n"),
                           ("rule.temperature", "from: 1.0e-5, to: 0.1",
                            "model: {width: 16, orthogonal: none}\nrule: {name: langevin, eta: 0.1}\n"),
                           ("chorales", "from: 1, to: 12", "model: {width: 12}\nrule: {eta: 0.1}\n")):
    text = f"refine: {{by: {name}, {refine}, learns: below, error: 0.3}}\n{rest}{BELOW}"
    if name != "chorales":
        text = text.replace("composer}", "composer, chorales: 1}")
    code, said = tell(text, "sweep", "a.yaml", "-o", name)
    expect(said, code == 0)
    border = json.loads(tell(text, "status", name, "--json")[1])["refine"]["lines"][0]["borders"][0]
    expect(f"{name}: {border}", border["state"] == "as exact as wanted" and 0 < border["error"] < 0.3 * border["border"])
    # `analyse` has the same border, along the same axis; where all learn it is beyond the highest value.
    code, said = tell(text, "analyse", name, "--json")
    found = json.loads(said)["data_vars"]
    expect(f"{name}: {said}", code == 0 and abs(found["n_c"]["data"][0] - border["border"]) < 1e-9 * border["border"] and
           found["n_c_low"]["data"][0] < border["border"] < found["n_c_high"]["data"][0])
    variable = {"rule.eta": "rule_eta", "rule.temperature": "rule_temperature"}.get(name, name)
    expect(f"{name}: file", os.path.exists(f"{name}/phase-analysis-{variable}.h5"))
    said = tell(text, "analyse", name)[1]
    expect(f"{name}: {said}", f"Critical {variable} N_c, 1/tau = a (N_c - {variable})^z: learned below" in said)
    said = tell(text, "analyse", name, "--size", "seed")[1] + tell(text, "analyse", name, "--learned", "beside")[1]
    expect(said, "'seed' is no size" in said and "--learned: 'beside' is not known here; choose from above, below" in said)
    expect(f"{name}: no table of widths", "Critical widths so far" not in tell(text, "status", name)[1])
    tell(text, "report", name)
    with open(f"{name}/report.html") as file:
        expect(f"{name}: the page has the borders", f"Critical {variable} N_c" in file.read())
    code, said = tell(text, "sweep", "a.yaml", "-o", f"{name}-short", "refine.core-hours=1e-6")
    line = json.loads(tell(text, "status", f"{name}-short", "--json")[1])["refine"]["lines"][0]
    expect(f"{name}: {line}", code == 0 and (line["runs"], line["over"]) == (3, True) and
           line["borders"][0]["state"] == "the core-hours are spent")
os.chdir("/")
sys.exit(failures > 0)
