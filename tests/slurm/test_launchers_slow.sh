#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every way to start the ranks: srun by each of its interfaces, mpirun with several parts, heterogeneous jobs. It is the
# same sweep, or it is refused in a sentence; never is it N sweeps.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --nodes 2 --cpus 4 --tau 20

ends() { # CODE TEXT COMMAND...
    local code=$1 text=$2 got=0
    shift 2
    "$@" >said.log 2>&1 || got=$?
    [[ $got = "$code" ]] || fail "exit code $got instead of $code: $*"
    grep -qF -- "$text" said.log || fail "without '$text': $*"
}

ends 0 'complete' srun --mpi=pmix -n 3 "$RITARDANDO" sweep "$config" -o pmix
same_dataset pmix
ends 64 "3 processes were started together (SLURM_STEP_NUM_TASKS=3), and none sees the others" \
    srun --mpi=none -n 3 "$RITARDANDO" sweep "$config" -o none
[[ ! -e none ]] || fail "srun without PMI has begun a sweep"
if srun --mpi=pmi2 -n 3 "$RITARDANDO" sweep "$config" -o pmi2 >said.log 2>&1; then
    same_dataset pmi2 # an MPI with PMI-2
else
    [[ ! -e pmi2 ]] || fail "srun with an interface that MPI has not has begun a sweep"
fi

# What all ranks would do together: srun connects them with the master only, so that each worker does it alone.
awk 'BEGIN {for (t = 0; t <= 1100; t++) print sin(.7 * t), sin(.7 * t + 1) + .3 * sin(1.9 * t)}' >table.csv
cat >kernel.yaml <<END
grid: {width: [inf]}
data: {source: series, table: table.csv, length: 0, chorales: 1, first: 0}
model: {depth: 1, parametrisation: ntk, recurrent-init: haar, readout-init: gaussian, orthogonal: none}
cost: {name: square}
rule: {eta: 0.01}
observe: {learning-time: false, kernel-spectrum: true}
stop: {tau: 0.1}
END
ends 0 'srun connects workers with the master only' srun --mpi=pmix -N 2 -n 3 "$RITARDANDO" sweep kernel.yaml -o kernel
ends 0 'the same, bit for bit, and numbers of a library to 1e-10' "$RITARDANDO" verify kernel

# Parts of one mpirun, as for nodes that need programs of their own.
ends 0 'complete' mpirun --oversubscribe -n 1 "$RITARDANDO" sweep "$config" -o parts : -n 2 "$RITARDANDO" sweep "$config" -o parts
same_dataset parts
ends 0 'worker 2 on' mpirun --oversubscribe -n 2 "$RITARDANDO" sweep "$config" -o first : -n 1 "$RITARDANDO" sweep "$config" -o other
grep -q 'gets no work: it was started with other arguments than process 0' said.log || fail "nothing said of other arguments"
same_dataset first
[[ ! -e other ]] || fail "two sweeps in one mpirun"

# Heterogeneous jobs: all components by srun; by mpirun only the first, and it is said.
heterogeneous() { # launcher
    sbatch --parsable --time=10 --ntasks=1 --mem=100 : --ntasks=2 --mem=200 "$jobs/sweep-$1.sbatch" "$config" "components-$1" |
        sed 's/[+;].*//'
}
job=$(heterogeneous srun)
completes "$job"
grep -q '2 workers' "ritardando-$job.log" || fail "not all components take part"
! grep -q 'components with' "ritardando-$job.log" || fail "a component is said to be idle"
same_dataset components-srun
job=$(heterogeneous mpirun)
completes "$job"
grep -q '2 components with 3 tasks in all, and this sweep uses 1' "ritardando-$job.log" || fail "nothing said of the idle component"
same_dataset components-mpirun
