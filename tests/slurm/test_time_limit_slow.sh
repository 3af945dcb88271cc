#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A run that is longer than its jobs may be. Slurm's shortest time limit is a minute, so this takes one. One job is told
# by Slurm's signal (which may come up to a minute too early), another only by its own look at Slurm's clock; that one
# first wastes half of its time.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --cpus 2 --tau 2000

told=$(sbatch --parsable --ntasks=1 --time=1 --signal=B:USR1@45 "$jobs/sweep-requeue.sbatch" "$config" told)
until_true grep -qs 'start 0 of told' "ritardando-$told.log" # it has read the profile as it was
# shellcheck disable=SC2016 # the job expands it
echo 'prepare() { [[ ${SLURM_RESTART_COUNT:-0} -gt 0 ]] || sleep 35; }' >>profile
untold=$(sbatch --parsable --ntasks=1 --time=1 --signal=B:URG@1 "$jobs/sweep-requeue.sbatch" "$config" untold)
for job in "$told" "$untold"; do
    until_true was_requeued "$job"
    scontrol update JobId="$job" TimeLimit=10 # once is enough
done
completes "$told"
completes "$untold"
grep -q 'exit code 75 after SIGUSR1' "ritardando-$told.log" || fail "the job was not told"
grep -q 'exit code 75$' "ritardando-$untold.log" || fail "the job did not end by itself before its limit"
same_dataset told
same_dataset untold
