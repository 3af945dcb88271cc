#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema accepts what the program accepts and refuses what an editor should underline."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-jsonschema python3-yaml)")
    sys.exit(77)

PROGRAM = os.environ["RITARDANDO"]
SOURCE = Path(os.environ["RITARDANDO_SOURCE"])


class Loader(yaml.SafeLoader):
    """YAML 1.2's numbers, as editors read them; PyYAML takes 1e-3 for a text."""


Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"),
                             list("-+.0123456789"))

schema = json.loads(subprocess.run([PROGRAM, "describe", "--schema"], check=True, capture_output=True).stdout)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def accepted(text):
    return validator.is_valid(yaml.load(text, Loader))


failures = 0


def expect(wanted, text, name=None):
    global failures
    if accepted(text) != wanted:
        failures += 1
        print(f"{'accepted' if wanted is False else 'refused'}, wrongly: {name or text}")


configs = sorted((SOURCE / "configs").glob("*.yaml"))
assert len(configs) >= 2, "the committed configs are not where they should be"
for path in configs:
    expect(True, path.read_text(), path.name)
for text in ["{}", "grid: {depth: [1, 2], width: {from: 4, to: 64, count: 5, scale: log}, seed: 3}",
             "grid: {zip: {width: [3, 5], rule.eta: [0.1, 0.1]}}", "grid: {zip: [{width: [3, 5], seed: [1, 2]}]}",
             "rule: {eta: 1e-3}", "observe: {thresholds: [0.01, 0.1]}", "stop:\nrun: {checkpoint: 5}", "seed: 2e3",
             "grid: {rule.eta: [0.1, 0.2], model.precision: [float32, float64], stop.when-learned: [true]}"]:
    expect(True, text)
for text in ["gird: {}", "grid: {depht: [1]}", "grid: {depth: []}", "grid: {depth: [1, 1]}", "grid: {depth: 99}", "grid: {zip: {widht: [1]}}", "grid: {zip: 3}",
             "grid: {seed: {from: 1}}", "grid: {model.precision: {from: 1, to: 2}}", "model: {depth: 31}",
             "model: {depth: 1.5}", "model: {depth: '1'}", "model: {precision: float16}", "rule: {eta: fast}",
             "observe: {thresholds: [0.1, x]}", "stop: {when-learned: 1}", "run: {chekpoint: 3}", "seed: [1]",
             "grid: {observe.thresholds: [[1]]}", "rule: 3", "[]"]:
    expect(False, text)
sys.exit(failures > 0)
