# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a file system knows no locks, as many a cluster's, sweeps run, commands read and figures find their dataset."""
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import h5py  # noqa: F401
    import matplotlib  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

SHIM = """
#include <errno.h>
#include <stdlib.h>
int flock(int fd, int operation) { (void)fd; (void)operation; errno = atoi(getenv("LOCK_ERROR")); return -1; }
"""
CONFIG = "grid: {width: [2], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 1}\n"
READ = "import common, sys; print(common.Run(sys.argv[1]).count)"
program, source = os.environ["RITARDANDO"], pathlib.Path(os.environ["RITARDANDO_SOURCE"])


def run(code, *command, **environment):
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, **environment))
    if done.returncode != code:
        sys.exit(f"{command}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    pathlib.Path("shim.c").write_text(SHIM)
    pathlib.Path("config.yaml").write_text(CONFIG)
    try:
        run(0, "cc", "-shared", "-fPIC", "-o", "shim.so", "shim.c")
    except FileNotFoundError:
        print("skipped: no cc")
        sys.exit(77)
    sanitized = b"libasan" in pathlib.Path(program).read_bytes()  # such a program must be loaded before any other
    for error in "37", "524":  # ENOLCK; ENOTSUPP, which has no name in user space
        locks = {"LD_PRELOAD": str(pathlib.Path("shim.so").resolve()), "LOCK_ERROR": error}
        figures = dict(locks, PYTHONPATH=str(source / "analysis"))
        for command in ("sweep", "config.yaml", "-o"), ("sweep", "config.yaml", "-o"), ("status",), ("show",):
            run(0, program, *command, error, **({} if sanitized else locks))
        count = run(0, sys.executable, "-c", READ, error, **figures)
        if count != "2\n":
            sys.exit(f"the figures see {count!r} points")
