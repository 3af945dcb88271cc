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
