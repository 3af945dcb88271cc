#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A hostfile over ssh, without any batch system: an sshd of the test's own on two addresses of the loopback stands for two
# hosts. The dataset is that of a sweep without a launcher.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
skip() { echo "skipped: $*"; exit 77; }
PATH=$PATH:/usr/sbin
for tool in sshd ssh ssh-keygen mpirun; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
mpirun --version | grep -q 'Open MPI' || skip "the options are those of Open MPI"
for name in $(compgen -e | grep -E '^(SLURM|OMPI|PMI|PMIX)_' || true); do unset "$name"; done
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # MPI's own leaks are not ours

ssh-keygen -q -t ed25519 -N '' -f host_key
ssh-keygen -q -t ed25519 -N '' -f user_key
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$((20000 + RANDOM % 12000))
cat >sshd_config <<CONFIG
Port $port
ListenAddress 127.0.0.1
ListenAddress 127.0.0.2
HostKey $work/host_key
AuthorizedKeysFile $work/user_key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PidFile $work/sshd.pid
CONFIG
"$(command -v sshd)" -f sshd_config -D -e 2>sshd.log &
daemon=$!
trap 'kill $daemon 2>/dev/null; leave' EXIT
agent="ssh -p $port -i $work/user_key -o StrictHostKeyChecking=no -o UserKnownHostsFile=$work/known -o BatchMode=yes -o LogLevel=ERROR"
for _ in $(seq 100); do
    $agent 127.0.0.2 true 2>ssh.log && break
    kill -0 $daemon 2>/dev/null || skip "sshd does not start here: $(tail -n 1 sshd.log)"
    sleep 0.1
done
$agent 127.0.0.2 true 2>ssh.log || skip "no login by ssh here: $(tail -n 1 ssh.log)"

printf '127.0.0.1 slots=2\n127.0.0.2 slots=2\n' >hosts
printf 'grid: {width: [3, 6], seed: [1, 2]}\ndata: {chorales: 2}\nstop: {tau: 20}\n' >tiny.yaml
over_ssh() { # by TCP: two "hosts" that are one would mistake each other's shared memory for their own
    mpirun --hostfile hosts -n 4 --mca plm_rsh_agent "$agent" --mca btl self,tcp --mca btl_tcp_if_include lo "$@"
}
# shellcheck disable=SC2016 # the ranks expand it
[ "$(over_ssh sh -c 'echo ${SSH_CONNECTION:+remote}' 2>/dev/null | grep -c remote)" = 2 ] || skip "mpirun starts no ranks by ssh here"
expect 0 -F '3 workers' over_ssh "$RITARDANDO" sweep tiny.yaml -o "over ssh"
"$RITARDANDO" sweep tiny.yaml -o here 2>/dev/null
expect 0 -E . "$RITARDANDO" merge joined here "over ssh" # which compares every bit
grep -q 'Accepted publickey' sshd.log || { echo "nobody came by ssh"; failures=$((failures + 1)); }
exit 0 # unless something was not as expected
