# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the job scripts share: the site's profile, starting the program, handing on signals, requeueing.
# Slurm runs a copy of a job script, so this file is found from where the job was submitted, or from
# $RITARDANDO_HOME, the checkout.
set -u

# Signals may come at any time, also while modules are loaded. SIGTERM reaches all processes of a job, mpirun too; should
# it have come to this script alone, SIGUSR1 asks the ranks for the same, and a second SIGTERM would make mpirun kill them.
asked='' child='' interrupted=''
hand_on() { # signal
    asked=$1
    interrupted=yes
    [[ -z $child ]] || kill -USR1 "$child" 2>/dev/null
}
trap 'hand_on USR1' USR1
trap 'hand_on TERM' TERM

home=$(realpath "${RITARDANDO_HOME:-$SLURM_SUBMIT_DIR}")
profile=${RITARDANDO_PROFILE:-$home/slurm/profile}

# What mpirun gives its ranks between SIGTERM and SIGKILL, in seconds; by default 1. It waits that long in any case,
# also after an exit with 75, and twice as long after a signal.
export OMPI_MCA_odls_base_sigkill_timeout=${OMPI_MCA_odls_base_sigkill_timeout:-10}

# After `sbatch --export=LIST` srun, also the one by which mpirun reaches other nodes, would hand on nothing but the
# LIST: nothing of what the profile sets.
export SLURM_EXPORT_ENV=ALL

# By this name Slurm knows the job, and of an array the one element: its job id alone may mean the whole array.
job=$SLURM_JOB_ID
[[ -z ${SLURM_ARRAY_JOB_ID:-} ]] || job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID

say() { echo "$(date +%FT%T) job $job: $*" >&2; }

arguments() { # "CONFIG RUN" given: what the script takes, and how many it got
    # shellcheck disable=SC2086 # counts words
    set -- "$1" "$2" $1
    (($# - 2 == $2)) && return
    say "this job script takes the arguments $1"
    exit 64
}

prepare() { :; } # a profile may say more
if [[ -e $profile ]]; then
    # shellcheck source=/dev/null
    . "$profile"
elif [[ -n ${RITARDANDO_PROFILE:-} ]]; then
    say "there is no profile $profile"
    exit 64
fi
prepare
program=${RITARDANDO:-$home/build/ritardando}

# The command that starts its arguments on all ranks, in the array `launch`.
launcher() { # mpirun|srun
    local ranks=${RITARDANDO_RANKS_PER_NODE:-}
    case $1 in
    mpirun)
        if mpirun --version 2>/dev/null | grep -q HYDRA; then # MPICH's
            launch=(mpirun -bind-to none)
            [[ -z $ranks ]] || launch+=(-n "$((ranks * SLURM_JOB_NUM_NODES))" -ppn "$ranks")
            return
        fi
        # The master sleeps: one rank more than there are cores is well. With --enable-recovery a lost rank would be a
        # lost worker only, but mpirun would no longer hand on the exit code, nor return at all when a node is lost.
        launch=(mpirun --oversubscribe --bind-to none ${ranks:+--map-by "ppr:$ranks:node"})
        ;;
    # Neither a rank nor a node that dies takes the others with it.
    srun)
        launch=(srun --export=ALL --mpi=pmix --kill-on-bad-exit=0 --no-kill --wait=0)
        if [[ -n ${SLURM_HET_SIZE:-} ]]; then
            launch+=(--het-group="0-$((SLURM_HET_SIZE - 1))") # else only the first component of the job
        elif [[ -n $ranks ]]; then
            launch+=(--overcommit --ntasks="$((ranks * SLURM_JOB_NUM_NODES))" --ntasks-per-node="$ranks")
        fi
        ;;
    *)
        say "RITARDANDO_LAUNCHER is '$1', but mpirun and srun are what these scripts know"
        exit 64
        ;;
    esac
}

# The number of shares of an array: what it was at the first submission, also for single elements submitted again.
shares_of() { # RUN
    local mine=$1/shares-$job
    if [[ ! -e $1/shares ]]; then
        mkdir -p "$1"
        echo "$SLURM_ARRAY_TASK_COUNT" >"$mine"
        ln "$mine" "$1/shares" 2>/dev/null # only the first one succeeds
        rm -f "$mine"
    fi
    cat "$1/shares"
}

# Run a command that hears of the signals this script gets. Leaves its exit code in `code`; 75 without starting it if
# a signal was there before.
run() { # command ...
    local now
    code=75
    [[ -z $asked ]] || return 0
    "$@" &
    child=$!
    while :; do
        interrupted=
        wait "$child"
        now=$?
        ((now == 127)) || code=$now # 127: a signal came after the child's end was already known
        [[ -n $interrupted ]] || break
    done
    child=
}

# What has been done so far: it changes with every result and every checkpoint, by whatever clock.
work_in() { # RUN
    find "$1/results" "$1/checkpoints" -type f -printf '%P %s %T@\n' 2>/dev/null | sort | cksum
}

# Whether the signal came in the first half of the job's time: then it is not the time limit that asks, but somebody
# else who wants the node, and a start without progress proves nothing. Not for ever, though.
asked_early() {
    local now from to attempt pattern=' StartTime=([0-9T:-]+) EndTime=([0-9T:-]+) '
    [[ -n $asked && ${SLURM_RESTART_COUNT:-0} -lt 5 ]] || return
    now=$(date +%s)
    for attempt in 1 2 3; do
        [[ $(SLURM_TIME_FORMAT=standard scontrol show job -o "$job" 2>/dev/null) =~ $pattern ]] && break
        ((attempt < 3)) || return
        sleep 1
    done
    from=$(date -d "${BASH_REMATCH[1]}" +%s)
    to=$(date -d "${BASH_REMATCH[2]}" +%s)
    ((now - from < (to - from) / 2))
}

# Slurm's controller may be busy or away for a while.
requeue() {
    local pause
    for pause in 1 2 4 8 16; do
        scontrol requeue "$job" && return
        say "scontrol requeue failed; again in $pause s"
        sleep "$pause"
    done
    scontrol requeue "$job"
}

# Sweep CONFIG into the run folder RUN, and leave with the program's exit code. After a clean stop (75) the job
# goes back to the queue, unless somebody wished it to end or this start has not brought the run any further; and after
# the death of a rank (above 128), if that has not become a habit.
sweep() { # launcher CONFIG RUN option ...
    local config=$2 folder=$3 starts=${SLURM_RESTART_COUNT:-0} before
    launcher "$1"
    shift 3
    say "start $starts of $folder on $SLURM_JOB_NODELIST"
    before=$(work_in "$folder")
    run "${launch[@]}" "$program" sweep "$config" -o "$folder" "$@"
    say "the sweep ended with exit code $code${asked:+ after SIG$asked}"
    ((code != 0)) || "$program" status "$folder" "$@" || code=$? # a launcher may hide the exit code of a rank
    ((code == 75 || (code > 128 && starts < 5))) || exit "$code"
    if [[ -e $folder/stop || -e $folder/drain ]]; then
        say "$folder has a file 'stop' or 'drain': not requeued"
    elif [[ $asked = TERM ]]; then
        say "cancelled, or preempted and then requeued by Slurm itself: not requeued"
    elif [[ $before = "$(work_in "$folder")" ]] && ! asked_early; then
        say "this start has not got any further: not requeued. Is the time limit long enough for modules and a checkpoint?"
    elif requeue; then
        say "requeued"
    else
        say "not requeued; submit the same job again to continue"
    fi
    exit "$code"
}
