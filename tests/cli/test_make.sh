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
for line in "4 of 4 points finished" "Critical widths" "<analysis/all.py><$work/my run>" "analysis: $work/my run/analysis.txt"; do
    grep -qF "$line" log || { echo "make run does not say: $line"; cat log; exit 1; }
done
grep -qF "<-DCMAKE_INSTALL_PREFIX=$work/my prefix>" "my build/build.log" || { cat "my build/build.log"; exit 1; }
[ -e "my run/phase-diagram.h5" ] || exit 1
expect 0 -F "<--install><$work/my build>" door install
expect 0 -F "$work/my build/ritardando" door help

# What is asked of a Debian for building: nothing of Python. (A user who may install nothing is told by name.)
asked=$(sed -n '/^build=/,/"$/p' "$RITARDANDO_SOURCE/.ci/packages")
[ -n "$asked" ] && [[ $asked != *python* ]] || { echo "building asks for: $asked"; exit 1; }
door clean && [ ! -e "my build" ] || exit 1
