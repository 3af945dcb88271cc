#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The data on the command line: the table of sources, a file that is not there or is not it, and their exit codes.
. "$RITARDANDO_SOURCE/tests/expecting.sh"
folder=$work
real=${RITARDANDO_DATA:-}
unset RITARDANDO_DATA
export XDG_DATA_HOME="$folder/home"

# expects CODE TEXT ARGUMENTS: of the program.
expects() {
    expect "$1" -F "$2" "$RITARDANDO" "${@:3}"
}

expects 0 '| chorales                                               |         12 |' data-statistics --chorales 12 composer
expects 64 "'bach' is not known here" data-statistics bach
expects 64 "'many' is not a number within 1 .. 100000" data-statistics --chorales many
expects 74 "$folder/home/ritardando/jsb-chorales-quarter.json: there is no chorale file here" data-statistics

printf 'data: {source: chorales, file: %s}\n' "$folder/cut.json" >"$folder/bach.yaml"
expects 74 "$folder/cut.json: there is no chorale file here" sweep "$folder/bach.yaml" -o "$folder/run"
printf '{"train": [[[60, 64],\n [6' >"$folder/cut.json"
expects 65 "$folder/cut.json:2:4: the file ends before its lists are closed" sweep "$folder/bach.yaml" -o "$folder/run"

expects 65 'should be 2db9329f1881a1d3f49703ec556bf1d6f84b4f6c1d702c156536e93cf31e1c91' fetch-data --from "file://$folder/cut.json"
expects 74 'cannot fetch it' fetch-data --from "file://$folder/nowhere.json"
expects 64 "there are no data by the name of 'one'" fetch-data one two
printf '[[[60], [64, 64.0]]]' >"$folder/rolls.json"
expects 0 "$folder/home/ritardando/jsb-chorales-16th.json: in sixteenths" fetch-data chorales-16th --from "file://$folder/rolls.json"
expects 0 'none is known' fetch-data chorales-8th "$folder/eighths.json" --from "file://$folder/rolls.json"
(cd "$folder" && sha256sum --quiet -c eighths.json.sha256) || exit 1
expects 65 "$folder/cut.json:2:4: the file ends" fetch-data chorales-8th --from "file://$folder/cut.json"
if [ -n "$real" ]; then
    expects 0 "$folder/home/ritardando/jsb-chorales-quarter.json: the 382 chorales" fetch-data --from "file://$real"
    expects 0 '|        382 |        382 |' data-statistics
else
    echo "RITARDANDO_DATA is not set: the right file is not fetched"
fi
exit 0 # unless something was not as expected
