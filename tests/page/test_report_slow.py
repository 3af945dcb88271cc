# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a run in a real browser: it opens from a file without an error, a field is picked, its curves are drawn, its song
is shown and heard; a run without results, or still going on, has one too."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ["RITARDANDO_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests"))
from calling import PROGRAM, call, expect  # noqa: E402

CONFIG = """grid: {depth: [1, 2], width: [2, 3, 4, 6, 8], seed: [1, 2]}
data: {source: composer, chorales: 1}
observe: {thresholds: [0.05, 0.1, 0.2], aging: true, waiting-times: [2, 4], noise: true, song: true, song-rows: 12}
stop: {tau: 60}
"""

# What a reader does, and what stands there afterwards, told in the title of the page.
READER = """
<script>
const said = [];
addEventListener("error", (e) => said.push(e.message));
</script>
"""
ACTS = """
<script>
const all = (s) => document.querySelectorAll(s);
const before = all(".pixel.chosen").length;
const wanted = all(".pixel")[5].getAttribute("aria-label");
all(".pixel")[5].dispatchEvent(new MouseEvent("click", {bubbles: true}));
const found = {ready: document.body.dataset.ready, before, wanted, chosen: all(".pixel.chosen").length && all(".pixel.chosen")[0].getAttribute("aria-label"),
  curves: [...all("#picked .curve")].map((p) => p.getAttribute("d").length), pixels: all(".pixel").length,
  heads: [...all("section:not([hidden]) h2")].map((h) => h.textContent), tables: all("#tables table").length};
const singing = [...all(".pixel")].find((p) => { p = [...all(".pixel")].find((q) => q.getAttribute("aria-label") === p.getAttribute("aria-label"));
  p.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true})); return all(".play").length; });
found.plays = all(".play").length;
found.scores = [...all(".score svg")].map((s) => s.querySelectorAll(".abcjs-note").length);
found.sung = [...all("#singing .sung")].map((p) => p.getAttribute("d").length);
const against = [...all("#critical select")].find((s) => /temperature/.test(s.textContent));
if (against) { against.value = against.length - 1; against.dispatchEvent(new Event("change")); }
found.temperature = against ? document.querySelector("#critical figure").textContent : "";
found.keys = [score.abc([[43, 59, 67, 74], [54, 60, 69, 74], [43, 59, 67, 71], [45, 61, 69, 76], [50, 57, 66, 74], [43, 59, 67, 74]]), score.abc([[57, 60, 64], [56, 59, 64], [57, 60, 64], [62, 65, 69], [63, 66, 71]])];
found.fits = document.documentElement.scrollWidth <= document.documentElement.clientWidth;
if (found.plays) all(".play")[0].click();
setTimeout(() => { found.audio = document.body.dataset.audio; found.playing = all(".play[data-playing]").length; found.said = said;
  document.title = "FOUND" + JSON.stringify(found) + "END"; }, 400);
</script>
"""


def browser():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def look(page, folder, *more):
    """Open a copy of the page in which a reader acts; what was found there."""
    text = page.read_text(encoding="utf-8")
    acted = folder / "acted.html"
    acted.write_text(text.replace("<header>", READER + "<header>", 1).replace("</body>\n</html>", ACTS + "</body>\n</html>"), encoding="utf-8")
    done = subprocess.run([browser(), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=4000",
                           "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={folder}/profile", *more, "--dump-dom",
                           acted.as_uri()], capture_output=True, text=True, timeout=100)
    expect("CONSOLE" not in done.stderr, f"no word on the console, but {[x for x in done.stderr.splitlines() if 'CONSOLE' in x]}")
    told = re.search(r"<title>FOUND(.*?)END</title>", done.stdout, re.DOTALL)
    expect(told, f"the page told what there is: {done.stdout[-400:]} {done.stderr[-400:]}")
    return json.loads(told.group(1).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))


def check_self_contained(page):
    text = page.read_text(encoding="utf-8")
    frame = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.DOTALL)
    expect(not re.search(r"\b(src|href)=", frame) and "@import" not in text and "@@" not in frame, "nothing is loaded from elsewhere")


def leave_song(run):
    """A song of the first point with what it was begun with, and one that `sing` writes."""
    first = re.search(r"\b[0-9a-f]{16}\b", call(0, "show", run, "--identities")).group(0)
    said = call(0, "sing", run, first, "--most-likely", "--steps", 20, "--page")
    expect(said.count("\n") == 1 and "20 sung" in said, f"a song for the page, and one line: {said}")
    left = json.loads((run / "songs" / f"{first}.json").read_text())
    expect(left["forced"] == 8 and len(left["song"]) == 28 == len(left["original"]) and left["song"][:8] == left["original"][:8], f"beside its original: {left}")
    expect("take one of them" in call(64, "sing", run, first, "--page", "--original"), "the original is beside it already")
    call(0, "sing", run, first, "-o", run / "songs" / f"{first}-sung.json")


def check_whole(folder):
    (folder / "a.yaml").write_text(CONFIG)
    run = folder / "run <b>&"
    call(0, "sweep", folder / "a.yaml", "-o", run)
    leave_song(run)
    expect(call(0, "report", run).strip() == f"{run}/report.html", "the command names the page")
    page = run / "report.html"
    check_self_contained(page)
    expect(page.stat().st_size < 1_500_000, "a small page")
    if not browser():
        return
    found = look(page, folder)
    expect(found["ready"] == "1" and found["said"] == [] and found["pixels"] == 10, f"it draws itself: {found}")
    expect(found["chosen"] == found["wanted"] and len(found["curves"]) == 2 and min(found["curves"]) > 50, f"a picked field has its curves: {found}")
    expect({"Phase diagram", "Inverse learning times", "Critical width", "Aging", "Tables"} <= set(found["heads"]), f"all parts: {found}")
    expect(found["tables"] >= 2, f"tables: {found}")
    expect(found["plays"] == 3 and len(found["scores"]) == 3 and min(found["scores"]) > 5, f"a song and its score: {found}")
    expect(len(found["sung"]) >= 4 and min(found["sung"]) > 5, f"what they sing against their NLL: {found}")
    expect("rate times the gradient noise" in found["temperature"], f"N_c against the temperature: {found}")
    major, minor = found["keys"]
    expect("K:G\n" in major and "^F" not in major and "^C" in major, f"a score in G: {major}")
    expect("K:Am\n" in minor and "^G" in minor and "^D" in minor and "_" not in minor, f"a score in A minor: {minor}")
    expect(found["fits"] and look(page, folder, "--window-size=390,844")["fits"], "it fits its window, a telephone's too")
    expect(found["audio"] == "running" and found["playing"] == 1, f"it is heard: {found}")


def check_unfinished(folder):
    """Before the first result, and without learning times."""
    run = folder / "begun"
    (folder / "b.yaml").write_text(CONFIG.replace("tau: 30", "tau: 1000000").replace("chorales: 1", "chorales: 50"))
    begun = subprocess.Popen([PROGRAM, "sweep", folder / "b.yaml", "-o", run], stderr=subprocess.PIPE, text=True)
    while not (run / "config.yaml").exists() or not (run / "claims").exists():
        expect(begun.poll() is None, "the sweep runs")
        time.sleep(0.1)
    page = pathlib.Path(call(0, "report", run, "-o", folder / "begun.html").strip())
    begun.terminate()
    begun.communicate()
    expect("Running: process" in page.read_text(encoding="utf-8"), "who is at it")
    (folder / "c.yaml").write_text("grid: {width: [3, 4]}\nobserve: {learning-time: false}\ndata: {source: composer, chorales: 1}\nstop: {tau: 2}\n")
    call(0, "sweep", folder / "c.yaml", "-o", folder / "bare")
    bare = pathlib.Path(call(0, "report", folder / "bare").strip())
    if browser():
        for odd in (page, bare):
            shown = subprocess.run([browser(), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=2000",
                                    f"--user-data-dir={folder}/profile", "--dump-dom", odd.as_uri()], capture_output=True, text=True, timeout=100)
            expect("CONSOLE" not in shown.stderr and 'data-ready="1"' in shown.stdout, f"an odd page opens: {shown.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        expect("no such folder" in call(74, "report", folder / "nowhere"), "a run that is not there")
        check_whole(folder)
        (folder / "run <b>&" / "songs" / "0123456789.json").write_text("</script>")
        expect("not a song" in call(65, "report", folder / "run <b>&"), "what is no song is refused")
        check_unfinished(folder)
    if not browser():
        print("skipped in part: there is no chromium to open the page with")
        sys.exit(77)


main()
