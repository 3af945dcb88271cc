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

# The chorale file is gone, as on another machine: the counts are the same.
cat >"$folder/chorales.json" <<'JSON'
{"train": [[[60, 64], [62, 65], [64, 67], [60, 64]]], "valid": [], "test": []}
JSON
cat >"$folder/bach.yaml" <<YAML
grid: {width: [2, 3], seed: [1, 2]}
data: {source: chorales, file: $folder/chorales.json, first: 0, chorales: 1}
stop: {tau: 2}
YAML
unset RITARDANDO_DATA
"$RITARDANDO" sweep "$folder/bach.yaml" -o "$folder/bach" 2>/dev/null
before=$("$RITARDANDO" status "$folder/bach" | grep -v 'last result came')
rm "$folder/chorales.json"
after=$("$RITARDANDO" status "$folder/bach" | grep -v 'last result came')
[ "$before" = "$(grep -v 'recognised by their parameters' <<<"$after")" ]
[ "$before" != "$after" ]
sed 's/seed: .*/seed: [1, 2, 3]}/' "$folder/bach.yaml" >"$folder/bach/config.yaml"
code=0
said=$("$RITARDANDO" status "$folder/bach") || code=$?
echo "$said"
[ "$code" = 75 ]
grep -q '^6 points: .* 2 missing$' <<<"$said"
code=0
"$RITARDANDO" status "$folder/bach" --share 0/2 2>/dev/null || code=$?
[ "$code" = 74 ]
