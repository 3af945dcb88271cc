# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables in HDF5 give what the same numbers as text give, and are learned in float32 as in float64, whatever their
width; what is wrong with a file is said with its dataset."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from calling import call, content, expect  # noqa: E402

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print(missing)
    sys.exit(77)

SMALL = "width=4 cost.name=square stop.tau=1 data.chorales=2".split()


def values(run):
    with h5py.File(run / "phase-diagram.h5") as file:
        return file["nll"][()].tobytes()


def waves(rows, channels):
    t, k = np.arange(rows)[:, None], np.arange(channels)
    return np.cos(0.7 * t / (k + 1) + k) * (k + 2)


def text_and_hdf5(folder):
    """One table as text, in several places of an HDF5 file, and cut up into a group: the same bits."""
    table = waves(60, 3)
    np.savetxt(folder / "table.csv", table, fmt="%.17g", delimiter=",")
    with h5py.File(folder / "table.h5", "w", userblock_size=512) as file:
        file.create_dataset("a/deep/place", data=table, chunks=(7, 2), compression="gzip", shuffle=True)
        file["big-endian"] = table.astype(">f8")
        for k in range(6):  # 8, 9, 10, ...: the order in which people count
            file[f"pieces/{k + 8}"] = table[10 * k:10 * k + 10]
        file["pieces-of-ten"] = np.int16([[1], [2]])
    with h5py.File(folder / "alone.h5", "w") as file:
        file["alone"] = table
    kinds = {"text": ("data.table=table.csv", "data.length=10"),
             "deep": ("data.table=table.h5", "data.dataset=a/deep/place", "data.length=10"),
             "big": ("data.table=table.h5", "data.dataset=/big-endian", "data.length=10"),
             "group": ("data.table=table.h5", "data.dataset=pieces", "data.length=10"),
             "whole": ("data.table=table.h5", "data.dataset=pieces", "data.length=0"),
             "alone": ("data.table=alone.h5", "data.length=10")}
    found = {}
    for name, words in kinds.items():
        config = folder / f"{name}.yaml"
        config.write_text("data: {source: series}\n")
        words = [word.replace("table=", f"table={folder}/") for word in words]
        call(0, "sweep", config, *SMALL, *words, "data.first=1", "-o", folder / name)
        found[name] = values(folder / name)
    expect(len(set(found.values())) == 1, "the same numbers are learned alike")
    hashes = {content(folder / name)[0] for name in kinds if name != "whole"}
    expect(len(hashes) == 1, "and are the same points, but for another data.length")


def of_both_precisions(folder, channels, *words):
    """Curves and learning times of a layered and of a feed-forward network, in float32 and in float64."""
    run = folder / f"channels-{channels}"
    with h5py.File(folder / f"{channels}.h5", "w") as file:
        t, k = np.arange(120)[:, None], np.arange(channels)
        file["x"] = np.sin(t * (0.15 + 0.05 * (k % 4)) + k) * (1 + k)
    config = folder / f"{channels}.yaml"
    config.write_text(f"""data: {{source: series, table: {channels}.h5, chorales: 3, length: 40}}
grid: {{model.name: [layered-tanh, dense], model.precision: [float32, float64]}}
cost: {{name: square}}
""")
    call(0, "sweep", config, *words, "-o", run)
    with h5py.File(run / "phase-diagram.h5") as file:
        key = [(m.decode(), p.decode()) for m, p in zip(file["model_name"], file["model_precision"])]
        curve, time, steps = dict(zip(key, file["nll"][()])), dict(zip(key, file["learning_time"][()])), set(file["steps"][()])
    for model in ("layered-tanh", "dense"):
        fast, exact = curve[model, "float32"], curve[model, "float64"]
        there = np.isfinite(exact)
        expect(there.any() and np.allclose(fast[there], exact[there], rtol=1e-4), f"{model} of {channels} channels is one in both precisions")
        expect(not np.array_equal(fast[there], exact[there]), f"{model} of {channels} channels runs in float32")
    return time, steps


def series_are_learned(folder):
    time, _ = of_both_precisions(folder, 16, "width=20", "rule.eta=0.05", "stop.tau=100", "observe.thresholds=[0.1, 0.2]")
    for (model, precision), reached in time.items():
        expect(np.isfinite(reached).all() and reached[0] > reached[1], f"{model} in {precision} learns 16 channels: {reached}")
    shown = call(0, "show", folder / "channels-16")
    expect("bit" not in shown and "0.1" in shown, "a mean square error has no bits: " + shown)
    for channels in (1, 2, 15, 17, 64, 65, 127, 1023, 1024):
        _, steps = of_both_precisions(folder, channels, "width=7", "rule.eta=0.0001", "stop.tau=0.0003", "observe.first-tau=0.0001",
                                      "stop.when-learned=false")
        expect(steps == {3}, f"{channels} channels train: {steps}")


def complaint(folder, name, table, dataset, *wanted):
    path = folder / f"{name}.h5"
    with h5py.File(path, "w") as file:
        table(file)
    said(folder, name, path, dataset, *wanted)


def said(folder, name, path, dataset, *wanted):
    config = folder / f"{name}.yaml"
    config.write_text(f"data: {{source: series, table: {path.name}, dataset: '{dataset}', length: 5}}\n")
    for command in ("check", "sweep"):
        text = call(65, command, config, *(("-o", folder / name) if command == "sweep" else ()))
        for word in (str(path), *wanted):
            expect(word in text, f"{command} of {name} says '{word}': {text}")


def put(name, data, **more):
    return lambda file: file.create_dataset(name, data=data, **more)


def both(*makers):
    return lambda file: [maker(file) for maker in makers]


def complaints(folder):
    fine, spoilt = waves(20, 2), waves(20, 2)
    spoilt[7, 1] = np.nan
    complaint(folder, "strings", put("x", np.array([b"a", b"b"])), "", "dataset x holds texts, not numbers")
    complaint(folder, "long-strings", put("x", ["a", "b"], dtype=h5py.string_dtype()), "x", "dataset x holds texts")
    complaint(folder, "complex", put("x", fine + 1j), "x", "dataset x holds records")
    complaint(folder, "bools", put("x", fine > 0), "x", "dataset x holds names of values (such as true and false)")
    complaint(folder, "nan", put("g/x", spoilt), "g", "dataset g/x: row 8, column 2: nan is not finite")
    complaint(folder, "too-large", put("x", 1e39 * fine), "x", "is not finite")
    complaint(folder, "cube", put("x", np.zeros((2, 3, 4))), "x", "dataset x has 3 dimensions")
    complaint(folder, "scalar", put("x", 1.0), "x", "dataset x has 0 dimensions")
    complaint(folder, "null", put("x", h5py.Empty("f")), "x", "dataset x has 0 dimensions")
    complaint(folder, "no-rows", put("x", np.zeros((0, 2))), "x", "dataset x is empty")
    complaint(folder, "no-columns", put("x", np.zeros((9, 0))), "x", "dataset x is empty")
    complaint(folder, "wide", put("x", np.zeros((9, 1025))), "x", "1025 columns", "1 .. 1024")
    complaint(folder, "wider", put("x", np.zeros((9, 1153))), "x", "more than 1152 columns")
    complaint(folder, "huge", lambda file: file.create_dataset("x", (1 << 40, 3), dtype="f4", chunks=(64, 3)), "x", "more than 268435456 numbers")
    complaint(folder, "differ", both(put("g/1", fine), put("g/2", waves(20, 3))), "g", "dataset g/2 has 3 columns, but those before have 2")
    complaint(folder, "short", both(put("g/1", fine), put("g/2", waves(3, 2))), "g", "dataset g/2 has 3 rows, fewer than data.length 5")
    complaint(folder, "nested", both(put("g/1", fine), put("g/2/x", fine)), "g", "g/2 is no dataset")
    complaint(folder, "several", both(put("g", fine), put("h", fine)), "", "data.dataset: ", "must name one (or / for all): g, h")
    complaint(folder, "nothing", lambda file: None, "", "has no datasets")
    complaint(folder, "empty-group", lambda file: file.create_group("g"), "g", "group g is empty")
    complaint(folder, "elsewhere", put("x", fine), "y", "has no dataset or group y")
    complaint(folder, "few", put("x", fine), "x", "has 20 rows, which are 4 sequences of data.length 5, but 5 are asked for")
    whole = (folder / "few.h5").read_bytes()
    (folder / "cut.h5").write_bytes(whole[:len(whole) // 2])
    said(folder, "cut", folder / "cut.h5", "x", "it is damaged, or cut off")
    (folder / "text.h5").write_text("1 2\n3 4\n")
    said(folder, "text", folder / "text.h5", "x", "is not an HDF5 file")


with tempfile.TemporaryDirectory(prefix="ritardando-") as name:
    text_and_hdf5(Path(name))
    series_are_learned(Path(name))
    complaints(Path(name))
