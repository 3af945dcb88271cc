# SPDX-License-Identifier: GPL-3.0-or-later
"""The notebook runs from its first cell to its last on the sweep it names, and its N_c agrees with the analysis."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import ipykernel  # noqa: F401
    import matplotlib  # noqa: F401
    import nbclient
    import nbformat
    import xarray  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing} (python3-nbclient, python3-ipykernel)")
    sys.exit(77)

SOURCE = pathlib.Path(os.environ["RITARDANDO_SOURCE"])
FOLDER = SOURCE / "notebooks"

with tempfile.TemporaryDirectory() as name:
    run = pathlib.Path(name) / "run"
    for command in (["sweep", FOLDER / "physics.yaml", "-o", run], ["analyse", run, "--resamples", "100"]):
        subprocess.run([os.environ["RITARDANDO"], *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.environ.update(RUN=str(run), MPLBACKEND="module://matplotlib_inline.backend_inline", IPYTHONDIR=name, JUPYTER_RUNTIME_DIR=name)
    notebook = nbformat.read(FOLDER / "physics.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "results of cells are not kept in the repository"
    nbclient.NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(FOLDER)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    told = re.search(r"by hand ([\d.-]+); analysis ([\d.]+) \(([\d.]+) \.\. ([\d.]+)\)", "".join(o.get("text", "") for o in outputs))
    assert told, [o["text"] for o in outputs if "text" in o]
    by_hand, n_c, low, high = map(float, told.groups())
    assert low <= n_c <= high and abs(by_hand - n_c) < 3, told.group(0)
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 3, "three figures"
