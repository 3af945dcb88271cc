#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A run is looked at, joined and continued from anywhere: a path in a config is seen from the config's folder, wherever the
# command is given; and a run that was copied to where its data are not can still be read.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
unset RITARDANDO_DATA
export XDG_DATA_HOME=$work/nowhere

mkdir -p a/sub
echo '{"train": [[[60, 64, 67, 72], [62, 65, 69, 74], [59, 62, 67, 79], [60, 64, 67, 72]]], "valid": [], "test": []}' >a/c.json
printf 'grid: {width: [3, 4]}\ndata: {source: chorales, chorales: 1, file: c.json}\nstop: {tau: 1}\n' >a/c.yaml
expect 0 -F '2 points' "$RITARDANDO" check a/c.yaml
(cd a && "$RITARDANDO" sweep c.yaml -o run 2>/dev/null) || exit 1
grep -qF "file: \"$work/a/c.json\"" a/run/config.yaml || { cat a/run/config.yaml; exit 1; }
for command in "status a/run" "verify a/run" "show a/run" "merge joined a/run" "sweep a/c.yaml -o a/run" \
    "sweep a/run/config.yaml -o a/run" "sweep a/sub/../c.yaml -o joined"; do
    # shellcheck disable=SC2086
    expect 0 -E . "$RITARDANDO" $command
    ! grep -q 'another config' out || { echo "$command: it takes the config for another one"; exit 1; }
done

# Its data left behind: all but training works.
mkdir far
cp -r a/run far/run
rm a/c.json
expect 0 -F '2 points: ' "$RITARDANDO" status far/run
expect 0 -F '2 of 2 points finished' "$RITARDANDO" show far/run
expect 0 -F '2 of 2 points' "$RITARDANDO" merge far/joined far/run
expect 74 -F "there is no chorale file" "$RITARDANDO" verify far/run
expect 74 -F "a share is not known without its data" "$RITARDANDO" merge --shares 2 far/again far/run
expect 74 -F "$work/a/c.json: there is no chorale file here; name it in data.file (seen from the config" \
    "$RITARDANDO" check a/c.yaml
# Where this machine has them, they are found.
echo '{"train": [[[60, 64, 67, 72], [62, 65, 69, 74], [59, 62, 67, 79], [60, 64, 67, 72]]], "valid": [], "test": []}' >here.json
RITARDANDO_DATA=$work/here.json expect 0 -F 'the same, bit for bit' "$RITARDANDO" verify far/run --sample 100%
RITARDANDO_DATA=$work/here.json expect 0 -F '2 of 2 points' "$RITARDANDO" merge --shares 2 far/again far/run

# What a sweep has not yet written into its dataset, or never could, is shown nevertheless.
rm far/run/phase-diagram.h5
expect 0 -F '2 of 2 points finished' "$RITARDANDO" show far/run
expect 0 -F 'Critical widths' "$RITARDANDO" analyse far/run
