#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# When a job script requeues, without a Slurm: after progress, not without; not for ever; and again when Slurm is busy.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
for name in $(compgen -e | grep -E '^(SLURM|OMPI|PMI|PMIX)_' || true); do unset "$name"; done

mkdir bin
# shellcheck disable=SC2016 # the stubs expand these
{
    printf '#!/bin/sh\necho "scontrol $* $times "\n[ ! -s busy ] || { sed -i 1d busy; exit 1; }\n' >bin/scontrol
    printf '#!/bin/sh\nexit 1\n' >bin/squeue
    printf '#!/bin/sh\nwhile case $1 in -*|none) true;; *) false;; esac; do shift; done\nexec "$@"\n' >bin/mpirun
}
chmod +x bin/*
export PATH=$work/bin:$PATH RITARDANDO_HOME=$RITARDANDO_SOURCE RITARDANDO_PROFILE=$work/profile
export SLURM_JOB_ID=9 SLURM_SUBMIT_DIR=$work SLURM_JOB_NODELIST=n1 SLURM_JOB_NUM_NODES=1
printf 'grid: {width: [20, 22], seed: {from: 1, to: 4}}\ndata: {chorales: 5}\nstop: {tau: 1e6, when-learned: false}\nrun: {checkpoint: 0.1}\n' >slow.yaml

# job SIGNAL-AFTER variable=value ...: one start that gets a signal then, seconds or a file to appear.
job() {
    local after=$1 pid
    shift
    env "$@" bash "$RITARDANDO_SOURCE/jobs/sweep-requeue.sbatch" slow.yaml run >log 2>&1 &
    pid=$!
    if [[ $after = */* ]]; then
        until compgen -G "$after" >/dev/null; do sleep 0.1; done
    else
        sleep "$after"
    fi
    kill -USR1 "$pid"
    wait "$pid"
    code=$?
}

# between FROM TO: what scontrol says of the job's time, seconds from now.
between() { date -d "$1 seconds" '+times=StartTime=%FT%T' | tr '\n' ' ' && date -d "$2 seconds" '+EndTime=%FT%T'; }

# wants CODE TIMES WHAT: the exit code, and how often a requeue was tried.
wants() {
    local tried
    tried=$(grep -c '^scontrol requeue 9' log)
    [ "$code" = "$1" ] && [ "$tried" = "$2" ] && return
    echo "$3: exit code $code, $tried times requeued:"
    cat log
    failures=$((failures + 1))
}

echo 'prepare() { sleep 1; }' >profile
job 0.3
wants 75 0 "modules that take all of the time"
job 0.3 "$(between -20 3600)"
wants 75 1 "preempted at once"
job 0.3 "$(between -20 3600)" SLURM_RESTART_COUNT=5
wants 75 0 "preempted at once again and again"
job 0.3 "$(between -3500 100)"
wants 75 0 "nothing done until the limit"

: >profile
job 'run/checkpoints/*.[01]'
wants 75 1 "after a checkpoint"
echo 'prepare() { sleep 1; }' >profile
job 0.3 SLURM_RESTART_COUNT=1
wants 75 0 "what an older start has done is no progress"
: >profile
printf '1\n2\n' >busy
rm -rf run
job 'run/checkpoints/*.[01]'
wants 75 3 "a busy controller"
