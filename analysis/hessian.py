#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spectra of large matrices that `ritardando spectrum` has written: density of the eigenvalues of either sign, with the bulk's
limits, and how the ratios of neighbouring spacings are distributed, beside GOE and Poisson.

    analysis/hessian.py above.h5 below.h5 -o FOLDER --labels '5 chorales: learned' '20 chorales: stuck'"""
import argparse
import pathlib

from common import COLOURS, GREY, PANEL, np, plt

GOE, POISSON = 0.5307, 0.3863
BINS = 16


class Spectrum:
    """What is in one file."""

    def __init__(self, path, label):
        import h5py  # what is drawn of runs needs it not

        with h5py.File(path) as file:
            self.values = file["eigenvalue"][()]
            self.unit = file["eigenvalue"].attrs.get("unit_name", "1")
            self.facts = {name: file[name][()] for name in file if file[name].shape == ()}
            self.of = file.attrs["of"]
        self.label = label or pathlib.Path(path).stem

    def bulk(self):
        """Eigenvalues between the outliers and beyond the floor: those whose spacings count."""
        v, floor = self.values, self.facts["floor"]
        return v[(v >= self.facts["bulk_low"]) & (v <= self.facts["bulk_high"]) & (abs(v) > floor)]

    def ratios(self):
        """min/max of neighbouring spacings on either side of zero, levels that a symmetry makes equal once."""
        found, least = [np.zeros(0)], 2.0 ** -40 * abs(self.values).max()
        bulk = self.bulk()
        for side in (bulk[bulk < 0], bulk[bulk > 0]):
            gap = np.diff(side)
            gap = gap[gap > least]
            found.append(np.minimum(gap[1:], gap[:-1]) / np.maximum(gap[1:], gap[:-1]))
        return np.concatenate(found)


def density(ax, spectrum):
    """Eigenvalues a decade of modulus."""
    values, floor = spectrum.values, spectrum.facts["floor"]
    top = abs(values).max()
    edges = np.logspace(np.floor(np.log10(floor)), np.ceil(np.log10(top) * 4) / 4, int(8 * np.log10(top / floor)))
    width = np.diff(np.log10(edges))
    for side, colour, name in ((values[values > floor], COLOURS[0], "positive"), (-values[values < -floor], COLOURS[3], "negative")):
        if len(side):
            ax.stairs(np.histogram(side, edges)[0] / width, edges, color=colour, label=f"{name}, {len(side)}")
    beyond = int(spectrum.facts["outliers_above"])
    ax.axvspan(spectrum.facts["bulk_high"], top, color=GREY, alpha=0.15, lw=0, label=f"outliers, {beyond}")
    ax.set_xscale("log")
    ax.set_xlabel(f"|eigenvalue| [{spectrum.unit}]")
    ax.set_ylabel("eigenvalues a decade")
    ax.set_title(f"{spectrum.label}; {int(spectrum.facts['null'])} within the floor", fontsize=10.5)
    ax.legend(loc="upper left")


def surmise(r):
    """Density of r for three levels of GOE and of Poisson, r from 0 to 1."""
    return 27 / 4 * (r + r * r) / (1 + r + r * r) ** 2.5, 2 / (1 + r) ** 2


def spacings(ax, spectra):
    r = np.linspace(0, 1, 200)
    for shape, style, name in zip(surmise(r), ("-", "--"), (f"GOE, {GOE}", f"Poisson, {POISSON}")):
        ax.plot(r, shape, style, color=GREY, label=name)
    for i, spectrum in enumerate(spectra):
        found = spectrum.ratios()
        mean, error = found.mean(), found.std(ddof=1) / np.sqrt(len(found))
        count, edges = np.histogram(found, BINS, (0, 1))
        ax.errorbar((edges[1:] + edges[:-1]) / 2, count * BINS / len(found), np.sqrt(count) * BINS / len(found), fmt="os^D"[i % 4],
                    color=COLOURS[i % len(COLOURS)], capsize=2,
                    label=f"{spectrum.label}, {mean:.3f} $\\pm$ {error:.3f}")
    ax.set_xlabel("ratio $r$ of neighbouring spacings")
    ax.set_ylabel("density")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 2.9)
    ax.legend(title="mean of $r$", loc="upper right")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="F.h5")
    parser.add_argument("--labels", nargs="+", default=[])
    parser.add_argument("-o", dest="out", default=".", help="folder of the figure")
    chosen = parser.parse_args()
    labels = chosen.labels + [None] * len(chosen.files)
    spectra = [Spectrum(path, label) for path, label in zip(chosen.files, labels)]
    figure, axes = plt.subplots(1, len(spectra) + 1, figsize=(1.25 * PANEL * (len(spectra) + 1), PANEL * 1.1))
    for ax, spectrum in zip(axes, spectra):
        density(ax, spectrum)
    top = max(ax.get_ylim()[1] for ax in axes[:-1])
    for ax in axes[:-1]:
        ax.set_ylim(0, top)
    spacings(axes[-1], spectra)
    pathlib.Path(chosen.out).mkdir(parents=True, exist_ok=True)
    for ending in ("pdf", "png"):
        path = pathlib.Path(chosen.out) / f"{spectra[0].of}-spectrum.{ending}"
        figure.savefig(path, metadata={"CreationDate": None} if ending == "pdf" else None)
        print(path)


if __name__ == "__main__":
    main()
