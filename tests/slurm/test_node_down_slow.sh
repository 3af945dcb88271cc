#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Nodes go down. Under srun the survivors finish. Under mpirun Slurm requeues the job, and it goes on from what is on disk.
# A node that is only cut off, and comes back to life while the job is started anew elsewhere, does no harm.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --nodes 2 --cpus 3

node() { bash "$RITARDANDO_SOURCE/slurm/cluster.sh" "$1-node" cluster "$2"; }

job=$(sbatch --parsable --no-kill --nodes=2 --ntasks-per-node=2 --time=10 "$jobs/sweep-srun.sbatch" "$config" survived)
until_true is_training survived
other=n2 # than that of the batch script, whose loss a job never survives
[[ $(field "$job" BatchHost) != n2 ]] || other=$(hostname -s)
node kill "$other"
completes "$job"
[[ $(field "$job" Restarts) = 0 ]] || fail "the job was requeued"
grep -q 'lost' "ritardando-$job.log" || fail "the log does not speak of lost workers"
same_dataset survived
node start "$other"

job=$(sbatch --parsable --nodes=2 --ntasks-per-node=2 --time=10 "$jobs/sweep-requeue.sbatch" "$config" requeued)
until_true is_training requeued
node kill n2
until_true was_requeued "$job"
node start n2
completes "$job"
same_dataset requeued

job=$(sbatch --parsable --nodelist="$(hostname -s)" --ntasks=3 --time=10 "$jobs/sweep-requeue.sbatch" "$config" twice)
until_true is_training twice
mapfile -t ranks < <(pgrep -f "^$RITARDANDO sweep $config -o twice")
kill -STOP "${ranks[@]}"
node lose "$(hostname -s)"
scontrol update JobId="$job" ReqNodeList=n2
until_true was_requeued "$job"
until_true grep -q 'the run is held by process .*; waiting' "ritardando-$job.log"
kill -CONT "${ranks[@]}"
completes "$job"
same_dataset twice
