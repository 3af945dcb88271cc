#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sing: the same bits again; a learned chorale goes on; MIDI, scores and JSON say the same notes to other readers."""
import json
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
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


# What of MusicXML is used: every element with its children in the order that its DTD asks for; those in brackets may be missing.
ORDER = {
    "score-partwise": "work identification part-list part", "work": "work-title", "identification": "encoding", "encoding": "software",
    "part-list": "score-part", "score-part": "part-name score-instrument midi-instrument", "score-instrument": "instrument-name",
    "midi-instrument": "midi-program", "part": "measure", "attributes": "divisions key time clef", "key": "fifths mode",
    "time": "beats beat-type", "clef": "sign line", "direction": "direction-type [sound]", "direction-type": "[words] [metronome]",
    "metronome": "beat-unit per-minute", "note": "[pitch] [rest] duration [tie] voice type [notations]", "pitch": "step [alter] octave",
    "notations": "tied"}
WHITE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def check_order(element):
    """The element is a sequence of the children that it may and must have."""
    children = [child.tag for child in element]
    if element.tag == "measure":
        expect(set(children) <= {"attributes", "direction", "note"}, f"a measure of {children}")
    else:
        rest = list(children)
        for name in ORDER.get(element.tag, "").split():
            found = name.strip("[]")
            expect("[" in name or rest[:1] == [found], f"{element.tag} has a {found}: {children}")
            while rest[:1] == [found]:
                rest.pop(0)
        expect(not rest, f"{element.tag} has {children}")
    for child in element:
        check_order(child)


def read_musicxml(text):
    """The rows of MIDI notes of a score in quarters, and its fifths."""
    root = xml.fromstring(text)
    check_order(root)
    rows, fifths = {}, set()
    parts = [part.get("id") for part in root.find("part-list")]
    expect([part.get("id") for part in root.findall("part")] == parts, "every part is listed")
    for part in root.findall("part"):
        now = 0
        for number, measure in enumerate(part, 1):
            expect(measure.get("number") == str(number), "measures are counted")
            fifths |= {int(key.text) for key in measure.iter("fifths")}
            divisions = int(part.find(".//divisions").text)
            for note in measure.findall("note"):
                pitch, length = note.find("pitch"), int(note.find("duration").text)
                if pitch is not None:
                    midi = 12 * (int(pitch.find("octave").text) + 1) + WHITE[pitch.find("step").text] + int(pitch.findtext("alter", "0"))
                    expect(length == divisions and note.findtext("type") == "quarter", "quarters are sung again")
                    rows.setdefault(now // divisions, []).append(midi)
                now += length
            expect(now == 4 * divisions * number, "a measure has four quarters")
    return [sorted(rows.get(t, [])) for t in range(max(rows) + 1)], fifths


def read_midi_with_mido(path):
    """(begin, end, note) in quarters, of all tracks."""
    import mido
    file = mido.MidiFile(path)
    heard = []
    for track in file.tracks:
        now, on = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on":
                expect(not on, "one note a voice")
                on[message.note] = now
            elif message.type == "note_off":
                heard.append((on.pop(message.note) / file.ticks_per_beat, now / file.ticks_per_beat, message.note))
        expect(not on, "every note ends")
    expect(abs(file.length - 0.8 * max(end for _, end, _ in heard)) < 1e-9, f"75 quarters a minute: {file.length} s")
    return sorted(heard)


def read_midi_with_midicsv(path):
    """The same by another reader, strictly."""
    done = subprocess.run(["midicsv", path], capture_output=True, text=True)
    expect(done.returncode == 0 and not done.stderr, done.stderr)
    heard, on = [], {}
    for line in done.stdout.splitlines():
        track, time, event, *more = [field.strip() for field in line.split(",")]
        if event == "Header":
            quarter = int(more[2])
        elif event == "Note_on_c":
            on[track, more[1]] = int(time)
        elif event == "Note_off_c":
            heard.append((on.pop((track, more[1])) / quarter, int(time) / quarter, int(more[1])))
        elif event == "Key_signature":
            expect(more[1] in ('"major"', '"minor"') and -6 <= int(more[0]) <= 5, f"a key: {line}")
    expect(not on, "every note ends")
    return sorted(heard)


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

    # A start from MIDI, by the number of a sequence, and by its name.
    (folder / "b.json").write_text(json.dumps({"train": [songs[1]], "valid": [], "test": []}))
    (folder / "b.mid").write_bytes(sing("mid", "--start", folder / "b.json", "--original", "--steps", 99)[0])
    expect(rows("--start", folder / "b.mid", "--original", "--steps", 99) == songs[1], "a MIDI file is what it was made of")
    expect(rows("--start", folder / "b.mid", "--most-likely", "--steps", 16) == songs[1], "a start from a MIDI file")
    expect(rows("--start", "chorale 1", "--most-likely", "--steps", 16) == songs[1], "a chorale by its name")
    expect(b"b.mid, sung by" in sing("abc", "--start", folder / "b.mid")[0], "its title says from what")

    def refused(code, words, *arguments):
        said = call(code, "sing", run, *arguments)
        expect(words in said and said.count("\n") == 1, f"{arguments}: {said}")

    def bad_file(code, words, name, content):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        refused(code, words, point, "--start", folder / name)

    refused(64, "no point of the run fits", "seed 3")
    refused(64, "2 points fit", "width 20")
    refused(64, "--force: '0'", point, "--force", 0)
    refused(64, "--force: 30 rows are to be forced", point, "--force", 30)
    refused(64, "--start: give the number of a sequence, or a file", point, "--start", "")
    refused(64, "--start: '1000001'", point, "--start", 1000001)
    refused(74, "chorale x", point, "--start", "chorale x")
    bad_file(65, "97", "high.json", '{"train": [[[60], [97]]], "valid": [], "test": []}')
    bad_file(65, "empty.json: ", "empty.json", '{"train": [], "valid": [], "test": []}')
    bad_file(65, "row", "none.json", '{"train": [[]], "valid": [], "test": []}')
    bad_file(65, "nothing.json:1:1: ", "nothing.json", "")
    bad_file(65, "no note sounds in the 8 rows of silent.json", "silent.json", json.dumps([[[]] * 9 + [[60]]]))
    bad_file(64, "--force: 8 rows are to be forced, but short.json has only 2", "short.json", "[[[60], [62]]]")
    midi = (folder / "b.mid").read_bytes()
    bad_file(65, "begins with a chunk 'MThd'", "nothing.mid", b"")
    bad_file(65, "begins with a chunk 'MThd'", "text.mid", "no music")
    bad_file(65, "byte ", "cut.mid", midi[:len(midi) // 2])
    bad_file(65, "format 2 is not read", "two.mid", midi[:9] + b"\2" + midi[10:])
    bad_file(65, "not counted in parts of a quarter", "frames.mid", midi[:12] + b"\xe7\x28" + midi[14:])
    low = midi.replace(b"\x90\x4a", b"\x90\x1e").replace(b"\x80\x4a", b"\x80\x1e")
    bad_file(65, "its notes 30..", "low.mid", low)
    refused(74, "missing.json", point, "--start", folder / "missing.json")
    refused(65, "has 3 chorales, but 10 are asked for", point, "--start", 9)
    refused(64, "--temperature: '-1'", point, "--temperature", -1)
    expect("take one of them" in call(64, "sing", run, point, "--most-likely", "--threshold", 0.5), "one way of singing")
    refused(64, "must end in .mid", point, "-o", folder / "song.wav")
    grown = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(CONFIG.replace("seed: [1, 2]", "seed: [1, 2, 3]"))
    (run / "bach.json").write_text((folder / "bach.json").read_text())
    refused(65, "is not finished yet", "seed 3")
    (run / "config.yaml").write_text(grown)

    # Scores: a song in G major, with a leading note to its dominant.
    tonic = [[43, 59, 67, 74], [54, 60, 69, 74], [43, 59, 67, 71], [45, 61, 69, 76], [50, 57, 66, 74], [43, 59, 67, 74]] * 2
    (folder / "g.json").write_text(json.dumps({"train": [tonic], "valid": [], "test": []}))
    abc = sing("abc", "--start", folder / "g.json", "--original")[0].decode()
    expect("\nK:G\n" in abc and abc.count("^") == abc.count("^C") == 2, f"a key, and one spelling of C sharp: {abc}")
    read, fifths = read_musicxml(sing("musicxml", "--start", folder / "g.json", "--original")[0])
    expect(read == [sorted(row) for row in tonic] and fifths == {1}, "MusicXML is the notes and the key")
    said = call(0, "sing", run, point, "--start", folder / "g.json", "--original")
    expect("C#4" in said and "F#4" in said and "Db" not in said and "Gb" not in said, said)
    read, _ = read_musicxml(sing("musicxml", "--temperature", 2)[0])
    drawn = rows("--temperature", 2)
    expect(read == drawn[:len(read)] and not any(drawn[len(read):]), "MusicXML and JSON are the same notes")
    score = sing("musicxml", "--most-likely", "--steps", 40)[0].decode()
    expect(score.count("<words>sings</words>") == 1, "it says where the network goes on alone")
    abc = sing("abc", "--most-likely", "--steps", 40)[0].decode()
    expect('"^sings"' in abc and abc.count("|]") == 4 and "%%score [(1 2) (3 4)]" in abc, abc)
    if shutil.which("abcm2ps"):
        done = subprocess.run(["abcm2ps", folder / "song.abc", "-O", folder / "song.ps"], capture_output=True, text=True)
        expect(done.returncode == 0 and "rror" not in done.stdout + done.stderr, done.stdout + done.stderr)

    # MIDI by two readers.
    sing("mid", "--temperature", 2)
    wanted = sorted((t, t + 1, note) for t, row in enumerate(drawn) for note in row)
    missing = []
    try:
        expect(read_midi_with_mido(folder / "song.mid") == wanted, "mido hears the notes of the JSON")
    except ImportError:
        missing.append("python3-mido")
    if shutil.which("midicsv"):
        expect(read_midi_with_midicsv(folder / "song.mid") == wanted, "midicsv reads the notes of the JSON")
    else:
        missing.append("midicsv")
if missing:
    print(f"skipped in part: {' and '.join(missing)} are not there")
    sys.exit(77)
print("sing: MIDI, MusicXML, ABC and JSON agree")
