#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is said about folders that are missing, empty, or no folders at all: the one that was typed, and why not.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

# complains CODE LINE ARGUMENTS: of the program.
complains() {
    expect "$1" -xF "ritardando: $2" "$RITARDANDO" "${@:3}"
}

mkdir empty
echo text >file
printf 'grid: {width: [2]}\ndata: {chorales: 1}\nstop: {tau: 1}\n' >config.yaml
for command in status show analyse verify 'replay 0' 'merge joined'; do
    read -r name argument <<<"$command"
    for folder in nowhere file empty; do
        case $folder in
        nowhere) code=74 line="nowhere: there is no such folder" ;;
        file) code=74 line="file: is not a folder" ;;
        empty) code=65 line="empty: this is not the folder of a run" ;;
        esac
        if [ "$name" = merge ]; then
            complains "$code" "$line" merge "$argument" "$folder"
            complains "$code" "$line" merge "$argument" "$folder" --config config.yaml
        else
            complains "$code" "$line" "$name" "$folder" ${argument:+"$argument"}
        fi
    done
done
[ "$(ls)" = "config.yaml
empty
file
out" ] || { echo "something was written:"; ls; failures=$((failures + 1)); }

# A run that was started and has nothing yet.
mkdir -p started/claims
complains 65 "started: there is no finished point yet" show started
complains 65 "started: there is no finished point yet" analyse started
complains 65 "started: there is no finished point yet" verify started
complains 65 "started: there is no finished point yet" replay started 0

# Folders that cannot be made.
complains 74 "file: is not a folder" sweep config.yaml -o file
complains 74 "file/run: cannot create the folder: Not a directory" sweep config.yaml -o file/run
"$RITARDANDO" sweep config.yaml -o run 2>/dev/null || exit 1
complains 74 "file: is not a folder" merge file run

# A sweep that a file has stopped says so, since the same command alone would not continue.
mkdir stopped
printf 'grid: {width: [60], seed: [1, 2]}\nstop: {tau: 1e6, when-learned: false}\n' >long.yaml
"$RITARDANDO" sweep long.yaml -o stopped 2>said &
sweep=$!
for _ in $(seq 100); do grep -q 'results in stopped' said && break; sleep 0.1; done
touch stopped/stop
wait $sweep
[ $? = 75 ] && [ "$(tail -1 said)" = "ritardando: stopped/stop: this file lets nothing start here; remove it to go on" ] ||
    { cat said; failures=$((failures + 1)); }
exit 0 # unless something was not as expected
