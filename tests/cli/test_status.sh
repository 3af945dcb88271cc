#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# status says who runs a sweep, what is in training and how far, and what a restart would continue; a sweep that runs and one
# that was killed do not look alike.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

printf 'grid: {width: [60, 5], seed: [1, 2]}\ndata: {chorales: 10}\nstop: {tau: 1e5, when-learned: false}\nrun: {checkpoint: 0.1}\n' >long.yaml
"$RITARDANDO" sweep long.yaml -o run 2>log &
sweep=$!
for _ in $(seq 600); do compgen -G 'run/checkpoints/*.1' >/dev/null && break; sleep 0.1; done
expect 75 -E "^Running: process $sweep on .* since 20..-.*, start 1 of this run, 1 worker\.$" "$RITARDANDO" status run
expect 75 -E '^in training: [0-9a-f]{16}  width 60, seed .: tau [0-9.e+]* of 100000, NLL [0-9.]* bit, .* so far, checkpoint of .* ago$' \
    "$RITARDANDO" status run
kill -9 "$sweep"
wait "$sweep" 2>/dev/null
expect 75 -E "^Not running: .* process $sweep on .* is gone\. .* continues 1 point from checkpoints and begins 3\.$" \
    "$RITARDANDO" status run
expect 75 -E '^stopped at: [0-9a-f]*  width 60' "$RITARDANDO" status run
sed -i 's/^host: .*/host: elsewhere/' run/claims/000001
expect 75 -E 'is gone as far as can be seen from here' "$RITARDANDO" status run

printf 'grid: {width: [3], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 1}\n' >short.yaml
"$RITARDANDO" sweep short.yaml -o ready 2>/dev/null
expect 0 -E '^  [0-9a-f]{16} .*  *3  *2  censored  *1$' "$RITARDANDO" show --identities ready
identity=$(sed -n 's/^  \([0-9a-f]\{16\}\) .*/\1/p' out | head -n 1)
expect 0 -F 'The same, bit for bit' "$RITARDANDO" replay ready "$identity"
expect 0 -E '^The last result came .* ago\.$' "$RITARDANDO" status ready
! grep -qi 'running' out || { echo "who is done does not run:"; cat out; exit 1; }
exit 0 # unless something was not as expected
