#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/adding.md promises: its examples, put into a copy of the tree, are found by the build and pass the conformance
tests; a wrong sign in one of them turns a test red. And no point that was stored before they came is missing after."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLD = os.environ["RITARDANDO"]
SOURCE, BUILD = Path(os.environ["RITARDANDO_SOURCE"]), Path(os.environ["RITARDANDO_BUILD"])
EXAMPLE = re.compile(r"`src/(\w+)/(\w+)\.c`\n(?:(?!^## ).*\n)*?```c\n((?:.*\n)*?)```", re.M)
TARGETS = ["ritardando", "model_test_gradient", "train_test_members"]
# In which example a sign is turned, and what must notice it.
WRONG = {"huber": ("near ? d :", "near ? -d :", "model_test_gradient"),
         "signum": ("stride->w[i] -=", "stride->w[i] +=", "train_test_members")}


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{command}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def of_cache(name):
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M)
    return [f"-D{name}={found[1]}"] if found and found[1] else []


def passes(build, test):
    return run(next(build.rglob(test))).returncode == 0


examples = {name: (family, text) for family, name, text in EXAMPLE.findall((SOURCE / "docs/adding.md").read_text())}
with tempfile.TemporaryDirectory() as work:
    tree, build = Path(work) / "tree", Path(work) / "build"
    for part in ("src", "cmake", "include", "tests"):
        shutil.copytree(SOURCE / part, tree / part)
    shutil.copy(SOURCE / "CMakeLists.txt", tree)
    for name, (family, text) in examples.items():
        (tree / "src" / family / f"{name}.c").write_text(text)
    options = [option for name in ("CMAKE_C_COMPILER", "CMAKE_C_COMPILER_LAUNCHER", "CMAKE_BUILD_TYPE", "RIT_WERROR")
               for option in of_cache(name)]
    must("cmake", "-S", tree, "-B", build, *options)
    make = ["cmake", "--build", build, "-j2", "--target", *TARGETS]
    must(*make)
    described = must(build / "ritardando", "describe")
    (Path(work) / "grid.yaml").write_text("grid: {width: [3, 4], batch.kind: [full, chorales]}\nbatch: {size: 2}\n"
                                          "data: {chorales: 3}\nstop: {tau: 2}\nobserve: {noise: true}\n")
    must(OLD, "sweep", Path(work) / "grid.yaml", "-o", Path(work) / "run")
    status = must(build / "ritardando", "status", Path(work) / "run")
    assert "4 points:" in status and " 0 missing" in status, status
    for name in examples:
        assert name.replace("_", "-") in described, f"{name} was not found"
    for test in TARGETS[1:]:
        assert passes(build, test), f"{test} fails with the examples of docs/adding.md"
    for name, (right, wrong, test) in WRONG.items():
        family, text = examples[name]
        assert right in text, name
        file = tree / "src" / family / f"{name}.c"
        file.write_text(text.replace(right, wrong))
        must(*make)
        assert not passes(build, test), f"a wrong sign in {name} is not noticed by {test}"
        file.write_text(text)
print(f"{len(examples)} examples are members")
