#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only one source knows stands only there: chorales, their 54 slots and notes are unknown to the rooms below.

Names that people type or read (keys, dimensions of the dataset) are string literals and stay as they are.
"""
import os
import re
import sys
from pathlib import Path

SOURCE = Path(os.environ["RITARDANDO_SOURCE"])
ROOMS = ["include/ritardando", "src/base", "src/kernel", "src/slope", "src/task", "src/cost", "src/model", "src/rule", "src/observe",
         "src/train"]
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
FORBIDDEN = re.compile(r"chorale|RIT_SLOTS|RIT_LOWEST_NOTE|(?<![\w.])(?:54|55)(?![\w.])", re.I)
ALLOWED = {"src/base/exact.c": "k > 54",            # an exponent
           "src/model/layered/haar.h": "Notices AMS 54"}  # a volume

complaints = []
for room in ROOMS:
    for path in sorted((SOURCE / room).rglob("*.[ch]")):
        where = str(path.relative_to(SOURCE))
        for number, line in enumerate(path.read_text().splitlines(), 1):
            text = LITERAL.sub('""', line)
            if where in ALLOWED:
                text = text.replace(ALLOWED[where], "")
            if FORBIDDEN.search(text):
                complaints.append(f"{where}:{number}: {line.strip()}")
if complaints:
    sys.exit("\n".join(complaints))
