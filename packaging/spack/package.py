# SPDX-License-Identifier: GPL-3.0-or-later
# A recipe for Spack 1.0 and later, to be put into a repository as packages/ritardando/package.py; in a checkout then
# `spack dev-build ritardando@1.0.0`. Nobody has built it with Spack yet: tests/install/test_recipes.py runs it with stand-ins for
# Spack's names and compares it with what CMakeLists.txt asks for. Before Spack 1.0 the first import is to be left out.
from spack_repo.builtin.build_systems.cmake import CMakePackage

from spack.package import *


class Ritardando(CMakePackage):
    """Phase diagrams of learning in deep recurrent networks, by sweeps under MPI."""

    license("GPL-3.0-or-later")

    version("1.0.0")

    variant("scalapack", default=True, description="Spectra of large matrices over all ranks")

    depends_on("c", type="build")
    depends_on("cmake@3.20:", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi")
    depends_on("hdf5+hl")
    depends_on("libyaml")
    depends_on("gsl")
    depends_on("openssl")
    depends_on("curl")
    depends_on("random123")
    depends_on("scalapack", when="+scalapack")
    depends_on("lapack", when="+scalapack")
    depends_on("blas", when="+scalapack")

    def cmake_args(self):
        spec = self.spec
        scalapack = "OFF"
        if spec.satisfies("+scalapack"):
            libs = spec["scalapack"].libs + spec["lapack"].libs + spec["blas"].libs
            scalapack = libs.joined(";")
        return [
            self.define("BUILD_TESTING", False),
            self.define("RANDOM123_INCLUDE", spec["random123"].prefix.include),
            self.define("SCALAPACK_LIBRARIES", scalapack),
        ]
