#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No circles: whichever files of src/ one takes, there is one among them that needs none of the others.

What a file needs is read off the compiled program, from the names that an object file takes from others; what a header
needs, off its #includes. Layers between rooms are the business of test_layers.py.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE, BUILD = Path(os.environ["RITARDANDO_SOURCE"]), Path(os.environ["RITARDANDO_BUILD"])
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def circles(needs):
    """Groups of nodes that reach each other: what is left when nodes that need nothing, or that nobody needs, are gone."""
    while True:
        needed = {to for row in needs.values() for to in row}
        free = {node for node in needs if not needs[node] or node not in needed}
        if not free:
            return needs
        needs = {node: row - free for node, row in needs.items() if node not in free}


def objects():
    """The object files of the program, by source, with the names that each defines and takes."""
    found = {}
    for path in sorted((BUILD / "src/CMakeFiles").rglob("*.o")):
        parts = path.relative_to(BUILD / "src/CMakeFiles").parts
        name = "/".join(parts[1:])[:-2]  # behind rit_ROOM.dir
        if not (SOURCE / "src" / name).is_file() and not (BUILD / "src" / name).is_file():
            continue  # left over from a file that is no more
        defined, taken = set(), set()
        for line in subprocess.run(["nm", str(path)], capture_output=True, text=True, check=True).stdout.splitlines():
            *_, kind, symbol = line.split()
            if kind == "U":
                taken.add(symbol)
            elif kind in "TDBR":
                defined.add(symbol)
        found[name] = (defined, taken)
    return found


def needs_of_objects(found):
    home = {symbol: name for name, (defined, _) in found.items() for symbol in defined}
    return {name: {home[symbol] for symbol in taken if home.get(symbol, name) != name}
            for name, (_, taken) in found.items()}


def needs_of_headers():
    headers = {str(path.relative_to(root)): path for root in (SOURCE / "src", SOURCE / "include")
               for path in root.rglob("*.h")}
    return {name: {other for other in INCLUDE.findall(path.read_text()) if other in headers and other != name}
            for name, path in headers.items()}


def main():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == {"b": {"c"}, "c": {"b"}}
    assert not circles({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    if not shutil.which("nm"):
        print("nm is missing")
        return 77
    found = objects()
    if "config/grid.c" not in found or len(found) < 100:
        print(f"only {len(found)} object files found below {BUILD}: this test looks in the wrong place")
        return 1
    left = {**circles(needs_of_headers()), **circles(needs_of_objects(found))}
    for name, row in sorted(left.items()):
        print(f"src/{name} is in a circle: it needs {', '.join(sorted(row))}")
    print(f"{len(found)} files, {len(needs_of_headers())} headers, {len(left)} in circles")
    return int(bool(left))


sys.exit(main())
