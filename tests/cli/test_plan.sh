#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `ritardando plan`: says what a sweep will take and changes nothing.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

unset RITARDANDO_DATA
export HOME=$work XDG_DATA_HOME=$work

cat >a.yaml <<'END'
grid: {width: [4, 20, 30, 40], seed: {from: 1, to: 3}}
data: {chorales: 1}
stop: {tau: 20}
observe: {thresholds: [0.2, 0.3]}
END
expect 0 -E '^ +12 of which nothing is known yet' "$RITARDANDO" plan a.yaml
expect 0 -E '^Work left: [0-9.e+-]+ core-seconds \([0-9.e+-]+ to [0-9.e+-]+\), at the pace of a short trial on this machine\.$' \
    "$RITARDANDO" plan a.yaml
expect 0 -E '^Memory: [0-9.]+ MB in each worker for the largest point\.$' "$RITARDANDO" plan a.yaml
expect 0 -E '^Longest: width [0-9]+, seed 1, .*: nothing like it has been run yet' "$RITARDANDO" plan a.yaml
expect 0 -E '^ +8 .* %$' "$RITARDANDO" plan a.yaml
expect 0 -E '^Time: [0-9.e+-]+ core-seconds .*plan' "$RITARDANDO" check a.yaml
expect 0 -E '^Longest: width ' "$RITARDANDO" check a.yaml
for command in check plan; do
    expect 0 -F 'Note: the longest point takes longer than run.wall-time, 1 s: the same command' "$RITARDANDO" "$command" a.yaml \
        run.wall-time=1 width=300 stop.tau=1e5
    ! "$RITARDANDO" "$command" a.yaml run.wall-time=1e9 | grep 'run.wall-time' || failures=$((failures + 1))
done

# With results the rest is foretold by them, at their pace; the run is left as it is.
"$RITARDANDO" sweep a.yaml -o run 'width=[4, 20, 30]' 2>/dev/null
find run -type f -exec sha256sum {} + | sort >before
expect 0 -E '^a.yaml: 12 points, 9 of them done in run$' "$RITARDANDO" plan a.yaml -o run
expect 0 -E '^ +3 by runs of their own line$' "$RITARDANDO" plan a.yaml -o run
expect 0 -E 'at the pace of the results there' "$RITARDANDO" plan a.yaml -o run
expect 0 -E '^Longest: width 40, .*: by the runs of its own line it learns after' "$RITARDANDO" plan a.yaml -o run
expect 0 -E '^ +100000 .* % +[0-9]+$' "$RITARDANDO" plan a.yaml -o run --workers 100000 --simulate seed='{from: 1, to: 500}'
find run -type f -exec sha256sum {} + | sort >after
cmp before after || failures=$((failures + 1))
expect 0 -E '^a.yaml: 9 points, 9 of them done in run$' "$RITARDANDO" plan a.yaml -o run 'width=[4, 20, 30]'

expect 64 -F "--workers: 'many' is no number from 1 to 10000000" "$RITARDANDO" plan a.yaml --workers many
expect 64 -F 'usage: ritardando plan FILE' "$RITARDANDO" plan
expect 65 -F 'a.yaml: .: this is not the folder of a run' "$RITARDANDO" plan a.yaml -o .
exit 0 # unless something was not as expected
