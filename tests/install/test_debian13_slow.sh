#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# It builds on Debian 13, too, with Open MPI 5, a serial HDF5 and gcc 14, and its dataset has the content hash it has here. Where
# there is no root, debootstrap or network this is skipped; `make test-debian13` tries more compilers.
exec "$RITARDANDO_SOURCE/tests/install/elsewhere.sh" "$RITARDANDO" trixie gcc
