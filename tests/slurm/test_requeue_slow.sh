#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A signal, exit with 75, requeue, completion: under mpirun and under srun. A file `stop` ends a run for good, until
# somebody submits it again.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --cpus 3

for launcher in mpirun srun; do
    job=$(sbatch --parsable --requeue --ntasks=3 --time=10 "$jobs/sweep-$launcher.sbatch" "$config" "$launcher")
    until_true is_training "$launcher"
    scancel -b -s USR1 "$job"
    completes "$job"
    was_requeued "$job" || fail "job $job was not requeued"
    same_dataset "$launcher"
done

job=$(sbatch --parsable --ntasks=3 --time=10 "$jobs/sweep-requeue.sbatch" "$config" stopped)
until_true is_training stopped
touch stopped/stop
until_true is_over "$job"
[[ $(field "$job" ExitCode) = 75:0 ]] || fail "a stopped job ended with $(field "$job" ExitCode)"
rm -f stopped/stop
job=$(sbatch --parsable --ntasks=3 --time=10 "$jobs/sweep-requeue.sbatch" "$config" stopped)
completes "$job"
same_dataset stopped
