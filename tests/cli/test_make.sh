#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The front door takes names with spaces, and building asks for nothing that only the figures need.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS

# Nothing is built here: a cmake that says what it was given, and a Python that draws nothing.
mkdir bin "my build"
printf '#!/bin/sh\nprintf "<%%s>" "$@"; echo\n' >bin/cmake
printf '#!/bin/sh\nprintf "<%%s>" "$@"; echo\n' >"my python"
chmod +x bin/cmake "my python"
ln -s "$RITARDANDO" "my build/ritardando"
printf 'grid: {width: [3, 4], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 2}\n' >"my config.yaml"
PATH=$work/bin:$PATH
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

door() { # target variable=value ...
    make -C "$RITARDANDO_SOURCE" --no-print-directory BUILD="$work/my build" PREFIX="$work/my prefix" \
        PYTHON="$work/my python" MPIRUN= "$@"
}
door run CONFIG="$work/my config.yaml" RUN="$work/my run" >log 2>&1 || { cat log; exit 1; }
for line in "4 of 4 points finished" "Critical widths" "<analysis/all.py><$work/my run>" "analysis: $work/my run/analysis.txt" "$work/my run/report.html"; do
    grep -qF "$line" log || { echo "make run does not say: $line"; cat log; exit 1; }
done
# A machine that is no Debian, whose Python has not what figures need: all else is done, and it is said.
mkdir bare
for tool in sh make nproc expr id mkdir tail test env printf uname awk tr cat; do ln -sf "$(command -v $tool)" bare/; done
ln -s "$work/bin/cmake" bare/cmake
printf '#!/bin/sh\nexit 1\n' >bare/python
chmod +x bare/python
without() { PATH=$work/bare door PYTHON="$work/bare/python" CONFIG="$work/my config.yaml" "$@"; }
expect 0 -F "No figures: $work/bare/python has not all of NumPy" without run RUN="$work/plain run"
grep -qF "$work/plain run/report.html" out || { echo "no page without figures"; cat out; exit 1; }
expect 2 -E 'for the figures python3-numpy' without figures RUN="$work/plain run"
grep -qF "Figures need Python" out || { cat out; exit 1; }
grep -qF "<-DCMAKE_INSTALL_PREFIX=$work/my prefix>" "my build/build.log" || { cat "my build/build.log"; exit 1; }
[ -e "my run/phase-diagram.h5" ] || exit 1
expect 0 -F "<--install><$work/my build>" door install
expect 0 -F "$work/my build/ritardando" door help

# What is asked of a Debian for building: nothing of Python. (A user who may install nothing is told by name.)
asked=$(sed -n '/^build=/,/"$/p' "$RITARDANDO_SOURCE/.ci/packages")
[ -n "$asked" ] && [[ $asked != *python* ]] || { echo "building asks for: $asked"; exit 1; }
door clean && [ ! -e "my build" ] || exit 1

# Without dpkg and root, what CMake misses is named for apt and dnf; with dpkg, in one line to paste.
mkdir poor
for tool in sh make nproc expr id mkdir tail test env printf uname tr; do ln -sf "$(command -v $tool)" poor/; done
printf '#!/bin/sh\necho "Could NOT find MPI_C"; exit 1\n' >poor/cmake
printf '#!/bin/sh\necho 1000\n' >poor/id.mine
chmod +x poor/*
expect 2 -F 'Could NOT find MPI_C' env PATH="$work/poor" make -C "$RITARDANDO_SOURCE" --no-print-directory BUILD="$work/none"
for line in 'apt-get install .* libhdf5-dev' 'dnf install .* hdf5-devel' '^Optional: .*libcurl'; do
    grep -q "$line" out || { echo "no line like: $line"; cat out; failures=$((failures + 1)); }
done
rm poor/id
mv poor/id.mine poor/id
printf '#!/bin/sh\nexit 1\n' >poor/dpkg-query
chmod +x poor/dpkg-query
expect 69 -E '^    sudo apt-get .* libyaml-dev' env PATH="$work/poor" "$RITARDANDO_SOURCE/.ci/packages" build
grep -q '^    sudo .* gcc make cmake pkg-config openmpi-bin libopenmpi-dev libhdf5-dev libyaml-dev' out ||
    { echo "another choice than the first:"; cat out; failures=$((failures + 1)); }
grep -q 'dnf install' out || { echo "nothing for dnf"; failures=$((failures + 1)); }
