#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Run every fuzzer of a build for a while, starting from its corpus:  run.sh BUILD SECONDS
# What it finds worth keeping goes to BUILD/found/NAME, an input that crashes it to BUILD/crash-NAME-..., which ends this.
set -euo pipefail
build=$1 seconds=$2
here=$(dirname "$0")
for source in "$here"/fuzz_*.c; do
    name=$(basename "$source" .c)
    name=${name#fuzz_}
    mkdir -p "$build/found/$name"
    if ! "$build/tests/fuzz_$name" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="$build/crash-$name-" \
        "$build/found/$name" "$here/corpus/$name" 2>"$build/$name.log"; then
        tail -n 40 "$build/$name.log" >&2
        exit 1
    fi
    sed -n "s/^stat::number_of_executed_units: */$name: inputs tried in $seconds s: /p" "$build/$name.log"
done
