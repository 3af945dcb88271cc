#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The data on the command line: the table of sources, a file that is not there or is not it, and their exit codes.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
real=${RITARDANDO_DATA:-}
unset RITARDANDO_DATA
export XDG_DATA_HOME="$folder/home"

# expect CODE TEXT ARGUMENTS: the program leaves with CODE and its output has TEXT.
expect() {
    code=$1 text=$2
    shift 2
    "$RITARDANDO" "$@" >"$folder/out" 2>&1
    found=$?
    if [ "$found" -ne "$code" ] || ! grep -qF -- "$text" "$folder/out"; then
        echo "$*: exit code $found (expected $code with '$text')"
        cat "$folder/out"
        exit 1
    fi
}

expect 0 '| chorales                                               |         12 |' data-statistics --chorales 12 composer
expect 64 "'bach' is not known here" data-statistics bach
expect 64 usage data-statistics --chorales many
expect 74 "$folder/home/ritardando/jsb-chorales-quarter.json: there is no chorale file here" data-statistics

printf 'data: {source: chorales, file: %s}\n' "$folder/cut.json" >"$folder/bach.yaml"
expect 74 "$folder/cut.json: there is no chorale file here" sweep "$folder/bach.yaml" -o "$folder/run"
printf '{"train": [[[60, 64],\n [6' >"$folder/cut.json"
expect 65 "$folder/cut.json:2:4: the file ends before its lists are closed" sweep "$folder/bach.yaml" -o "$folder/run"

expect 65 'should be 2db9329f1881a1d3f49703ec556bf1d6f84b4f6c1d702c156536e93cf31e1c91' fetch-data --from "file://$folder/cut.json"
expect 74 'cannot fetch it' fetch-data --from "file://$folder/nowhere.json"
expect 64 usage fetch-data one two
if [ -n "$real" ]; then
    expect 0 "$folder/home/ritardando/jsb-chorales-quarter.json: the 382 chorales" fetch-data --from "file://$real"
    expect 0 '|        382 |        382 |' data-statistics
else
    echo "RITARDANDO_DATA is not set: the right file is not fetched"
fi
