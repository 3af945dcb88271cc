#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a profile exports reaches the ranks also when sbatch was told to export next to nothing. The scripts run with the time
# they ask for by themselves, and a cluster that was stopped starts again in its folder.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --nodes 2 --cpus 2 --tau 20
cluster=$RITARDANDO_SOURCE/slurm/cluster.sh

echo '{"train": [[[60, 64, 67, 72], [62, 65, 69, 74], [59, 62, 67, 79], [60, 64, 67, 72]]], "valid": [], "test": []}' >own.json
printf 'grid: {width: [3, 4]}\ndata: {source: chorales, chorales: 1}\nstop: {tau: 1}\n' >own.yaml
echo "export RITARDANDO_DATA=$folder/own.json" >>profile
names=RITARDANDO_HOME,RITARDANDO_PROFILE,OMPI_ALLOW_RUN_AS_ROOT,OMPI_ALLOW_RUN_AS_ROOT_CONFIRM,OMPI_MCA_btl,OMPI_MCA_btl_tcp_if_include
for launcher in srun mpirun; do
    completes "$(sbatch --parsable --nodes=2 --ntasks=4 --export="$names" "$jobs/sweep-$launcher.sbatch" own.yaml "own-$launcher")"
done

bash "$cluster" stop cluster
! bash "$cluster" start "$RITARDANDO_SOURCE" 2>/dev/null || fail "a cluster starts in a folder of something else"
bash "$cluster" start cluster --owner $$ --cpus 4
! bash "$cluster" start cluster 2>/dev/null || fail "a second cluster starts in the folder of a living one"
eval "$(bash "$cluster" env cluster)"
unset OMPI_MCA_btl OMPI_MCA_btl_tcp_if_include
job=$(sbatch --parsable "$jobs/sweep-mpirun.sbatch" "$config" again)
completes "$job"
same_dataset again
