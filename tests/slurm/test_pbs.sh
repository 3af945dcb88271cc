#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# jobs/sweep.pbs with what PBS gives a job, without PBS: its folder, variables of -v, a list of hosts with one line a rank.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
for name in $(compgen -e | grep -E '^(SLURM|OMPI|PMI|PMIX|PBS)_' || true); do unset "$name"; done
command -v mpirun >/dev/null || { echo "skipped: there is no mpirun"; exit 77; }
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # MPI's own leaks are not ours

mkdir "the folder" elsewhere
printf 'grid: {width: [3, 4], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 2}\n' >"the folder/tiny.yaml"
printf 'localhost\nlocalhost\nlocalhost\n' >nodes
cd elsewhere || exit 1
job() { env PBS_O_WORKDIR="$work/the folder" PBS_NODEFILE="$work/nodes" "$@" bash "$RITARDANDO_SOURCE/jobs/sweep.pbs"; }
expect 0 -F '4 of 4 points done' job CONFIG=tiny.yaml RUN="my run"
grep -qF '2 workers' out || { echo "not three ranks:"; cat out; failures=$((failures + 1)); }
expect 0 -F '4 points' "$RITARDANDO" status "$work/the folder/my run"
expect 0 -F 'done before' job CONFIG=tiny.yaml RUN="my run"
expect 1 -F 'qsub -v CONFIG=...,RUN=...' job CONFIG=tiny.yaml RUN=
# As PBS does where its MPI asks it for the hosts.
expect 0 -F '4 of 4 points done' env -u PBS_NODEFILE PBS_O_WORKDIR="$work/the folder" CONFIG=tiny.yaml RUN=alone bash "$RITARDANDO_SOURCE/jobs/sweep.pbs"
[ "$(ls)" = out ] || { ls; failures=$((failures + 1)); }
