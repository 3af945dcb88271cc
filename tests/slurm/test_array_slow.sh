#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A job array of three under mpirun, one element disturbed and requeued, then the merge that waits for the array.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --cpus 6

array=$(sbatch --parsable --array=0-2 --ntasks=2 --time=10 "$jobs/sweep-array.sbatch" "$config" run)
merge=$(sbatch --parsable --dependency="afterany:$array" "$jobs/merge.sbatch" run)
until_true is_training run/shard-1
scancel -b -s USR1 "${array}_1"

completes "$merge"
for element in 0 1 2; do
    completes "${array}_$element"
done
was_requeued "${array}_1" || fail "not requeued"
same_dataset run
