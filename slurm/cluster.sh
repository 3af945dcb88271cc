#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A private Slurm cluster on this host: munged, slurmctld and one slurmd for each emulated node. It listens on the
# loopback address only, needs neither root nor systemd, and keeps everything in one folder, so that any
# number of them can run at once. The tests start it; it is also good for trying out job scripts.
#
#   cluster.sh start FOLDER [--nodes N] [--cpus N] [--owner PID]
#       make FOLDER (which must be new or empty, or hold a cluster that was stopped) and start a cluster of N nodes (1)
#       with N CPUs each (4; they need not exist). With --owner it stops itself when that process is gone, whichever
#       way it went.
#   cluster.sh env FOLDER              the exports to use it:  eval "$(cluster.sh env FOLDER)"
#   cluster.sh kill-node FOLDER NODE   NODE dies with all that runs on it. The first one has the name of the host, so
#                                      that mpirun starts ranks on it by itself; then come n2, n3, ...
#   cluster.sh lose-node FOLDER NODE   NODE is cut off: Slurm takes it for dead, but what runs on it lives on
#   cluster.sh start-node FOLDER NODE  and comes back
#   cluster.sh stop FOLDER             end all jobs and daemons; the folder with its logs stays
#
# Jobs in partition `urgent` take the place of those in `work`, which get their --signal and 20 s, and of those in
# `scavenge`, which get neither. `compute`, `long` and `standard` are as `work`: what the example profiles name is there.
#
# Exit code 69: Slurm is not installed. Debian has it as slurm-wlm and munge.
set -euo pipefail

readonly self=${BASH_SOURCE[0]}
readonly daemons="munged slurmctld slurmd"
PATH=$PATH:/usr/sbin:/sbin

usage() {
    sed -n '/^#   cluster.sh/,/^#$/s/^# \{0,1\}//p' "$self" >&2
    exit 64
}

fail() {
    echo "cluster.sh: $*" >&2
    exit 1
}

# --- the folder ----------------------------------------------------------------------------------------------

write_config() { # folder nodes cpus first-port
    local folder=$1 nodes=$2 cpus=$3 port=$4 me host n name
    me=$(id -un)
    host=$(hostname -s)
    # cred_expire: a requeued job waits that long plus a second. TmpFS: emulated nodes that share one /tmp
    # collide in the PMIx plugin. The rest makes Slurm bind to the loopback, do without cgroups and react at once.
    cat >"$folder/slurm.conf" <<CONF
ClusterName=ritardando
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/run/munge.socket,cred_expire=5
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd-%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd-%n.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
TmpFS=$folder/tmp-%n
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/log/finished-jobs
MpiDefault=pmix
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,sched_min_interval=0
SlurmctldTimeout=30
SlurmdTimeout=6
ReturnToService=2
KillWait=5
InactiveLimit=0
MinJobAge=3600
MaxArraySize=10001
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
CONF
    for ((n = 1; n <= nodes; n++)); do
        name=n$n
        ((n > 1)) || name=$host
        echo "NodeName=$name NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + n)) CPUs=$cpus RealMemory=600000 Features=avx2,milan,icelake"
    done >>"$folder/slurm.conf"
    cat >>"$folder/slurm.conf" <<CONF
PartitionName=work Nodes=ALL Default=YES DefaultTime=60 MaxTime=UNLIMITED PriorityTier=1 GraceTime=20
PartitionName=compute Nodes=ALL DefaultTime=60 MaxTime=UNLIMITED PriorityTier=1 GraceTime=20
PartitionName=long Nodes=ALL DefaultTime=60 MaxTime=UNLIMITED PriorityTier=1 GraceTime=20
PartitionName=standard Nodes=ALL DefaultTime=60 MaxTime=UNLIMITED PriorityTier=1 GraceTime=20
PartitionName=scavenge Nodes=ALL DefaultTime=60 MaxTime=UNLIMITED PriorityTier=1
PartitionName=urgent Nodes=ALL DefaultTime=60 MaxTime=UNLIMITED PriorityTier=10 PreemptMode=OFF
CONF
}

node_names() { # folder
    sed -n 's/^NodeName=\([^ ]*\) .*/\1/p' "$1/slurm.conf"
}

# A first port below the ephemeral range that nobody answers on. A race for it ends in another attempt.
free_port() { # nodes
    local port p
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        for ((p = port; p <= port + $1; p++)); do
            (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null && continue 2
        done
        echo "$port"
        return
    done
}

# --- processes -----------------------------------------------------------------------------------------------

pid_of() { # pid-file; prints nothing unless it is a living daemon of ours
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 0
    [[ -n $pid && " $daemons " == *" $(cat "/proc/$pid/comm" 2>/dev/null) "* ]] && echo "$pid"
    return 0
}

tree_of() { # pid: it and all its descendants
    local child
    echo "$1"
    for child in $(pgrep -P "$1" || true); do
        tree_of "$child"
    done
}

# What runs on a node: slurmd's step daemons, known by their log, and below them the jobs.
steps_of() { # folder node
    local pid
    for pid in $(pgrep -x slurmstepd || true); do
        if readlink "/proc/$pid"/fd/* 2>/dev/null | grep -qxF "$1/log/slurmd-$2.log"; then
            tree_of "$pid"
        fi
    done
}

# What has left the tree of its job still has its environment, which nobody else's process has.
strays_of() { # folder
    local file pid
    for file in /proc/[0-9]*/environ; do
        pid=${file//[!0-9]/}
        [[ $pid != "$$" && $pid != "$PPID" ]] || continue
        if tr '\0' '\n' 2>/dev/null <"$file" | grep -qxF "RITARDANDO_CLUSTER=$1"; then
            echo "$pid"
        fi
    done
}

is_alive() { # pid; the dead may still wait for their parent
    [[ $(ps -o stat= -p "$1") == [!Z]* ]]
}

end_process() { # pid: politely, then not
    kill "$1" 2>/dev/null || return 0
    local i
    for ((i = 0; i < 40; i++)); do
        is_alive "$1" || return 0
        sleep 0.05
    done
    kill -9 "$1" 2>/dev/null || true
}

kill_now() { # pid ...
    [[ $# -eq 0 ]] || kill -9 "$@" 2>/dev/null || true
}

start_node() { # folder name
    mkdir -p "$1/spool-$2" "$1/tmp-$2"
    chmod 1777 "$1/tmp-$2"
    slurmd -N "$2"
}

lose_node() { # folder name
    local pid
    pid=$(pid_of "$1/run/slurmd-$2.pid")
    [[ -n $pid ]] || fail "there is no living node $2"
    kill_now "$pid"
    rm -f "$1/run/slurmd-$2.pid"
    scontrol update NodeName="$2" State=DOWN Reason=lost # or Slurm would notice it after SlurmdTimeout
}

kill_node() { # folder name
    local steps
    steps=$(steps_of "$1" "$2")
    lose_node "$1" "$2"
    # shellcheck disable=SC2086 # one word for each process
    kill_now $steps
}

idle_nodes() { sinfo -h -N -p work -t idle -o %N 2>/dev/null | wc -l; }

# One attempt on one set of ports. Fails if they were taken meanwhile.
start_daemons() { # folder nodes
    local folder=$1 nodes=$2 name i
    munged --force --key-file="$folder/munge.key" --socket="$folder/run/munge.socket" \
        --pid-file="$folder/run/munged.pid" --log-file="$folder/log/munged.log" \
        --seed-file="$folder/run/munged.seed" --num-threads=2 2>>"$folder/log/start.log" || return 1
    slurmctld -i 2>>"$folder/log/start.log" || return 1
    for name in $(node_names "$folder"); do
        start_node "$folder" "$name" 2>>"$folder/log/start.log" || return 1
    done
    for ((i = 0; i < 100; i++)); do
        [[ $(idle_nodes) -eq $nodes ]] && return 0
        sleep 0.1
    done
    return 1
}

stop_daemons() { # folder
    local file pid
    for file in "$1"/run/slurmd-*.pid "$1"/run/slurmctld.pid "$1"/run/munged.pid; do
        pid=$(pid_of "$file")
        [[ -z $pid ]] || end_process "$pid"
        rm -f "$file"
    done
}

# --- commands ------------------------------------------------------------------------------------------------

command_start() {
    local folder=$1 nodes=1 cpus=4 owner='' attempt tool
    shift
    while [[ $# -gt 1 ]]; do
        case $1 in
        --nodes) nodes=$2 ;;
        --cpus) cpus=$2 ;;
        --owner) owner=$2 ;;
        *) usage ;;
        esac
        shift 2
    done
    [[ $# -eq 0 ]] || usage
    for tool in $daemons sbatch; do
        command -v "$tool" >/dev/null || { echo "cluster.sh: $tool is not installed" >&2; exit 69; }
    done
    umask 022
    [[ -e $folder/slurm.conf || -z $(ls -A "$folder" 2>/dev/null) ]] || fail "$folder holds something else"
    mkdir -p "$folder"/{run,log,state}
    folder=$(realpath "$folder")
    [[ -z $(pid_of "$folder/run/slurmctld.pid") ]] || fail "the cluster in $folder is running already"
    command_stop "$folder" # what a killed one may have left
    rm -rf "$folder"/state/* "$folder/munge.key"
    (umask 077 && head -c 128 /dev/urandom >"$folder/munge.key")
    export SLURM_CONF=$folder/slurm.conf
    for attempt in 1 2 3 4 5; do
        write_config "$folder" "$nodes" "$cpus" "$(free_port "$nodes")"
        if start_daemons "$folder" "$nodes"; then
            [[ -z $owner ]] || setsid bash "$self" guard "$folder" "$owner" </dev/null >/dev/null 2>&1 &
            return 0
        fi
        stop_daemons "$folder"
        rm -rf "$folder"/state/*
    done
    tail -n 5 "$folder"/log/*.log >&2
    fail "the cluster does not start (attempt $attempt); its logs are in $folder/log"
}

command_env() {
    local folder
    folder=$(realpath "$1")
    printf 'export SLURM_CONF=%q RITARDANDO_CLUSTER=%q\n' "$folder/slurm.conf" "$folder"
    # mpirun refuses root, as in a container, unless it is told.
    [[ $(id -u) -ne 0 ]] || echo 'export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1'
    # Ranks of two emulated nodes would take each other's files in /dev/shm for their own.
    [[ $(node_names "$folder" | wc -l) -eq 1 ]] || echo 'export OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=lo'
}

command_stop() {
    local folder name
    [[ -e $1/slurm.conf ]] || return 0
    folder=$(realpath "$1")
    stop_daemons "$folder"
    # shellcheck disable=SC2046 # one word for each process
    for name in $(node_names "$folder"); do
        kill_now $(steps_of "$folder" "$name")
    done
    # shellcheck disable=SC2046
    kill_now $(strays_of "$folder")
}

# Waits until the owner is gone, then stops the cluster. It ends by itself when the cluster was stopped before.
command_guard() {
    while is_alive "$2"; do
        [[ -e $1/run/munged.pid ]] || return 0
        sleep 0.5
    done
    command_stop "$1"
}

[[ $# -ge 2 ]] || usage
command=$1
shift
case $command in
start) command_start "$@" ;;
env) command_env "$1" ;;
kill-node | lose-node | start-node)
    [[ $# -eq 2 ]] || usage
    eval "$(command_env "$1")"
    "${command/-/_}" "$(realpath "$1")" "$2"
    ;;
stop) command_stop "$1" ;;
guard) command_guard "$@" ;;
*) usage ;;
esac
