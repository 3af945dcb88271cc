#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the house, read off the #includes.

A room includes its own headers, the public ones and those of the rooms that src/CMakeLists.txt says it uses.
A linker that finds a symbol anyway (HDF5's header pulls mpi.h in) does not notice; this does.
"""
import os
import re
import sys
from pathlib import Path

SOURCE = Path(os.environ["RITARDANDO_SOURCE"])
FAMILIES = {"source", "task", "model", "cost", "rule", "observe", "limit"}
# From the ground up: a room uses only rooms before it.
ORDER = ["base", "kernel", "slope", "source", "task", "cost", "model", "music", "rule", "observe", "limit", "train", "config", "store", "phase",
         "page", "spectrum", "sweep", "cli"]
# Who may see what of the world.
LIBRARIES = {
    "mpi.h": {"sweep", "spectrum", "cli"},
    "hdf5.h": {"store", "source"},
    "hdf5_hl.h": {"store"},
    "yaml.h": {"config", "source"},
    "Random123/philox.h": {"base"},
    "curl/curl.h": {"source"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)

complaints = []


def rooms_used():
    text = re.sub(r"#.*", "", (SOURCE / "src/CMakeLists.txt").read_text())
    used = {}
    for body in re.findall(r"rit_room\(([^)]*)\)", text):
        name, *rest = body.split()
        used[name] = {word for word in rest if word in ORDER}
    return used


def check_plan(used):
    for room, uses in used.items():
        if room not in ORDER:
            complaints.append(f"src/CMakeLists.txt: room '{room}' has no place in the order of {__file__}")
            continue
        for other in uses:
            if ORDER.index(other) >= ORDER.index(room):
                complaints.append(f"src/CMakeLists.txt: {room} uses {other}, which is not below it")
            if room in FAMILIES and other in FAMILIES:
                complaints.append(f"src/CMakeLists.txt: the families {room} and {other} must not know each other")


def check_file(path, room, used):
    for mark, name in INCLUDE.findall(path.read_text()):
        where = path.relative_to(SOURCE)
        if mark == "<":
            if name in LIBRARIES and room not in LIBRARIES[name]:
                complaints.append(f"{where}: <{name}> is for {', '.join(sorted(LIBRARIES[name]))} only")
            continue
        other = name.split("/")[0]
        if "/" not in name or not (SOURCE / "src" / name).is_file():
            complaints.append(f'{where}: "{name}" is no path from src/')
        elif other != room and other not in used.get(room, set()):
            complaints.append(f"{where}: {room} does not use {other} (src/CMakeLists.txt), so not \"{name}\"")


def check_public(path):
    for mark, name in INCLUDE.findall(path.read_text()):
        if mark == '"' or (name not in STANDARD and not name.startswith("ritardando/")):
            complaints.append(f"{path.relative_to(SOURCE)}: a public header includes only standard and public ones, "
                              f"not {name}")


STANDARD = {"stdbool.h", "stddef.h", "stdint.h"}

used = rooms_used()
check_plan(used)
files = 0
for path in sorted((SOURCE / "src").rglob("*.[ch]")):
    parts = path.relative_to(SOURCE / "src").parts
    check_file(path, parts[0] if len(parts) > 1 else "cli", used)  # src/main.c belongs to cli
    files += 1
for path in sorted((SOURCE / "include").rglob("*.h")):
    check_public(path)
    files += 1

if len(used) < 8 or files < 40:
    complaints.append(f"only {len(used)} rooms and {files} files found: this test looks in the wrong place")
print("\n".join(complaints) or f"{files} files in {len(used)} rooms keep the layers")
sys.exit(bool(complaints))
