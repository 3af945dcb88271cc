# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the files of a run: sealed by a SHA-256 at their end, and HDF5 before it."""
import hashlib
import pathlib

import xarray

SEAL = b"\nritardando "
SEAL_BYTES = 100


def verify(path):
    """Whether the seal of a dataset holds: True, or None for a file without one. ValueError if it is damaged."""
    with open(path, "rb") as file:
        file.seek(0, 2)
        size = file.tell() - SEAL_BYTES
        if size <= 0:
            return None
        file.seek(size)
        seal = file.read()
        if not seal.startswith(SEAL):
            return None
        file.seek(0)
        digest = hashlib.sha256()
        while size > 0:
            block = file.read(min(size, 1 << 22))
            digest.update(block)
            size -= len(block)
    if seal.split()[-1].decode() != digest.hexdigest():
        raise ValueError(f"{path}: damaged: its bytes do not have the SHA-256 that they were written with")
    return True


def read(path):
    """A dataset or an analysis as an xarray.Dataset whose variables are read when they are used."""
    path = pathlib.Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file")
    verify(path)
    return xarray.open_dataset(path, engine="h5netcdf", decode_timedelta=False)
