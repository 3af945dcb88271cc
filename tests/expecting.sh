# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# For tests of what the program says: a folder of their own to work in, and a count of what was not as expected, which
# makes them fail at their end.
set -u
work=$(mktemp -d)
failures=0
leave() {
    local code=$?
    rm -rf "$work"
    [ "$failures" = 0 ] || exit 1
    exit "$code"
}
trap leave EXIT
cd "$work" || exit 1

# expect CODE GREP-OPTION TEXT COMMAND...: the command's exit code, and a text that grep finds in all it says.
expect() {
    local code=$1 option=$2 text=$3
    shift 3
    "$@" >out 2>&1
    local got=$?
    if [ "$got" != "$code" ] || ! grep -q "$option" -- "$text" out; then
        echo "$*: exit code $got, wanted $code with /$text/:"
        cat out
        failures=$((failures + 1))
    fi
}
