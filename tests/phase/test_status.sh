#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ritardando status on a small sweep, complete and with results missing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/config.yaml" <<'YAML'
grid:
  width: [2, 3, 4, 6]
  seed: [1, 2]
data: {source: composer, chorales: 1}
observe: {thresholds: [0.1, 0.25, 0.3]}
stop: {tau: 12}
YAML
"$RITARDANDO" sweep "$folder/config.yaml" -o "$folder/run" 2>/dev/null
said=$("$RITARDANDO" status "$folder/run")
echo "$said"
grep -q '^8 points: ' <<<"$said"
grep -q '0 failed, 0 missing$' <<<"$said"
grep -q 'Critical widths so far' <<<"$said"
grep -q '| all runs |' <<<"$said"

# A wider grid over the same results: the new points are missing.
sed 's/width: .*/width: [2, 3, 4, 6, 8]/' "$folder/run/config.yaml" >"$folder/config.yaml"
cp "$folder/config.yaml" "$folder/run/config.yaml"
code=0
said=$("$RITARDANDO" status "$folder/run") || code=$?
echo "$said"
[ "$code" = 75 ]
grep -q ' 2 missing$' <<<"$said"
grep -q 'missing point' <<<"$said"
