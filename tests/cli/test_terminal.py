#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables, helps and the line of progress follow the width of the terminal: in a narrow one they are printed in more parts or
lines, in a file as ever."""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

PROGRAM = os.environ["RITARDANDO"]
CONFIG = "observe: {thresholds: [.02, .05, .1, .2, .3]}\ngrid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 3}\n"


def terminal(columns):
    try:
        ours, theirs = pty.openpty()
    except OSError as none:  # as in a container without /dev/pts
        print(f"skipped: {none}")
        sys.exit(77)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    return ours, theirs


def first_progress(columns, config, run):
    """The first line of progress that a sweep draws which has been somewhere."""
    ours, theirs = terminal(columns)
    sweep = subprocess.Popen([PROGRAM, "sweep", config, "-o", run], stderr=theirs)
    os.close(theirs)
    text = b""
    while b"/s" not in text or not text.endswith(b"\x1b[K"):
        text += os.read(ours, 1)
    sweep.terminate()
    while sweep.poll() is None:
        try:
            os.read(ours, 65536)
        except OSError:  # its other end is closed
            break
    assert sweep.wait() == 75
    os.close(ours)
    return text.decode().split("\x1b[K")[-2].rstrip("\r")


def printed(columns, *command):
    """What the command prints to a terminal of so many columns."""
    ours, theirs = terminal(columns)
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

    def widest(text):
        return max(map(len, text.splitlines()))

    def words(text):
        return text.split()

    def plain_of(*command):
        return subprocess.run([PROGRAM, *command], check=True, capture_output=True, text=True).stdout

    for command, least in ((["show", run], 87), (["help"], 80), (["help", "sing"], 150)):
        assert widest(plain_of(*command)) >= least, command
        assert printed(400, *command) == plain_of(*command), command
    tables = [line for line in printed(60, "show", run).splitlines() if line.startswith("  ") and "eached" not in line]
    assert widest("\n".join(tables)) <= 60 and sum("width" in line for line in tables) == 2, tables
    assert sum("width" in line for line in printed(1, "show", run).splitlines()) == 3
    assert max(len(line) for line in printed(60, "help").splitlines() if line.startswith("  ")) <= 60
    assert words(printed(60, "help")) == words(plain_of("help"))
    usage = printed(60, "help", "sing").split("\n\n")[0]
    assert widest(usage) <= 60 and words(usage) == words(plain_of("help", "sing").split("\n\n")[0])
    (Path(folder) / "long.yaml").write_text("grid: {seed: [%s]}\ndata: {chorales: 1}\nstop: {tau: 2}\n" % ", ".join(map(str, range(1, 5001))))
    for columns in (50, 300):
        line = first_progress(columns, str(Path(folder) / "long.yaml"), f"{run}-{columns}")
        assert "/5000 done" in line and (len(line) == 49 if columns == 50 else 50 < len(line) < 80), line
