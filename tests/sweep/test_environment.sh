#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the environment says of limits and launchers is understood, or named: time limits of Slurm in every form, those of
# jobs long ended, and processes of another MPI's launcher that do not see each other.
set -euo pipefail
: "${RITARDANDO:?the program}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for name in $(compgen -e | grep -E '^(SLURM|SQUEUE|OMPI|PMI|PMIX|MV2)_' || true); do unset "$name"; done
mkdir bin
PATH=$folder/bin:$PATH
printf 'grid: {width: 3}\ndata: {chorales: 1}\nstop: {tau: 0.5}\n' >tiny.yaml
printf 'grid: {width: 20}\ndata: {chorales: 5}\nstop: {tau: 1e6, when-learned: false}\n' >long.yaml

fail() {
    echo "FAILED: $*" >&2
    cat log >&2
    exit 1
}

squeue_prints() { # in a format that depends on the user's settings, as the true one does
    printf '#!/bin/sh\n%s\n' "$1" >bin/squeue
    chmod +x bin/squeue
}

sweep() { # expected-code config
    local code=0
    rm -rf run
    "$RITARDANDO" sweep "$2" -o run 2>log || code=$?
    [[ $code = "$1" ]] || fail "exit code $code instead of $1"
}

export ASAN_OPTIONS=detect_leaks=0 # Open MPI has its own, and what is said is compared here
export SLURM_JOB_ID=9
squeue_prints 'exit 1'
SLURM_JOB_END_TIME=1700000000 sweep 0 tiny.yaml
grep -q 'SLURM_JOB_END_TIME is over' log || fail "nothing said of a limit that is past"
SLURM_JOB_END_TIME=UNLIMITED sweep 0 tiny.yaml
! grep -q 'SLURM_JOB_END_TIME' log || fail "no limit is nothing to speak of"
SLURM_JOB_END_TIME=soon sweep 0 tiny.yaml
grep -q "SLURM_JOB_END_TIME is 'soon'" log || fail "nothing said of a limit that is not understood"
SLURM_JOB_ID=job sweep 0 tiny.yaml
grep -q "SLURM_JOB_ID is 'job'" log || fail "nothing said of a job that is none"
squeue_prints 'echo "Tomorr 12:30"'
sweep 0 tiny.yaml
grep -q "'Tomorr 12:30'" log || fail "nothing said of an answer that is not understood"

# A limit near: the sweep ends before it, whatever the user likes squeue to print.
# shellcheck disable=SC2016 # who stands in for it expands it
squeue_prints '[ -z "$SQUEUE_STATES" ] || exit 0
case $SLURM_TIME_FORMAT in standard) date -d "@$END" +%FT%T ;; *) date -d "@$END" +%T ;; esac'
END=$(($(date +%s) + 6)) SLURM_TIME_FORMAT=relative SQUEUE_STATES=PENDING SLURM_JOB_ID=9.batch sweep 75 long.yaml
grep -q 'the wall-time limit is near' log || fail "it did not stop for its limit"
END=$(($(date +%s) + 6)) SLURM_JOB_END_TIME=1700000000 sweep 75 long.yaml # the job was prolonged, the variable is old
unset SLURM_JOB_ID

# N processes that were meant to be one sweep.
alone() { # variable=value ...
    code=0
    rm -rf run
    env "$@" "$RITARDANDO" sweep tiny.yaml -o run "${shares[@]}" 2>log || code=$?
}
shares=()
for pair in PMI_SIZE=3 MV2_COMM_WORLD_SIZE=3 MPI_LOCALNRANKS=3 SLURM_STEP_NUM_TASKS=3; do
    alone "$pair"
    [[ $code = 64 && ! -e run ]] || fail "$pair: exit code $code"
    grep -q "3 processes were started together ($pair).*mpirun" log || fail "$pair: no remedy"
done
alone PMI_SIZE=3 PMI_RANK=1
[[ $code = 64 && ! -s log ]] || fail "one of them speaks for all"
alone PMI_SIZE=1 SLURM_STEP_NUM_TASKS=3 # the innermost launcher started one
[[ $code = 0 ]] || fail "one process of one: exit code $code"
alone SLURM_NTASKS=4 # a job of four tasks that starts the program without a launcher
[[ $code = 0 ]] || fail "one process in a large job: exit code $code"
grep -q 'the job has 4 tasks' log || fail "nothing said of three idle tasks"
alone SLURM_HET_SIZE=2 SLURM_NTASKS_HET_GROUP_0=1 SLURM_NTASKS_HET_GROUP_1=4 OMPI_COMM_WORLD_SIZE=1
[[ $code = 0 ]] || fail "one process of a heterogeneous job: exit code $code"
grep -q "2 components with 5 tasks in all, and this sweep uses 1: 'srun --mpi=pmix --het-group=0-1'" log ||
    fail "nothing said of a component that is idle"
shares=(--share 0/1)
alone PMI_SIZE=1
[[ $code = 0 ]] || fail "share 0/1: exit code $code"
shares=(--share 1/3)
alone PMI_SIZE=3
[[ $code = 0 ]] || fail "a share of its own: exit code $code"
