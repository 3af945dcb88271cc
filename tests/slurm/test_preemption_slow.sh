#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody with more rights takes the node. With a time of grace the job gets its signal, gives way and requeues itself;
# without, Slurm sends SIGTERM and requeues it. Either way it goes on afterwards.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --cpus 3

for partition in work scavenge; do
    job=$(sbatch --parsable -p "$partition" --ntasks=3 --time=10 "$jobs/sweep-requeue.sbatch" "$config" "$partition")
    until_true is_training "$partition"
    urgent=$(sbatch --parsable -p urgent --ntasks=3 --output=/dev/null --wrap='sleep 2')
    until_true state_is "$urgent" RUNNING COMPLETED
    ! state_is "$job" RUNNING || fail "the urgent job runs, and so does the one whose place it took"
    completes "$urgent"
    completes "$job"
    was_requeued "$job" || fail "job $job was not requeued"
    same_dataset "$partition"
done
