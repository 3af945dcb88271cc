#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sweeps in hostile surroundings: whatever lies in the folder, happens to it or is the matter with the process, no
# result is lost without a word, nothing of others' is touched, and what went wrong is said with its exit code.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

wrong() {
    echo "$*"
    failures=$((failures + 1))
}
printf 'grid: {width: [3, 4], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 2}\n' >tiny.yaml
printf 'grid: {width: [3, 4], seed: [1, 2, 3]}\ndata: {chorales: 1}\nstop: {tau: 3}\n' >grown.yaml
printf 'grid: {width: [5], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 2}\n' >other.yaml
printf 'grid: {width: [20, 22], seed: {from: 1, to: 4}}\ndata: {chorales: 5}\nstop: {tau: 500, when-learned: false}
run: {checkpoint: 0.1, dataset: 0.5}\nmodel: {retract-every: 1}\n' >slow.yaml
hash_of() { "$RITARDANDO" show "$1" >/dev/null && sha256sum <"$1/phase-diagram.h5"; }

# begin CONFIG RUN: a sweep in the background, until it has a result on disk; its lines are in ./said.
begin() {
    "$RITARDANDO" sweep "$1" -o "$2" 2>said &
    sweep=$!
    for _ in $(seq 300); do [ -s "$2/results/000001.journal" ] && return; sleep 0.05; done
    wrong "$1 has no result"
}

# ends CODE TEXT: of that sweep, which must not say that it is complete.
ends() {
    wait "$sweep"
    local got=$?
    [ "$got" = "$1" ] || wrong "exit code $got, not $1: $(cat said)"
    grep -q -- "$2" said || wrong "without '$2': $(cat said)"
    ! grep -q complete said || wrong "complete, with nothing on disk: $(cat said)"
}

# Standard files that are closed, in any combination.
for n in 1 2 3 4 5 6 7; do
    (
        [ $((n & 1)) = 0 ] || exec 0<&-
        [ $((n & 2)) = 0 ] || exec 1>&-
        [ $((n & 4)) = 0 ] || exec 2>&-
        exec "$RITARDANDO" sweep tiny.yaml -o closed$n
    ) >/dev/null 2>&1 || wrong "closed files $n: exit code $?"
    expect 0 -F '4 points' "$RITARDANDO" status closed$n
done
expect 74 -F 'cannot write to standard output' bash -c "'$RITARDANDO' status closed1 >&-"

# What others keep in the folders of a run stays as it is and is in nobody's way.
mkdir -p full/results/000003.journal full/claims/000004 full/checkpoints
echo chapter >full/thesis.tmp
echo mine >full/checkpoints/model.tmp
printf '\0\5\26\7\0\2\0\0Mac OS X' >full/results/._000001.journal
ln -s user@host.1 full/results/.#000001.journal
ln -s nowhere full/results/000005.journal
for name in 1.journal 0000001.journal 000001.journal~ a.journal .nfs0001 x.swp; do echo text >full/results/$name; done
(cd full && find . -path ./config.yaml -prune -o -print | sort) >before
for command in 'sweep tiny.yaml -o' 'sweep tiny.yaml -o' status verify 'merge joined'; do
    # shellcheck disable=SC2086 # several words
    expect 0 -F '' "$RITARDANDO" $command full
done
(cd full && find . -print | sort) >after
[ -z "$(comm -23 before after)" ] || wrong "gone: $(comm -23 before after)"

# A folder that is deleted, or moved with its name used anew, while a sweep writes to it.
begin slow.yaml deleted
until rm -rf deleted 2>/dev/null; do sleep 0.05; done
ends 74 'deleted: the run folder is no longer there; nothing more is written'
[ ! -e deleted ] || wrong "the deleted folder is there again: $(find deleted)"
begin slow.yaml moved
mv moved moved.old
"$RITARDANDO" sweep tiny.yaml -o moved 2>/dev/null || wrong "the name of a moved folder is not free"
new=$(hash_of moved)
ends 74 'moved: the run folder .*; nothing more is written'
[ "$new" = "$(hash_of moved)" ] || wrong "the dataset of the new run is that of the old one"
expect 75 -F 'missing' "$RITARDANDO" status moved.old
begin slow.yaml halved
rm -rf halved/results
ends 74 'halved/results/000001.journal: the file is no longer there; nothing more is written'
"$RITARDANDO" sweep tiny.yaml -o earlier 2>/dev/null
"$RITARDANDO" sweep grown.yaml -o earlier 2>said &
sweep=$!
rm earlier/results/000001.journal
wait "$sweep"
code=$?
[ $code = 74 ] || [ "$(find earlier/results -name '*.journal' -size +0 | wc -l)" = 1 ] || wrong "$code: $(cat said)"
expect 0 -F '' "$RITARDANDO" sweep grown.yaml -o earlier
expect 0 -F '6 points' "$RITARDANDO" status earlier

# A wrong config on a finished run replaces nothing; a grown one does without a question, and the old one is kept.
"$RITARDANDO" sweep tiny.yaml -o finished 2>/dev/null
old=$(cat finished/config.yaml; hash_of finished)
expect 65 -F 'finished: holds 4 results of another config, which has no point in common with this one' \
    "$RITARDANDO" sweep other.yaml -o finished
[ "$old" = "$(cat finished/config.yaml; hash_of finished)" ] || wrong "the finished run was changed"
cp finished/config.yaml old.yaml
expect 0 -F 'now config.before-000003.yaml' "$RITARDANDO" sweep grown.yaml -o finished
cmp -s old.yaml finished/config.before-000003.yaml || wrong "the config before is not kept"
expect 65 -F 'finished: is the run folder of a sweep' "$RITARDANDO" reference p-spin end=1 waiting-times=0.5 -o finished
mv finished/config.yaml away.yaml
expect 0 -F 'complete' "$RITARDANDO" sweep other.yaml -o finished

# Names of any kind, and folders reached by other ways.
mkdir here real
ln -s real link
for run in 'a b' $'new\nline' '100%s%n' 'quote"'"'" link 'real/' here/../here ./-o "$(printf 'd%.0s' {1..200})"; do
    expect 0 -F 'complete' "$RITARDANDO" sweep tiny.yaml -o "$run"
    expect 0 -F '4 points' "$RITARDANDO" status "$run"
done
expect 0 -F 'complete' env -C here "$RITARDANDO" sweep ../tiny.yaml -o .

# A umask that hides files from their owner; limits to files.
(umask 0777 && exec "$RITARDANDO" sweep tiny.yaml -o hidden 2>/dev/null) || wrong "umask 0777: exit code $?"
[ "$(stat -c %a hidden/phase-diagram.h5 hidden | tr '\n' ' ')" = "600 700 " ] || wrong "$(ls -la hidden)"
expect 74 -F 'File too large' bash -c "ulimit -f 8; exec '$RITARDANDO' sweep tiny.yaml -o small"
expect 0 -F 'complete' "$RITARDANDO" sweep tiny.yaml -o small
for n in 5 6 7 8 9 10; do
    (ulimit -n $n && exec "$RITARDANDO" sweep tiny.yaml -o open$n) >out 2>&1
    code=$?
    [ $code = 0 ] || { [ $code -ge 74 ] && [ $code -le 75 ] && grep -q 'Too many open files' out; } || wrong "$n files: $code, $(cat out)"
done

# The environment is no place to trust.
expect 65 -F 'RITARDANDO_ISA=%s%n: this program or this CPU does not have these kernels' \
    env RITARDANDO_ISA=%s%n "$RITARDANDO" sweep tiny.yaml -o environment
expect 0 -F 'complete' env RITARDANDO_ISA= RITARDANDO_DATA= HOME= XDG_DATA_HOME=relative TMPDIR=/nowhere \
    SLURM_JOB_END_TIME= SLURM_JOB_ID= OMPI_MCA_orte_enable_recovery= "$RITARDANDO" sweep tiny.yaml -o environment
long=$(printf 'x%.0s' {1..20000})
expect 65 -F 'RITARDANDO_ISA=xxxx' env RITARDANDO_ISA="$long" "$RITARDANDO" sweep tiny.yaml -o environment
printf 'grid: {width: [3]}\ndata: {source: chorales, chorales: 1}\nstop: {tau: 2}\n' >chorales.yaml
expect 74 -F 'xxxx' env RITARDANDO_DATA="$long" "$RITARDANDO" check chorales.yaml
expect 74 -F '(no home folder): there is no chorale file here' \
    env -u RITARDANDO_DATA HOME="$long" XDG_DATA_HOME= "$RITARDANDO" check chorales.yaml
exit 0 # unless something was not as expected
