# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps under mpirun, for the tests that start, stop and kill them."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from calling import PROGRAM, mpirun

try:
    import h5py
except ImportError:
    print("skipped: /usr/bin/python3 has no h5py")
    sys.exit(77)

ENVIRONMENT = dict(os.environ, OMPI_MCA_rmaps_base_oversubscribe="1")
# A plain mpirun: with a longer timeout it waits that long before it asks its ranks to stop, and again before it kills them.
ENVIRONMENT.pop("OMPI_MCA_odls_base_sigkill_timeout", None)
if os.getuid() == 0:
    ENVIRONMENT.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
# MPI's own leaks are not ours; the same code is checked for leaks without MPI.
ENVIRONMENT["ASAN_OPTIONS"] = ENVIRONMENT.get("ASAN_OPTIONS", "") + ":detect_leaks=0"


MPIRUN = mpirun()


def need_open_mpi():
    """For tests of what its mpirun does on signals, with --enable-recovery and to ranks that die."""
    if MPIRUN == ["mpirun"]:
        print("skipped: no Open MPI, whose mpirun this is about")
        sys.exit(77)


class Folder:
    """A fresh folder that is removed at the end of a `with`."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="ritardando-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def __call__(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text):
        with open(self(name), "w") as file:
            file.write(text)
        return self(name)


class Sweep:
    """One start of a sweep, in a session of its own. ranks=0: without a launcher."""

    def __init__(self, config, run, ranks=3, recovery=False, arguments=()):
        command = [PROGRAM, "sweep", config, "-o", run, *arguments]
        if ranks > 0:
            command = [*MPIRUN, *(["--enable-recovery"] if recovery else []), "-n", str(ranks)] + command
        self.run = run
        handle, self.log = tempfile.mkstemp(prefix="ritardando-log-")
        self.process = subprocess.Popen(command, stdout=handle, stderr=handle, stdin=subprocess.DEVNULL,
                                        env=ENVIRONMENT, start_new_session=True)
        os.close(handle)

    def pids(self):
        """Process numbers by rank, of the ranks that are up and alive."""
        found = {}
        for entry in os.listdir("/proc"):
            try:
                if not entry.isdigit() or os.getsid(int(entry)) != self.process.pid:
                    continue
                with open(f"/proc/{entry}/stat") as file:
                    if file.read().rsplit(")", 1)[1].split()[0] in "ZX":
                        continue
                with open(f"/proc/{entry}/comm") as file:
                    if file.read().strip() != os.path.basename(PROGRAM)[:15]:
                        continue
                with open(f"/proc/{entry}/environ", "rb") as file:
                    for line in file.read().split(b"\0"):
                        if line.startswith(b"OMPI_COMM_WORLD_RANK="):
                            found[int(line.split(b"=")[1])] = int(entry)
            except (OSError, ValueError, IndexError):
                continue  # gone in between
        return found

    def output(self):
        with open(self.log) as file:
            return file.read()

    def __del__(self):
        os.remove(self.log)

    def wait_for(self, what, seconds=60):
        """Wait until what() is true; False if the sweep ended before."""
        until = time.monotonic() + seconds
        while not what():
            if self.process.poll() is not None:
                return False
            assert time.monotonic() < until, f"nothing happened for {seconds} s:\n{self.output()}"
            time.sleep(0.01)
        return True

    def is_up(self):
        """Whether the master has made its plan: everybody is up, or about to be."""
        return "results in " in self.output()

    def is_training(self):
        """Whether besides some point has been trained for so long that it has a checkpoint."""
        folder = os.path.join(self.run, "checkpoints")
        return self.is_up() and os.path.isdir(folder) and len(os.listdir(folder)) > 0

    def send(self, number):
        self.process.send_signal(number)

    def kill(self, rank):
        """kill -9 of one rank, or of mpirun for -1. False if there is none."""
        pid = self.process.pid if rank < 0 else self.pids().get(rank)
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def finish(self, seconds=120):
        """Exit code, after all ranks are gone too."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            text = self.output()
            self.end()
            raise AssertionError(f"no end after {seconds} s:\n{text}")
        until = time.monotonic() + 30
        while self.pids() and time.monotonic() < until:
            time.sleep(0.02)
        left = self.pids()
        self.end()
        assert not left, f"ranks outlived their sweep: {left}\n{self.output()}"
        return code

    def end(self):
        """Leave nothing behind, whatever happened: only what this object started."""
        for pid in [self.process.pid, *self.pids().values()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def content_hash(run):
    with h5py.File(os.path.join(run, "phase-diagram.h5"), "r") as file:
        value = file.attrs["content_hash"]
        return value.decode() if isinstance(value, bytes) else str(value)


def status(run, *arguments):
    """Exit code and text of `ritardando status`."""
    done = subprocess.run([PROGRAM, "status", run, *arguments], capture_output=True, text=True, env=ENVIRONMENT)
    return done.returncode, done.stdout + done.stderr


def run_all(tests):
    """Run the functions, each with its name; the first failure ends it all."""
    for test in tests:
        began = time.monotonic()
        with Folder() as folder:
            test(folder)
        print(f"{test.__name__}: {time.monotonic() - began:.1f} s", flush=True)
