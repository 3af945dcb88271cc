# SPDX-License-Identifier: GPL-3.0-or-later
"""Calling the program, for tests of its commands."""
import os
import subprocess
import sys

PROGRAM = os.environ["RITARDANDO"]


def call(code, *arguments):
    """Run the program, expect an exit code, return what it wrote."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"{arguments}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def expect(condition, what):
    if not condition:
        sys.exit(f"{what}: not so")
