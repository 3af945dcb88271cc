#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members shown in docs/adding.md are whole files that compile without a warning, and export what they are said to."""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent.parent
compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
if not compiler:
    sys.exit(77)
page = (ROOT / "docs" / "adding.md").read_text()
examples = re.findall(r"`src/(\w+)/(\w+)\.c`\n(?:(?!^## ).*\n)*?```c\n((?:.*\n)*?)```", page, re.M)
assert [name for _, name, _ in examples] == ["huber", "signum", "weight_norm"], examples
for family, name, text in examples:
    done = subprocess.run([compiler, "-std=gnu11", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsyntax-only",
                           "-I", ROOT / "include", "-I", ROOT / "src", "-x", "c", "-"],
                          input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"docs/adding.md, {name}:\n{done.stderr}")
    kind = {"observe": "observable"}.get(family, family)
    assert f"\nconst struct rit_{kind} rit_{kind}_{name} = " in text, name
print(f"{len(examples)} examples compile")
