#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes for Spack and Apptainer, as far as they can be tried without either: the one is run with stand-ins for Spack's
names and asks for what CMakeLists.txt asks for; the other has the sections it should (elsewhere.sh carries them out)."""
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

SOURCE = Path(os.environ["RITARDANDO_SOURCE"])
RECIPE = SOURCE / "packaging" / "spack" / "package.py"
BUILD = (SOURCE / "CMakeLists.txt").read_text() + "".join(file.read_text() for file in (SOURCE / "cmake").glob("*.cmake"))
SPACK_OF = {"PkgConfig": "pkgconfig", "MPI": "mpi", "HDF5": "hdf5", "GSL": "gsl", "yaml-0.1": "libyaml", "libcrypto": "openssl",
            "libcurl": "curl", "RANDOM123_INCLUDE": "random123", "scalapack": "scalapack"}
WITHOUT = {"Threads", "Python3"}  # the C library, and what is not needed


class Library:
    """spec["gsl"]: what a recipe asks of a dependency."""

    def __init__(self, name):
        self.names = [name]
        self.libs = self
        self.prefix = types.SimpleNamespace(include=f"/opt/{name}/include")

    def __add__(self, other):
        both = Library("")
        both.names = self.names + other.names
        return both

    def joined(self, separator):
        return separator.join(f"/opt/lib{name}.so" for name in self.names)


class Spec(dict):
    def __init__(self, variants):
        self.variants = variants

    def satisfies(self, text):
        return text in self.variants

    def __missing__(self, name):
        return Library(name)


def run_recipe():
    """The class in the recipe, and its directives as a list of (name, arguments, options)."""
    said = []
    package = types.ModuleType("spack.package")
    for directive in ("license", "version", "variant", "depends_on"):
        setattr(package, directive, lambda *words, directive=directive, **options: said.append((directive, words, options)))
    cmake = types.ModuleType("spack_repo.builtin.build_systems.cmake")
    cmake.CMakePackage = type("CMakePackage", (), {"define": staticmethod(lambda key, value: (key, value))})
    for name in ("spack", "spack_repo", "spack_repo.builtin", "spack_repo.builtin.build_systems"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules.update({"spack.package": package, "spack_repo.builtin.build_systems.cmake": cmake})
    names = {}
    exec(compile(RECIPE.read_text(), RECIPE, "exec"), names)
    return names["Ritardando"], said


recipe, said = run_recipe()
wanted = set(re.findall(r"find_package\((\w+)", BUILD)) | set(re.findall(r"pkg_check_modules\(\w+ (?:REQUIRED )?IMPORTED_TARGET ([\w.-]+)\)", BUILD))
wanted |= set(re.findall(r"find_path\((\w+)", BUILD)) | {"scalapack"}
unknown = wanted - WITHOUT - set(SPACK_OF)
assert not unknown, f"which package of Spack is {unknown}?"
asked = {re.split("[@+~]", words[0])[0] for name, words, _ in said if name == "depends_on"}
missing = {SPACK_OF[name] for name in wanted - WITHOUT} - asked
assert not missing, f"the recipe does not depend on {missing}"
least = re.search(r"cmake_minimum_required\(VERSION ([\d.]+)\)", BUILD).group(1)
assert any(words[0] == f"cmake@{least}:" for name, words, _ in said if name == "depends_on"), least
assert recipe.__doc__.endswith(".")

variants = {words[0] for name, words, _ in said if name == "variant"}
for _, words, options in said:
    assert options.get("when", "+scalapack").lstrip("+~") in variants, words
for chosen in ({"+scalapack"}, set()):
    package = recipe()
    package.spec = Spec(chosen)
    arguments = dict(package.cmake_args())
    for key in arguments:
        assert key == "BUILD_TESTING" or re.search(rf"\b{key}\b", BUILD), f"the build knows no {key}"
    assert arguments["SCALAPACK_LIBRARIES"] == ("/opt/libscalapack.so;/opt/liblapack.so;/opt/libblas.so" if chosen else "OFF")
    assert arguments["RANDOM123_INCLUDE"] == "/opt/random123/include"

for checker in (["black", "--check", "--quiet", "--line-length", "99"], ["flake8", "--max-line-length", "130", "--extend-ignore", "F403,F405"]):
    if shutil.which(checker[0]):
        subprocess.run([*checker, str(RECIPE)], check=True)
    else:
        print(f"not tried: {checker[0]} is not installed")

definition = (SOURCE / "packaging" / "ritardando.def").read_text()
assert re.findall(r"^%(\w+)$", definition, re.M) == ["files", "post", "runscript", "test"], "sections"
assert re.search(r"^Bootstrap: docker\nFrom: debian:bookworm$", definition, re.M)
version = re.search(r"project\(ritardando VERSION ([\d.]+)", BUILD).group(1)
assert f"ritardando-{version}.tar.gz /opt/ritardando.tar.gz" in definition
