# SPDX-License-Identifier: GPL-3.0-or-later
# A recipe for Spack: REPOSITORY/packages/ritardando/package.py. Unchecked: it was written by Spack's documentation and its
# Python compiles; nobody has built it yet.
from spack.package import *


class Ritardando(CMakePackage):
    """Phase diagrams of learning in deep recurrent networks: sweeps under MPI, the same bits everywhere."""

    license("GPL-3.0-or-later")
    version("1.0.0")

    variant("curl", default=True, description="fetch-data from the network")

    depends_on("c", type="build")
    depends_on("cmake@3.20:", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi")
    depends_on("hdf5+hl")
    depends_on("libyaml")
    depends_on("gsl")
    depends_on("openssl")
    depends_on("random123")
    depends_on("curl", when="+curl")

    def cmake_args(self):
        return [self.define("BUILD_TESTING", False), self.define("RANDOM123_INCLUDE", self.spec["random123"].prefix.include)]
