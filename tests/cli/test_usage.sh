#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command says in a sentence what is wrong with its arguments, by its own usage line, and explains itself wherever it
# is asked to. Options are understood however they are written.
. "$RITARDANDO_SOURCE/tests/expecting.sh"

says() { # TEXT COMMAND...: exit code 64, the sentence and the usage line, and nothing else
    local text=$1
    shift
    expect 64 -xF "ritardando: $1: $text" "$RITARDANDO" "$@"
    expect 64 -E "^usage: ritardando $1( |\$)" "$RITARDANDO" "$@"
    [ "$(wc -l <out)" = 2 ] || { echo "$*: more than that:"; cat out; failures=$((failures + 1)); }
}

says 'FILE and -o RUN are missing' sweep
says '-o RUN is missing' sweep tiny.yaml
says '-o FILE.h5 is missing' weights run point
says 'RUN, POINT and -o FILE.h5 are missing' weights
says 'POINT and -o FILE.h5 are missing' weights run --at 3
says '--at: its TAU,TAU,... is missing' weights run point -o f.h5 --at
says '-o: its RUN is missing' sweep tiny.yaml -o
says "there is no option '--shrae' (did you mean '--share'?)" sweep tiny.yaml -o run --shrae 1/2
says "there is no option '--s'" sing run point --s 3
says "'b' is one argument too many" show a b
says "'b' stands where KEY=VALUE is expected" check a b
says "'q-spin' stands where p-spin is expected" reference q-spin
says '--identities and --json: take one of them' show run --json --identities
says '--temperature and --most-likely: take one of them' sing run point --most-likely --temperature=1
says '-o is there twice' sweep tiny.yaml -o a -ob
says 'RUN is missing' merge out
says "there is no option '--schema=yes' (did you mean '--schema'?)" describe --schema=yes
says "'x' is one argument too many" version x

# Each command that needs anything names it; and help is given behind every argument, whatever they are worth.
"$RITARDANDO" help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | grep -vx help >names
[ "$(wc -l <names)" -ge 17 ] || { cat names; exit 1; }
while read -r name; do
    usage=$("$RITARDANDO" help "$name" | head -n 1)
    needed=$(sed "s/^usage: ritardando $name *//; s/\[[^]]*\]//g; s/ *$//" <<<"$usage")
    [ -z "$needed" ] || expect 64 -E '(is|are) missing$' "$RITARDANDO" "$name"
    for arguments in '' 'a' 'a b' 'a -o' 'a -o b' 'a --unknown' 'a b c=1 d' '--share' '-- a'; do
        for help in --help -h; do
            # shellcheck disable=SC2086 # words
            [[ $arguments = -- ]] || expect 0 -xF "$usage" "$RITARDANDO" $name ${arguments/-- /} $help
        done
    done
    expect 64 -F "there is no option '--unknown'" "$RITARDANDO" "$name" --unknown
done <names
for asked in help --help -h 'help help' 'help --help' '--help -h'; do
    # shellcheck disable=SC2086 # words
    expect 0 -E '^usage: ritardando COMMAND' "$RITARDANDO" $asked
done

# However they are written, for commands of any kind.
printf 'grid: {width: [3, 4], seed: [1, 2]}\ndata: {chorales: 1}\nstop: {tau: 2}\n' >tiny.yaml
for run in '-o run' '-orun' '--output run' '--output=run' '--out=run'; do
    # shellcheck disable=SC2086 # words
    expect 0 -F '4 of 4 points done' "$RITARDANDO" sweep $run tiny.yaml
done
expect 0 -F 'points done' "$RITARDANDO" sweep --sha=0/2 -o other -- tiny.yaml
for at in '--at 1' '--at=1' '--a=1'; do
    # shellcheck disable=SC2086 # words
    expect 0 -F '1 time' "$RITARDANDO" weights run width=3,seed=1 $at -ow.h5
done
expect 0 -F 'learned' "$RITARDANDO" show -- run
expect 0 -F 'the same, bit for bit' "$RITARDANDO" verify --sample=1 --key=4 run
expect 64 -F "--key: 'x' is not a number within 0 .. 9e15" "$RITARDANDO" verify run --key x
expect 64 -F "--chorales: '0' is not a number within 1 .. 100000" "$RITARDANDO" data-statistics --chorales=0
expect 64 -F "--shares: '0'" "$RITARDANDO" merge out run --shares 0
expect 64 -F "there are no data by the name of 'bach'" "$RITARDANDO" fetch-data bach here
