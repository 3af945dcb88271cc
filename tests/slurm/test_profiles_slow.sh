#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The profiles of slurm/ as shipped: copied to slurm/profile of a checkout in the home folder, read by the shell that
# submits and by the job. The private cluster has the partitions they name; modules are a function that says what it is asked.
. "${RITARDANDO_SOURCE:?}/tests/slurm/site.sh"
start_cluster --cpus 4 --tau 20

export HOME=$folder/home
mkdir -p "$HOME/ritardando/slurm" "$HOME/ritardando/build"
ln -s "$jobs" "$HOME/ritardando/jobs"
ln -s "$RITARDANDO" "$HOME/ritardando/build/ritardando"
# shellcheck disable=SC2317 # jobs call it
module() { echo "module $*"; }
export -f module
unset RITARDANDO_HOME RITARDANDO_PROFILE

submit() { # profile script: in a shell of its own, as a user would; from the checkout
    (
        cd "$HOME/ritardando"
        cp "$RITARDANDO_SOURCE/slurm/$1" slurm/profile
        # shellcheck source=/dev/null
        . slurm/profile
        sbatch --parsable --nodes=1 --ntasks=4 --output="$folder/%x-%j.log" "jobs/$2.sbatch" "$config" "$folder/$1"
    )
}

for profile in "$RITARDANDO_SOURCE"/slurm/profile*.example; do
    profile=${profile##*/}
    script=sweep-requeue
    [[ $profile != *srun* ]] || script=sweep-srun
    job=$(submit "$profile" $script) || fail "$profile: sbatch refuses it"
    completes "$job"
    same_dataset "$profile"
    ranks=$(sed -n 's/^RITARDANDO_RANKS_PER_NODE=//p' "$RITARDANDO_SOURCE/slurm/$profile")
    grep -q " $((${ranks:-4} - 1)) workers" "ritardando-$job.log" || fail "$profile: other ranks than it says"
    wanted=$(sed -n 's/^export SBATCH_PARTITION=//p' "$RITARDANDO_SOURCE/slurm/$profile")
    [[ $(field "$job" Partition) = "${wanted:-work}" ]] || fail "$profile: partition $(field "$job" Partition)"
    ! grep -q '^ *module load' "$RITARDANDO_SOURCE/slurm/$profile" || grep -q 'module load' "ritardando-$job.log" || fail "$profile: no modules"
done
