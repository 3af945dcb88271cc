#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `ritardando check` and `describe`: what they say, and the exit codes scripts rely on.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

unset RITARDANDO_DATA
export HOME=$work XDG_DATA_HOME=$work

cat >good.yaml <<'END'
grid: {depth: [1, 2], width: [6, 20], seed: {from: 1, to: 30}}
END
expect 0 -E '^good.yaml is good: 120 points$' "$RITARDANDO" check good.yaml
expect 0 -E '^  seed +30  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..., 30$' "$RITARDANDO" check good.yaml
expect 0 -E '^The largest, depth 2, width 20, seed 1 trains on [0-9]+ chords and takes [0-9.]+ MB' \
    "$RITARDANDO" check good.yaml

# What the command line says goes before the file, and is kept with the run.
expect 0 -E '^good.yaml is good: 8 points$' "$RITARDANDO" check good.yaml seed=1 'width=[6, 8]' rule.eta='[0.1, 0.2]'
expect 65 -E "^ritardando: stop.tau=soon:1:10: stop.tau: 'soon' is not a number$" "$RITARDANDO" check good.yaml stop.tau=soon
printf 'grid: {width: [6, 20], seed: [1, 2]}\nstop: {tau: 9}\n' >small.yaml
expect 0 -E '1 of 1 points done' "$RITARDANDO" sweep small.yaml -o small stop.tau=0.5 width=4 seed=7 data.chorales=1
expect 0 -E '^# given on the command line: stop.tau=0.5 width=4 seed=7 data.chorales=1$' cat small/config.yaml
expect 0 -E '^  tau: 0.5$' cat small/config.yaml
expect 0 -E '1 point: .* 0 missing' "$RITARDANDO" status small
expect 64 -E 'usage: ritardando check FILE \[-o RUN\] \[KEY=VALUE ...\]' "$RITARDANDO" check

# The memory of a point, its checkpoints included, beside what there is.
printf 'data: {chorales: 1}\nmodel: {width: 2000}\n' >wide.yaml
if bash -c "ulimit -d 292968; exec '$RITARDANDO' --version" >/dev/null 2>&1; then # not with sanitizers
    expect 0 -E '^Warning: that is more than the 300.0 MB that a process can have here; it needs a larger machine.$' \
        bash -c "ulimit -d 292968; exec '$RITARDANDO' check wide.yaml"
fi
printf 'data: {chorales: 1}\nrule: {eta: 1e-6}\nstop: {tau: 1e12}\n' >endless.yaml
expect 65 -F 'endless.yaml: stop.tau: at this rate' "$RITARDANDO" check endless.yaml

printf 'grid: {depht: [1, 2]}\nrule: {eta: fast}\n' >bad.yaml
expect 65 -E "^ritardando: bad.yaml:1:8: unknown key 'depht' in the grid \(did you mean 'depth'\?\)$" \
    "$RITARDANDO" check bad.yaml
expect 65 -E "^ritardando: bad.yaml:2:13: rule.eta: 'fast' is not a number$" "$RITARDANDO" check bad.yaml

printf 'grid: {seed: {from: 1, to: 1000000}}\n' >million.yaml
expect 65 -E '^ritardando: million.yaml:1:7: the grid has 1000000 points, but a sweep may have at most 200000$' \
    "$RITARDANDO" check million.yaml
[ "$(wc -l <out)" = 1 ] || { echo "a grid of a million points deserves one line"; failures=$((failures + 1)); }

: >empty.yaml
expect 65 -E 'empty.yaml: there is nothing in this config' "$RITARDANDO" check empty.yaml
printf 'batch: {kind: time-points, size: 5000}\n' >large.yaml
expect 65 -E 'large.yaml: batch.size: 5000 is more than the [0-9]+ time points' "$RITARDANDO" check large.yaml
printf 'data: {source: chorales, file: /nowhere.json}\n' >nodata.yaml
expect 74 -E 'nodata.yaml: /nowhere.json: ' "$RITARDANDO" check nodata.yaml
expect 74 -E 'missing.yaml: cannot open: No such file' "$RITARDANDO" check missing.yaml
expect 64 -E 'usage: ritardando check FILE' "$RITARDANDO" check
expect 64 -E 'usage: ritardando check FILE' "$RITARDANDO" check a b

expect 64 -E "there is no command 'chekc' \(did you mean 'check'\?\)" "$RITARDANDO" chekc
expect 64 -E "there is no command 'frobnicate';" "$RITARDANDO" frobnicate
expect 0 -E '^  depth: 1 +# whole number, 0 .. 30 \[layers\]$' "$RITARDANDO" describe
mv out reference.yaml
expect 0 -E '^reference.yaml is good: 1 point$' "$RITARDANDO" check reference.yaml
expect 0 -E 'json-schema.org' "$RITARDANDO" describe --schema
expect 64 -E 'usage: ritardando describe' "$RITARDANDO" describe --yaml

# A CPU without fused multiply-add is told so by whatever would train on it.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
printf 'data: {source: composer}\nmodel: {width: 4}\nstop: {tau: 1}\n' >small.yaml
expect 0 -E 'complete after' "$RITARDANDO" sweep small.yaml -o run
refused() {
    expect 65 -E "small.yaml: $1" "${@:2}" "$RITARDANDO" check small.yaml
    expect 65 -E "$1" "${@:2}" "$RITARDANDO" sweep small.yaml -o other
    expect 65 -E "$1" "${@:2}" "$RITARDANDO" verify run
    expect 65 -E "$1" "${@:2}" "$RITARDANDO" replay run 'seed 1'
}
refused 'RITARDANDO_ISA=mmx: this program or this CPU does not have these kernels' env RITARDANDO_ISA=mmx
if qemu-x86_64 -cpu max "$RITARDANDO" describe >/dev/null 2>&1; then # not with sanitizers
    refused 'this CPU has no fused multiply-add' qemu-x86_64 -cpu Nehalem
fi

printf 'task: {name: recall, delay: 1000}\n' >late.yaml
expect 65 -E 'task.delay: no chorale has a row of 1000 steps ago; the longest has [0-9]* rows' "$RITARDANDO" check late.yaml

printf 'grid: {seed: [1, 2, 3, 4]}\ndata: {chorales: 1}\n' >four.yaml
expect 0 -E '^Work: at most [0-9.e+]* floating-point operations, [0-9.e+]* of them in the longest point' "$RITARDANDO" check four.yaml
read -r all longest <<<"$(sed -n 's/^Work: at most \([^ ]*\) .*, \([^ ]*\) of them.*/\1 \2/p' out)"
awk -v a="$all" -v l="$longest" 'BEGIN {exit !(a > 3.5 * l && a < 4.5 * l)}' || { echo "$all is not four times $longest"; failures=$((failures + 1)); }
exit 0 # unless something was not as expected
