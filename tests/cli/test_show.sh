#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ritardando show counts as the analysis does: a width learns where half of its runs did; what diverged did not wait.
# shellcheck source=tests/expecting.sh
. "$(dirname "$0")/../expecting.sh"

cat >diverging.yaml <<'YAML'
grid: {width: [3, 4], seed: [1, 2]}
data: {chorales: 1}
rule: {eta: 900}
stop: {tau: 90000}
YAML
cat >aging.yaml <<'YAML'
grid: {width: [3], seed: [1, 2]}
data: {chorales: 1}
observe: {learning-time: false, aging: true, noise: true, waiting-times: [1]}
stop: {tau: 4}
YAML
cat >learning.yaml <<'YAML'
grid: {width: [3, 4], seed: [1, 2], rule.eta: [0.1, 0.2]}
data: {chorales: 1}
observe: {thresholds: [0.2, 0.3]}
stop: {tau: 5}
YAML
for name in diverging aging learning; do
    "$RITARDANDO" sweep "$name.yaml" -o "$name" 2>/dev/null
done
expect 0 -q '^  . *\(diverged\|failed\)' "$RITARDANDO" show diverging
expect 0 -q 'diverged' "$RITARDANDO" show diverging
grep -q '>' <(grep -v '^>T' out) && { echo "what diverged is shown as stopped"; failures=$((failures + 1)); }
expect 65 -q 'no learning times in this dataset (observe.learning-time)' "$RITARDANDO" show aging
expect 0 -q '^depth 1, rule_eta 0.2$\|^rule_eta 0.2$' "$RITARDANDO" show learning

# Where observe.sharpness saw steps beyond the edge of stability, show, analyse and the page say so, and nowhere else.
cat >edge.yaml <<'YAML'
grid: {width: [3, 4], rule.eta: [0.002, 0.5]}
data: {chorales: 1}
observe: {thresholds: [0.2, 0.3], sharpness: true, per-decade: 4}
stop: {tau: 3}
YAML
sed 's/0.002, 0.5/0.001, 0.002/' edge.yaml >stable.yaml
for name in edge stable; do
    "$RITARDANDO" sweep "$name.yaml" -o "$name" 2>/dev/null
done
warning='^eta lambda_max > 2 in 2 of 4 runs: learning times are those of the rule, not of the flow\.$'
expect 0 -q "$warning" "$RITARDANDO" show edge
expect 0 -q "$warning" "$RITARDANDO" analyse edge --resamples 100
"$RITARDANDO" analyse edge --resamples 100 --json 2>err >/dev/null
grep -q "$warning" err || { echo "analyse --json does not warn"; failures=$((failures + 1)); }
expect 0 -q 'edge/report.html' "$RITARDANDO" report edge
expect 0 -q '"edge": "eta lambda_max > 2 in 2 of 4 runs' grep '^"edge"' edge/report.html
"$RITARDANDO" report stable >/dev/null
expect 0 -q '"edge": "",' grep '^"edge"' stable/report.html
for command in show analyse; do
    "$RITARDANDO" "$command" stable >out 2>&1
    if grep -q 'lambda_max' out; then
        echo "$command warns of stable steps"
        failures=$((failures + 1))
    fi
done
