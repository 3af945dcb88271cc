#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What commands print arrives, or the exit code says that it did not; and every command explains itself wherever it is
# asked to.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

printf 'grid: {width: [3, 4], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 2}\n' >tiny.yaml
"$RITARDANDO" sweep tiny.yaml -o run 2>/dev/null
"$RITARDANDO" describe >all.yaml
commands=("show run" "status run" "check tiny.yaml" "plan tiny.yaml" "verify run" "report run" "weights run width=3,seed=1 -o w.h5" "sing run width=3,seed=1" "merge joined run" "--version" "-V" version help "help show"
    "show --help" describe "describe --schema" "analyse run" "data-statistics --chorales 3 composer" "replay run width=3,seed=1"
    "reference p-spin -o glass end=2 waiting-times=1")
known=$("$RITARDANDO" help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | grep -v help)
for name in $known; do
    case $name in
    sweep) continue ;; # prints nothing there
    fetch-data) ;; # needs the network
    spectrum) if "$RITARDANDO" version | grep -q 'ScaLAPACK  *there'; then commands+=("spectrum run width=3,seed=1 --predict"); fi
        export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 ;; # MPI's own leaks are not ours
    *) [[ " ${commands[*]} " == *" $name"* ]] || { echo "nothing here tries '$name'"; failures=$((failures + 1)); } ;;
    esac
done

for command in "${commands[@]}"; do
    # shellcheck disable=SC2086 # words
    {
        "$RITARDANDO" $command >/dev/full 2>err
        code=$?
        if [ "$code" != 74 ] || ! grep -q 'standard output' err; then
            echo "$command: exit code $code with a full disk behind it: $(cat err)"
            failures=$((failures + 1))
        fi
        "$RITARDANDO" $command >/dev/null 2>err
        plain=$?
        # Who reads no more has lost nothing.
        { "$RITARDANDO" $command 2>err; echo $? >code; } | true
        code=$(cat code)
        if [ "$code" != "$plain" ] && [ "$code" != 141 ] || grep -q 'standard output' err; then
            echo "$command: exit code $code instead of $plain without a reader: $(cat err)"
            failures=$((failures + 1))
        fi
    }
done
expect 64 -F 'usage: ritardando show RUN' bash -c '"$RITARDANDO" show >/dev/full' # nothing was printed, nothing is lost

for asked in "help sweep" "sweep --help" "sweep -h" "sweep tiny.yaml --help" "sweep tiny.yaml -o run -h"; do
    # shellcheck disable=SC2086
    expect 0 -E '^usage: ritardando sweep FILE' "$RITARDANDO" $asked
done
for line in '^ritardando [0-9]' '^numerics version  [0-9]' '^kernels  *[a-z]' '^MPI  *[A-Z]' '^HDF5  *[0-9]' '^ScaLAPACK  *(there|none)'; do
    expect 0 -E "$line" "$RITARDANDO" -V
done
