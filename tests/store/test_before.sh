#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A run of every version before is read: what was measured is shown, trained again with the same bits, joined with what this
# version makes of the same config, and continued. A version adds its own run to
# tests/store/before when it is released: a config, the journal and the dataset of a sweep of 4 points.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
hash_of() { h5dump -a content_hash "$1/phase-diagram.h5" | grep -o '"[0-9a-f]\{64\}"'; }

runs=("$RITARDANDO_SOURCE"/tests/store/before/run-*.tar.gz)
[ -e "${runs[0]}" ] || { echo "no run of before"; exit 1; }
for packed in "${runs[@]}"; do
    rm -rf run joined
    tar -xzf "$packed" --no-same-owner
    echo "$(basename "$packed" .tar.gz):"
    expect 0 -F '4 points: 4 learned' "$RITARDANDO" status run
    for row in '^ *3 +0\.6 +10\.6$' '^ *12 +0\.5 +5\.15$'; do
        expect 0 -E "$row" "$RITARDANDO" show run
    done
    expect 0 -F 'Critical widths' "$RITARDANDO" analyse run
    expect 0 -F '4 of 4 points' "$RITARDANDO" merge joined run
    for row in '^ *3 +0\.6 +10\.6$' '^ *12 +0\.5 +5\.15$'; do
        expect 0 -E "$row" "$RITARDANDO" show joined
    done
    rm run/phase-diagram.h5 # the journal alone
    expect 0 -E '^ *12 +0\.5 +5\.15$' "$RITARDANDO" show joined
    expect 0 -F '4 points: 4 learned' "$RITARDANDO" status run
    echo "content hash $(hash_of joined)"
    expect 0 -F '4 of 4 points trained again: the same, bit for bit' "$RITARDANDO" verify run --sample=100%
    rm -rf now both
    "$RITARDANDO" sweep run/config.yaml -o now 2>/dev/null
    expect 0 -F '8, of them 4 twice and equal' "$RITARDANDO" merge both run now
    expect 0 -F '6 of 6 points done, 2 of them now' "$RITARDANDO" sweep run/config.yaml -o run 'width=[3, 12, 14]'
    for row in '^ *3 +0\.6 +10\.6$' '^ *14 +0\.5 +4\.5$'; do
        expect 0 -E "$row" "$RITARDANDO" show run
    done
done
