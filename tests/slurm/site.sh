# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests of this folder share: a Slurm cluster of their own, the project's job scripts submitted to it as
# a user would, and the undisturbed run whose dataset hash every disturbed one must have.
set -euo pipefail

: "${RITARDANDO:?the program}" "${RITARDANDO_SOURCE:?the checkout}"
# shellcheck disable=SC2034 # for the tests
jobs=$RITARDANDO_SOURCE/jobs
reference='' # process of the undisturbed run

skip() {
    echo "skipped: $*"
    exit 77
}

fail() {
    echo "FAILED: $*" >&2
    squeue -a >&2 || true
    tail -n 40 ./*.log cluster/log/slurmctld.log >&2 || true
    exit 1
}

# Waits until the command succeeds. The limit is for what hangs, not for slow machines.
until_true() { # command ...
    local deadline=$((SECONDS + 300))
    until "$@"; do
        ((SECONDS < deadline)) || fail "waited in vain for: $*"
        sleep 0.1
    done
}

# In a temporary folder that becomes the current one. Runs of sweep.yaml take some seconds; --tau makes them longer.
start_cluster() { # option of cluster.sh ... [--tau T]
    local tool tau=300
    local -a options=()
    while [[ $# -gt 0 ]]; do
        if [[ $1 = --tau ]]; then tau=$2; else options+=("$1" "$2"); fi
        shift 2
    done
    for tool in munged slurmctld slurmd sbatch mpirun h5dump; do
        PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
    folder=$(mktemp -d "${TMPDIR:-/tmp}/ritardando-slurm.XXXXXX")
    cd "$folder"
    trap 'leave $?' EXIT
    trap 'exit 130' INT TERM
    bash "$RITARDANDO_SOURCE/slurm/cluster.sh" start cluster --owner $$ "${options[@]}" || skip "Slurm does not start on this machine"
    eval "$(bash "$RITARDANDO_SOURCE/slurm/cluster.sh" env cluster)"
    export RITARDANDO_HOME=$RITARDANDO_SOURCE RITARDANDO_PROFILE=$folder/profile
    export OMPI_MCA_odls_base_sigkill_timeout=2 # how long mpirun waits after an exit with 75
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    echo "RITARDANDO=$RITARDANDO" >profile
    config=$folder/sweep.yaml
    sed "s/tau: [0-9]*/tau: $tau/" "$RITARDANDO_SOURCE/tests/slurm/sweep.yaml" >"$config"
    nice -n 5 "$RITARDANDO" sweep "$config" -o undisturbed 2>undisturbed.log &
    reference=$!
}

leave() { # exit code
    sed -n 's/^[^ ]* \(job [0-9_]*: \)/\1/p' ./*.log 2>/dev/null || true # what the job scripts said, for the record
    bash "$RITARDANDO_SOURCE/slurm/cluster.sh" stop cluster || true
    [[ -z $reference ]] || kill "$reference" 2>/dev/null || true
    cd /
    if [[ $1 = 0 || $1 = 77 || -z ${RITARDANDO_KEEP:-} ]]; then
        rm -rf "$folder"
    fi
}

# A job as seen by Slurm: state, exit code and the like, as `scontrol show job` names them.
field() { # job name
    scontrol show job -o "$1" | grep -o " $2=[^ ]*" | head -n 1 | cut -d= -f2
}

state_is() { # job state ...
    local job=$1 state
    state=$(field "$job" JobState)
    shift
    [[ " $* " == *" $state "* ]]
}

is_over() { state_is "$1" COMPLETED FAILED CANCELLED TIMEOUT NODE_FAIL PREEMPTED OUT_OF_MEMORY; }

completes() { # job
    until_true is_over "$1"
    state_is "$1" COMPLETED || fail "job $1 ended as $(field "$1" JobState), exit code $(field "$1" ExitCode)"
}

# Work is under way in this run folder: a point is in training, and its checkpoint is on disk.
is_training() { compgen -G "$1/checkpoints/*.[01]" >/dev/null; } # what a killed process left unfinished ends in .tmp

was_requeued() { # job
    [[ $(field "$1" Restarts) -ge 1 ]]
}

hash_of() { # run
    h5dump -a content_hash "$1/phase-diagram.h5" | sed -n 's/.*"\([0-9a-f]\{64\}\)".*/\1/p'
}

# The dataset of a run is that of the undisturbed one, and nothing is left of its points in training.
same_dataset() { # run
    wait "$reference" || fail "the undisturbed run did not succeed"
    [[ $(hash_of undisturbed) =~ ^[0-9a-f]{64}$ ]] || fail "the undisturbed run has no hash"
    [[ $(hash_of "$1") = "$(hash_of undisturbed)" ]] || fail "$1 has another dataset than the undisturbed run"
    ! is_training "$1" || fail "$1 has checkpoints left"
    echo "$1: content hash $(hash_of "$1") as undisturbed"
}
