#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables follow the width of the terminal: in a narrow one they are printed in more parts, in a file as ever."""
import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios
from pathlib import Path

PROGRAM = os.environ["RITARDANDO"]
CONFIG = "grid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 3}\n"


def printed(columns, *command):
    """What the command prints to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen([PROGRAM, *command], stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the terminal's other end is closed
            piece = b""
        if not piece:
            break
        text += piece
    os.close(ours)
    assert process.wait() == 0
    return text.decode().replace("\r\n", "\n")


def rows(text):
    return [line for line in text.splitlines() if line.startswith("|")]


with tempfile.TemporaryDirectory() as folder:
    run = str(Path(folder) / "run")
    (Path(folder) / "tiny.yaml").write_text(CONFIG)
    subprocess.run([PROGRAM, "sweep", str(Path(folder) / "tiny.yaml"), "-o", run], check=True, stderr=subprocess.DEVNULL)
    command = ["analyse", run, "--resamples", "100"]
    plain = rows(subprocess.run([PROGRAM, *command], check=True, capture_output=True, text=True).stdout)
    narrow, wide = rows(printed(60, *command)), rows(printed(400, *command))
    assert max(map(len, narrow)) <= 60 < max(map(len, plain)) <= 110, (max(map(len, narrow)), max(map(len, plain)))
    assert len(wide) <= len(plain) < len(narrow), (len(wide), len(plain), len(narrow))
    assert max(map(len, rows(printed(1, *command)))) < 60
