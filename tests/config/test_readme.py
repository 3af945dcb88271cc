#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""README has a word on every member of every family that `describe` knows."""
import os
import re
import subprocess
import sys
from pathlib import Path

reference = subprocess.run([os.environ["RITARDANDO"], "describe"], capture_output=True, text=True, check=True).stdout
members = re.findall(r"^  # - ([a-z-]+): ", reference, re.M)
source = Path(os.environ["RITARDANDO_SOURCE"])
observables = [path.stem.replace("_", "-") for path in (source / "src/observe").glob("*.c")]
readme = (source / "README.md").read_text()
table = readme[readme.index("## What there is"):readme.index("## Adding to it")]
missing = [name for name in members + observables if f"`{name}`" not in table]
for name in missing:
    print(f"README.md, What there is: no word on {name}")
if len(members) < 20 or len(observables) < 5:
    sys.exit(f"only {len(members)} members and {len(observables)} observables found")
sys.exit(bool(missing))
