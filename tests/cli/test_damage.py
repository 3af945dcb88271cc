# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged journal: every command goes on, the file is kept aside, what the dataset has is taken from it."""
import os
import pathlib
import subprocess
import tempfile

program = os.environ["RITARDANDO"]
config = """grid: {model.width: [4, 6], seed: [1, 2, 3]}
data: {source: composer, chorales: 2}
stop: {tau: 0.2}
"""


def run(*words, code=0):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def content_hash(folder):
    import h5py
    with h5py.File(folder / "phase-diagram.h5") as file:
        hash = file.attrs["content_hash"]
    return hash


with tempfile.TemporaryDirectory() as name:
    here = pathlib.Path(name)
    (here / "sweep.yaml").write_text(config)
    folder = here / "run"
    run("sweep", here / "sweep.yaml", "-o", folder)
    before = content_hash(folder)
    journal = next((folder / "results").glob("*.journal"))
    damaged = bytearray(journal.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    journal.write_bytes(damaged)

    text = run("status", folder, code=75)
    assert "damaged at byte" in text and "1 record is skipped" in text and "1 missing" in text, text
    assert "damaged" in run("verify", folder, "--sample", "1", code=65)
    assert journal.read_bytes() == damaged

    text = run("sweep", here / "sweep.yaml", "-o", folder)  # the dataset beside it is whole
    assert "has 1 of the lost results" in text and "6 of 6 points done, 0 of them now" in text, text
    aside = folder / "results" / "damaged" / (journal.name + ".1")
    assert aside.read_bytes() == damaged and not journal.exists()
    assert content_hash(folder) == before
    assert "damaged" not in run("verify", folder, "--sample", "6")

    journal = next((folder / "results").glob("*.journal"))  # again, and the dataset is lost, too
    damaged = bytearray(journal.read_bytes())
    damaged[100] ^= 1
    journal.write_bytes(damaged)
    (folder / "phase-diagram.h5").unlink()
    text = run("sweep", here / "sweep.yaml", "-o", folder)
    assert "6 of 6 points done, 1 of them now" in text, text
    assert content_hash(folder) == before
    for journal in (folder / "results").glob("*.journal"):  # all of them; the dataset knows everything
        journal.unlink()
    text = run("sweep", here / "sweep.yaml", "-o", folder)
    assert "has 6 of the lost results" in text and "6 of 6 points done, 0 of them now" in text, text
    for journal in (folder / "results").glob("*.journal"):
        journal.write_bytes(b"")
    text = run("sweep", here / "sweep.yaml", "-o", folder)
    assert "6 of 6 points done, 0 of them now" in text and content_hash(folder) == before, text

    (here / "sweep.yaml").write_text(config.replace("3]", "3, 4]"))  # a second journal; then the first is gone
    first = next(f for f in (folder / "results").glob("*.journal") if f.stat().st_size > 0)
    run("sweep", here / "sweep.yaml", "-o", folder)
    first.unlink()
    text = run("sweep", here / "sweep.yaml", "-o", folder)
    assert "has 6 of the lost results" in text and "8 of 8 points done, 0 of them now" in text, text
print("one record lost, taken from the dataset; another lost with it, trained again")
