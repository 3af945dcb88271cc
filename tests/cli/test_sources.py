# SPDX-License-Identifier: GPL-3.0-or-later
"""What users have trains: a folder of MIDI files, a piano roll of 88 slots; and what is wrong with a file is said."""
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from calling import call, content, expect  # noqa: E402


def midi(chords, ticks=480):
    """A MIDI file of format 0 with a chord for each quarter note."""
    events = b""
    for chord in chords:
        events += b"".join(bytes([0, 0x90, note, 80]) for note in chord)
        waits = [bytes([0x80 | ticks >> 7, ticks & 0x7F])] + [b"\0"] * (len(chord) - 1)
        events += b"".join(wait + bytes([0x80, note, 0]) for wait, note in zip(waits, chord))
    events += b"\0\xff\x2f\0"
    return b"MThd\0\0\0\6\0\0\0\1" + ticks.to_bytes(2, "big") + b"MTrk" + len(events).to_bytes(4, "big") + events


def piece(k, low, span):
    return [[low + (5 * t + k) % span, low + (3 * t * k + t) % span] for t in range(12)]


def sweep(code, folder, name, data):
    config = folder / f"{name}.yaml"
    config.write_text(f"grid: {{width: [6, 9]}}\ndata: {data}\nstop: {{tau: 2}}\n")
    return call(code, "sweep", config, "-o", folder / name)


with tempfile.TemporaryDirectory(prefix="ritardando-") as name:
    folder = Path(name)
    songs = folder / "songs"
    songs.mkdir()
    for k in range(3):
        (songs / f"{k}.mid").write_bytes(midi(piece(k, 48, 30)))
    sweep(0, folder, "midi", "{source: midi, midi: songs, chorales: 3}")
    expect(content(folder / "midi")[1:] == (2, 2), "both points of a folder of MIDI files are there")

    # The same pieces as a roll of the same slots are the same block: so are the results but for the source's name.
    (folder / "same.json").write_text(json.dumps([piece(k, 48, 30) for k in range(3)]))
    sweep(0, folder, "same", "{source: piano-rolls, rolls: same.json, chorales: 3}")
    import h5py
    losses = []
    for run in ("midi", "same"):
        with h5py.File(folder / run / "phase-diagram.h5") as file:
            losses.append(file["nll"][()].tobytes())
    expect(losses[0] == losses[1], "MIDI and JSON of the same pieces are learned alike")

    (folder / "wide.json").write_text(json.dumps({"lowest": 21, "slots": 88, "train": [piece(k, 21, 88) for k in range(5)]}))
    sweep(0, folder, "wide", "{source: piano-rolls, rolls: wide.json, chorales: 5}")
    expect(content(folder / "wide")[1] == 2, "88 slots train")

    whole = (songs / "1.mid").read_bytes()
    (songs / "1.mid").write_bytes(whole[:-20])
    text = sweep(65, folder, "cut", "{source: midi, midi: songs, chorales: 3}")
    expect(f"songs/1.mid: byte {len(whole) - 20}: the file ends 20 bytes before" in text, "a cut file is named: " + text)
    text = sweep(74, folder, "none", "{source: midi, midi: nowhere, chorales: 3}")
    expect("nowhere: No such file or directory" in text, "a missing folder is named: " + text)
    text = sweep(65, folder, "nothing", "{source: midi}")
    expect("data.midi: the source midi needs a file or a folder" in text, "a missing key is named: " + text)

    # What a member refuses belongs to the plan: neither command begins, and both say which point.
    config = folder / "refused.yaml"
    config.write_text("grid: {model.name: [dense, layered-tanh], rule.name: [sgd, langevin]}\nstop: {tau: 1}\n")
    for command, more in (("check", ()), ("sweep", ("-o", folder / "refused"))):
        text = call(65, command, config, *more)
        expect("langevin is for free weights" in text and "(at model.name layered-tanh, rule.name langevin)" in text, command + " refuses: " + text)
    expect(not (folder / "refused").exists(), "nothing of a refused sweep is there")
