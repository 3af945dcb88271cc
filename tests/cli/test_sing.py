#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sing: the same bits again; a learned chorale goes on; MIDI, ABC and JSON say the same notes to other readers."""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from calling import call, expect  # noqa: E402

CONFIG = """
grid: {width: [20], seed: [1, 2]}
data: {source: chorales, file: bach.json, chorales: 2}
rule: {eta: 0.1}
observe: {thresholds: [0.004]}
stop: {tau: 60}
"""


def chorale(k):
    return [[50 + (t * (k + 2)) % 5, 57 + (t + k) % 7, 66 + (3 * t + k) % 6, 74 + t % 4] for t in range(24)]


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    songs = [chorale(k) for k in range(3)]
    (folder / "bach.json").write_text(json.dumps({"train": songs, "valid": [], "test": []}))
    (folder / "grid.yaml").write_text(CONFIG)
    run, point = folder / "run", "seed 1"
    call(0, "sweep", folder / "grid.yaml", "-o", run)

    def sing(ending, *options):
        out = folder / f"song.{ending}"
        said = call(0, "sing", run, point, *options, "-o", out)
        return out.read_bytes(), said

    def rows(*options):
        return json.loads(sing("json", *options)[0])["train"][0]

    learned = rows("--most-likely", "--steps", 16)
    expect(learned == songs[0], "a learned chorale is gone on with to its end")
    expect(rows("--start", 1, "--most-likely", "--steps", 16) == songs[1], "the other one, too")
    expect("as the original for 16 of the 16" in sing("abc", "--most-likely", "--steps", 16)[1], "and it is said")
    untrained = rows("--at", 0, "--most-likely", "--steps", 16)
    expect(untrained[:8] == songs[0][:8] and untrained[8:] == [[]] * 16, "an untrained network finds silence most likely")
    drawn = rows("--temperature", 3)
    expect(len(drawn) == 72 and drawn == rows("--temperature", 3), "the same seed sings the same")
    expect(drawn != rows("--temperature", 3, "--seed", 2), "another seed another song")
    expect(max(map(len, drawn)) <= 4, "at most as many voices as the data")
    expect(max(map(len, rows("--temperature", 3, "--voices", 2)[8:])) <= 2, "at most so many voices")
    expect(max(len(row) for row in rows("--threshold", 0.001, "--voices", 0)[8:]) >= 4, "by threshold")
    expect(rows("--original", "--steps", 99) == songs[0], "the original itself")
    (folder / "start.json").write_text(json.dumps({"train": [songs[1][:9]], "valid": [], "test": []}))
    expect(rows("--start", folder / "start.json", "--most-likely", "--steps", 16) == songs[1], "a start from a file")

    # Our own reader of MIDI, and its reader of JSON.
    (folder / "songs").mkdir()
    (folder / "songs" / "a.mid").write_bytes(sing("mid", "--temperature", 2)[0])
    (folder / "a.json").write_bytes(sing("json", "--temperature", 2)[0])
    sums = []
    for source in ("source: midi, midi: songs, lowest: 43, slots: 54", "source: piano-rolls, rolls: a.json, lowest: 43, slots: 54"):
        config = folder / "again.yaml"
        config.write_text(f"grid: {{width: [4]}}\ndata: {{{source}, chorales: 1}}\nstop: {{tau: 1}}\n")
        call(0, "sweep", config, "-o", folder / source[8:12])
        sums.append(call(0, "sing", folder / source[8:12], "width 4", "--original", "--steps", 64).splitlines()[:-1])
    expect(sums[0] == sums[1][:len(sums[0])], "MIDI and JSON are the same notes to our readers")

    def refused(code, words, *arguments):
        said = call(code, "sing", run, *arguments)
        expect(words in said and said.count("\n") == 1, f"{arguments}: {said}")

    (folder / "high.json").write_text('{"train": [[[60], [97]]], "valid": [], "test": []}')
    (folder / "empty.json").write_text('{"train": [], "valid": [], "test": []}')
    refused(64, "no point of the run fits", "seed 3")
    refused(64, "2 points fit", "width 20")
    refused(64, "--force: '0'", point, "--force", 0)
    refused(64, "--force: 30 rows are to be forced", point, "--force", 30)
    refused(65, "97", point, "--start", folder / "high.json")
    refused(65, "empty.json: ", point, "--start", folder / "empty.json")
    refused(74, "none.json", point, "--start", folder / "none.json")
    refused(65, "has 3 chorales, but 10 are asked for", point, "--start", 9)
    refused(64, "--temperature: '-1'", point, "--temperature", -1)
    expect("take one of them" in call(64, "sing", run, point, "--most-likely", "--threshold", 0.5), "one way of singing")
    refused(64, "must end in .mid", point, "-o", folder / "song.wav")

    abc = sing("abc", "--most-likely", "--steps", 40)[0].decode()
    expect('"^sings"' in abc and abc.count("|]") == 4 and "%%score [(1 2) (3 4)]" in abc, abc)
    if shutil.which("abcm2ps"):
        done = subprocess.run(["abcm2ps", folder / "song.abc", "-O", folder / "song.ps"], capture_output=True, text=True)
        expect(done.returncode == 0 and "rror" not in done.stdout + done.stderr, done.stdout + done.stderr)
    sing("mid", "--temperature", 2)
    try:
        import mido
    except ImportError:
        print("mido is not there")
        sys.exit(77)
    file = mido.MidiFile(folder / "song.mid")
    heard = {}
    for track in file.tracks:
        now, on = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on":
                expect(not on, "one note a voice")
                on[message.note] = now
            elif message.type == "note_off":
                expect(now - on.pop(message.note) == file.ticks_per_beat, "a quarter each")
                heard.setdefault(now // file.ticks_per_beat - 1, []).append(message.note)
    expect([sorted(heard.get(t, [])) for t in range(72)] == rows("--temperature", 2), "mido hears the notes of the JSON")
print("sing: MIDI, ABC and JSON agree")
