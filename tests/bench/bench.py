# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine against the core's peak and against PyTorch, measured alternately; see docs/performance.md.

    bench.py BUILD [--rounds N] [--json FILE] [--only N_L,N_h] [--no-torch]

BUILD holds tests/bench_engine. The chorales are those of RITARDANDO_DATA, or else composed ones. Prints a table
and writes everything as JSON. To be exact it wants a quiet machine.
"""
import argparse
import glob
import json
import os
import platform
import subprocess
import sys
import tempfile
import time

import numpy as np

GRID = [(1, 25), (2, 30), (1, 100), (2, 70), (2, 90), (5, 60), (2, 200), (5, 300)]
MODES = [("full, 20 chorales", 20, 0), ("10 of 20 chorales", 20, 10), ("1 of 20 chorales", 20, 1),
         ("full, 200 chorales", 200, 0)]


def find_blas():
    """PyTorch on Debian runs on any BLAS; a good user has OpenBLAS. Restart with it if it is there but not chosen."""
    folders = glob.glob("/usr/lib/*/openblas-*") + glob.glob("/opt/openblas*")
    extra = os.environ.get("BENCH_BLAS")
    folders = ([extra] if extra else []) + sorted(folders, key=lambda f: "serial" not in f)
    if folders and folders[0] not in os.environ.get("LD_LIBRARY_PATH", ""):
        os.environ["LD_LIBRARY_PATH"] = folders[0]
        os.execv(sys.executable, [sys.executable] + sys.argv)


def blas_in_use():
    with open("/proc/self/maps") as maps:
        names = {line.split()[-1] for line in maps if "blas" in line}
    return "OpenBLAS" if any("openblas" in n for n in names) else "reference BLAS" if names else "unknown"


class Engine:
    def __init__(self, build, cpu):
        self.process = subprocess.Popen([os.path.join(build, "tests", "bench_engine")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))

    def send(self, *words):
        self.process.stdin.write(" ".join(str(w) for w in words) + "\n")
        self.process.stdin.flush()

    def receive(self):
        answer = self.process.stdout.readline().split()
        if not answer:
            sys.exit("bench: the engine has stopped")
        return answer

    def ask(self, *words):
        self.send(*words)
        return self.receive()

    def numbers(self, *words):
        return [float(x) for x in self.ask(*words)]

    def open(self, depth, width, chorales, kind="full", size=10, first=0, eta=0.01, extra=()):
        source = "chorales" if os.environ.get("RITARDANDO_DATA") else "composer"
        pairs, p, weights, isa = self.ask(
            "open", f"data.source={source}", f"data.first={first}", f"data.chorales={chorales}",
            f"model.depth={depth}", f"model.width={width}", f"batch.kind={kind}", f"batch.size={size}",
            f"rule.eta={eta}", *extra)
        return int(pairs), int(p), int(weights), isa


def steps_for(seconds_of, wanted):
    """How many steps make a round of about `wanted` seconds."""
    return max(1, int(wanted / max(min(seconds_of(1) for _ in range(3)), 1e-6)))


def sgemm(n=1024):
    """GFLOP/s of one large float32 matrix product by the BLAS under PyTorch: what a core does in earnest."""
    import torch
    if not hasattr(sgemm, "of"):
        sgemm.of = torch.rand(n, n), torch.rand(n, n), torch.empty(n, n)
    a, b, c = sgemm.of
    start = time.thread_time()
    torch.mm(a, b, out=c)
    return 2e-9 * n ** 3 / (time.thread_time() - start)


def quartiles(values):
    return [float(np.percentile(values, q)) for q in (25, 50, 75)]


def cross_check(engine, torch_net, block, folder, depth, width, weights):
    """Largest difference of the engine's gradient from PyTorch's in float64, over the largest element."""
    import torch
    path = os.path.join(folder, "gradient")
    loss = engine.numbers("gradient", path)[0]
    both = np.fromfile(path)
    w, g = both[:weights], both[weights:]
    exact_loss, exact = torch_net.gradient(block, depth, width, w, torch.float64)
    assert abs(loss / exact_loss - 1) < 1e-5, (loss, exact_loss)
    difference = float(np.abs(g - exact).max() / np.abs(exact).max())
    assert difference < 1e-4, difference
    return w, difference


def measure(engine, torch_net, folder, depth, width, mode, chorales, size, rounds):
    kind = "chorales" if size else "full"
    pairs, p, weights, isa = engine.open(depth, width, chorales, kind, size or 10)
    row = {"depth": depth, "width": width, "mode": mode, "pairs": pairs, "isa": isa}
    trainer = None
    if torch_net:
        path = os.path.join(folder, "block")
        engine.ask("data", path)
        block = torch_net.Block(path)
        w, row["gradient_difference"] = cross_check(engine, torch_net, block, folder, depth, width, weights)
        trainer = torch_net.Trainer(block, depth, width, w, size)
    n = steps_for(lambda k: engine.numbers("steps", k)[0], 0.1)
    m = steps_for(trainer.seconds, 0.2) if trainer else 0
    own, other, peak, blas, dense, executed = [], [], [], [], [], []
    for _ in range(rounds):
        peak.append(engine.numbers("peak")[0])
        if trainer:
            blas.append(sgemm())
        seconds, all_flops, made = engine.numbers("steps", n)
        own.append(seconds / n)
        dense.append(all_flops / seconds / 1e9)
        executed.append(made / seconds / 1e9)
        if trainer:
            other.append(trainer.seconds(m) / m)
    noise = [engine.numbers("noise", n)[0] / n for _ in range(3)]
    row.update(ms_per_step=1e3 * quartiles(own)[1], ms_per_step_quartiles=[1e3 * q for q in quartiles(own)],
               ms_per_epoch=1e3 * quartiles(own)[1] * (p / size if size else 1), gflops=quartiles(dense)[1],
               gflops_executed=quartiles(executed)[1], peak=quartiles(peak)[1],
               percent_of_peak=100 * float(np.median(np.array(dense) / peak)),
               percent_executed=100 * float(np.median(np.array(executed) / peak)),
               noise_percent=100 * (min(noise) / min(own) - 1))
    if trainer:
        ratio = np.array(other) / own
        row.update(sgemm=quartiles(blas)[1], percent_of_sgemm=100 * float(np.median(np.array(dense) / blas)),
                   torch_ms_per_step=1e3 * quartiles(other)[1], torch_over_own=float(np.median(ratio)),
                   torch_over_own_quartiles=quartiles(ratio))
    return row


def line(row):
    text = (f"{row['depth']:2d} {row['width']:4d}  {row['mode']:<19s} {row['ms_per_step']:9.3f} {row['ms_per_epoch']:9.2f} "
            f"{row['gflops']:7.1f} {row['percent_of_peak']:6.1f} {row['gflops_executed']:7.1f} "
            f"{row['percent_executed']:6.1f} {row['noise_percent']:6.1f}")
    if "torch_over_own" in row:
        low, middle, high = row["torch_over_own_quartiles"]
        text += f" {row['percent_of_sgemm']:7.0f} {row['torch_ms_per_step']:10.2f} {middle:6.1f} [{low:.1f} {high:.1f}]  {row['gradient_difference']:.0e}"
    return text


HEAD = ("N_L  N_h  batch                 ms/step  ms/epoch   GF/s   %peak  GF/s ex %peak  +noise% %sgemm   torch ms  ratio "
        "[quartiles]  gradient")


def reference_point(engine, torch_net, folder, rounds):
    """N_L=2, N_h=70, 80 chorales, batches of 300 time points: physics.md's reference; and what goes with it."""
    first = 100 if os.environ.get("RITARDANDO_DATA") else 0
    pairs = engine.open(2, 70, 80, "time-points", 300, first)[0]
    n = steps_for(lambda k: engine.numbers("steps", k)[0], 0.2)
    rows = []
    for _ in range(rounds):
        peak = engine.numbers("peak")[0]
        seconds, dense, executed = engine.numbers("steps", n)
        rows.append((1e3 * seconds / n, dense / seconds / 1e9, executed / seconds / 1e9, peak))
    ms, dense, executed, peak = np.median(rows, axis=0)
    nll = min(engine.numbers("nll", 3)[0] for _ in range(5)) / 3
    noise = min(engine.numbers("noise", n)[0] for _ in range(3)) / n
    retract = min(engine.numbers("retract", 2)[0] for _ in range(5)) / 2
    found = {"pairs": pairs, "ms_per_step": ms, "ms_per_step_quartiles": quartiles([r[0] for r in rows]),
             "gflops": dense, "gflops_executed": executed, "peak": peak,
             "percent_of_peak": 100 * float(np.median([r[1] / r[3] for r in rows])),
             "percent_executed": 100 * float(np.median([r[2] / r[3] for r in rows])),
             "noise_percent": 100 * (1e3 * noise / min(r[0] for r in rows) - 1), "ms_per_evaluation": 1e3 * nll, "ms_per_retraction": 1e3 * retract,
             "retraction_percent": 100 * retract * 1e3 / (200 * ms)}
    # 32 measurements a decade of tau; from tau = 10 on at eta = 0.01 a decade is at least 9000 steps.
    found["evaluation_percent"] = 100 * 32 * nll * 1e3 / (9000 * ms)
    if torch_net:
        path = os.path.join(folder, "block")
        engine.ask("data", path)
        block = torch_net.Block(path)
        w = cross_check(engine, torch_net, block, folder, 2, 70, engine.open(2, 70, 80, "full", 1, first)[2])[0]
        trainer = torch_net.Trainer(block, 2, 70, w, 0)
        found["torch_full_ms_per_step"] = 1e3 * float(np.median([trainer.seconds(1) for _ in range(rounds)]))
    return found


AGING = "observe.waiting-times=[0.1,0.2,0.3,0.4,0.5]"


def aging(build, cpu, rounds):
    """What observers add to a step of the reference point, in percent of it, once five waiting times have begun.

    The overlap of outputs is left out: it is two forward sweeps a lag, of which there are 16 a decade.
    """
    first = 100 if os.environ.get("RITARDANDO_DATA") else 0
    found = {}
    for kind, size in (("time-points", 300), ("chorales", 5), ("chorales", 20)):
        engines = {}
        for name, settings in (("plain", ()), ("noise", ("observe.noise=true",)),
                               ("aging", ("observe.aging=true", "observe.aging-outputs=false", AGING))):
            engines[name] = Engine(build, cpu)
            engines[name].open(2, 70, 80, kind, size, first, extra=("stop.tau=1e6",) + settings)
            engines[name].ask("train", 100)
        n = steps_for(lambda k: engines["plain"].numbers("train", k)[0], 0.2)
        seconds = {name: [] for name in engines}
        for _ in range(rounds):
            for name, engine in engines.items():
                seconds[name].append(engine.numbers("train", n)[0])
        for engine in engines.values():
            engine.process.stdin.close()
        found[f"{size} {kind}"] = {name: quartiles(100 * (np.array(seconds[name]) / seconds["plain"] - 1))
                                   for name in ("noise", "aging")}
    return found


def as_rolls(engine, slots, path):
    """Random rolls of four notes a row, as many and as long as the chorales of the engine's block."""
    engine.ask("data", path)
    with open(path, "rb") as file:
        file.seek(16)
        sequences, _ = np.fromfile(file, np.int32, 2)
        lengths = np.diff(np.fromfile(file, np.int32, sequences + 1)) + 1
    random = np.random.default_rng(1)
    rolls = [[sorted(random.choice(slots, 4, replace=False).tolist()) for _ in range(n)] for n in lengths]
    with open(path, "w") as file:
        json.dump({"slots": slots, "lowest": 0, "train": rolls, "valid": [], "test": []}, file)


def ratio_of_steps(engines, rounds):
    """Quartiles of the time of a step of the second engine over that of the first, measured alternately."""
    counts = [steps_for(lambda k: engine.numbers("steps", k)[0], 0.2) for engine in engines]
    ratios = []
    for _ in range(rounds):
        first, second = (engine.numbers("steps", n)[0] / n for engine, n in zip(engines, counts))
        ratios.append(second / first)
    return quartiles(ratios)


def wide_rolls(build, cpu, folder, rounds):
    """Time of a step per slot, of piano rolls of 88 slots over that of chorales of 54; at most 1 is aimed at."""
    chorales, rolls = Engine(build, cpu), Engine(build, cpu)
    path, found = os.path.join(folder, "rolls.json"), {}
    for depth, width in GRID[:6]:
        chorales.open(depth, width, 20)
        as_rolls(chorales, 88, path)
        rolls.open(depth, width, 20, extra=("data.source=piano-rolls", f"data.rolls={path}"))
        found[f"{depth} {width}"] = [ratio * 54 / 88 for ratio in ratio_of_steps((chorales, rolls), rounds)]
    for engine in (chorales, rolls):
        engine.process.stdin.close()
    return found


def dense(build, cpu, rounds):
    """Time of a step of feed-forward networks in float64, the plain driver, over that in the float32 kernels."""
    fast, plain = Engine(build, cpu), Engine(build, cpu)
    found = {}
    for depth, width in ((0, 1), (1, 25), (2, 100)):
        for engine, precision in ((fast, "float32"), (plain, "float64")):
            engine.open(depth, width, 20, extra=("model.name=dense", f"model.precision={precision}"))
        found[f"{depth} {width}"] = ratio_of_steps((fast, plain), rounds)
    for engine in (fast, plain):
        engine.process.stdin.close()
    return found


def two_cores(build, cpus, rounds):
    """Time of a step of one net alone on a core, over that of two nets on two cores; 1 is perfect."""
    if len(cpus) < 2:
        return None
    pair = [Engine(build, cpu) for cpu in cpus[:2]]
    for engine in pair:
        engine.open(2, 70, 20)
    n = steps_for(lambda k: pair[0].numbers("steps", k)[0], 0.5)
    ratios = []
    for _ in range(rounds):
        alone = [engine.numbers("steps", n)[0] for engine in pair]
        for engine in pair:
            engine.send("steps", n)
        both = [float(engine.receive()[0]) for engine in pair]
        ratios.append(max(b / a for a, b in zip(alone, both)))
    for engine in pair:
        engine.process.stdin.close()
    return quartiles(ratios)


def describe_machine():
    with open("/proc/cpuinfo") as info:
        model = next((x.split(":")[1].strip() for x in info if x.startswith("model name")), platform.processor())
    caches = []
    for path in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*/")):
        level, kind, size = (open(path + x).read().strip() for x in ("level", "type", "size"))
        caches.append(f"L{level} {kind.lower()} {size}")
    return {"cpu": model, "cores": os.cpu_count(), "caches": caches, "system": platform.platform()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", default="bench.json")
    parser.add_argument("--only", help="one network, as N_L,N_h")
    parser.add_argument("--no-torch", action="store_true")
    options = parser.parse_args()
    torch_net = None
    if not options.no_torch:
        find_blas()
        import torch
        import torch_net
        torch.set_num_threads(1)
    cpus = sorted(os.sched_getaffinity(0), reverse=True)
    os.sched_setaffinity(0, {cpus[0]})
    found = {"machine": describe_machine(), "rows": []}
    if torch_net:
        found["machine"]["torch"] = f"{torch.__version__}, {blas_in_use()}"
    engine = Engine(options.build, cpus[0])
    grid = [tuple(int(x) for x in options.only.split(","))] if options.only else GRID
    print(json.dumps(found["machine"]))
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for depth, width in grid:
            for mode, chorales, size in MODES:
                rounds = options.rounds if chorales * width <= 20000 else max(3, options.rounds // 2)
                row = measure(engine, torch_net, folder, depth, width, mode, chorales, size, rounds)
                found["rows"].append(row)
                print(line(row), flush=True)
        found["rolls_of_88_over_chorales_per_slot"] = wide_rolls(options.build, cpus[0], folder, options.rounds)
        found["reference_point"] = reference_point(engine, torch_net, folder, options.rounds)
    engine.process.stdin.close()
    found["observers_add_percent"] = aging(options.build, cpus[0], options.rounds)
    found["dense_float64_over_float32"] = dense(options.build, cpus[0], options.rounds)
    os.sched_setaffinity(0, set(cpus))
    found["two_nets_on_two_cores"] = two_cores(options.build, cpus, options.rounds)
    found["when"] = time.strftime("%Y-%m-%d")
    for name in ("reference_point", "rolls_of_88_over_chorales_per_slot", "observers_add_percent",
                 "dense_float64_over_float32", "two_nets_on_two_cores"):
        print(name, json.dumps(found[name]))
    with open(options.json, "w") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
