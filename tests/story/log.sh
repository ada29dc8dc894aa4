#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# quick
# A sceptic with the program, the public files of a register and nothing else: no data folder, no server. Exit codes 0
# to 4 (docs/commands.md), answers on standard output, reasons on standard error, one JSON value with --json.
set -u
number=0
expect() { # expect NAME WANTED GOT
    number=$((number + 1))
    if [ "$2" = "$3" ]; then echo "ok $number - $1"; else echo "not ok $number - $1: wanted \"$2\", got \"$3\""; fi
}
unset LC_ALL LANG
FILON_DATA=$STORY_DIR/nobody
export FILON_DATA
logs=$TEST_DATA/tlog/dev/logs
if [ ! -d "$logs/synth-600" ]; then
    echo "no registers of others beside the tree"
    exit 77
fi
cd "$STORY_DIR" || exit 1
cp -r "$logs/synth-600" good && cp -r "$logs/synth-600-fork" fork && chmod -R u+w good fork
{
    sed -n '1s/^/log /p' good/keys.txt
    sed -n '2,4p' good/keys.txt | sed '=' | sed 'N;s/^\([0-9]*\)\n/witness w\1 /'
    printf 'group two 2 w1 w2 w3\nquorum two\n'
} >policy
code() {
    "$FILON" log "$@" >out 2>err
    echo $?
}
silent() { if [ -s "$1" ]; then echo no; else echo yes; fi; }

expect "a sound register" "0 yes" "$(code verify good --policy policy --foreign) $(silent err)"
expect "says its size" yes "$(grep -q '600 entries' out && echo yes)"
expect "in French" 0 "$(code verify good --policy policy --foreign --lang fr)"
expect "its words" yes "$(grep -q '600 écritures' out && echo yes)"
expect "in JSON" 0 "$(code verify good --policy policy --foreign --json)"
expect "one value" '{"ok":true,"origin":"synth.dev.example/log","size":600,' "$(head -c 55 out)"
expect "options stand where they like" 0 "$(code verify --foreign --policy=policy good)"
expect "two histories" "3 yes" "$(code verify fork --policy policy --foreign --old good/checkpoint) $(silent out)"
expect "two histories in JSON" 3 "$(code verify fork --policy policy --foreign --old good/checkpoint --json)"
expect "have a number" '{"ok":false,"why":"CHECKPOINT_FORKED","number":790,"where":"good/checkpoint"}' "$(cat out)"
expect "the past they share" 0 "$(code verify fork --policy policy --foreign --old good/checkpoints/257)"

expect "a proof" 0 "$(code prove good 300 --policy policy --leaf leaf)"
cp out proof
expect "holds" 0 "$(code verify-proof proof --leaf leaf --policy policy)"
expect "for its register's key alone" 0 "$(code verify-proof proof --leaf leaf --vkey "$(cat good/vkey)")"
expect "not for another entry" 1 "$(code verify-proof proof --leaf policy --policy policy)"
grep -v '^— w[23]' proof >few
expect "nor for too few witnesses" 4 "$(code verify-proof few --leaf leaf --policy policy)"
expect "the entry is the bytes that were logged" 300 "$(sed 's/.*"seq":\([0-9]*\).*/\1/' leaf)"

expect "two notes are evidence" 3 "$(code evidence good/checkpoint fork/checkpoint --policy policy)"
expect "one note twice is none" 0 "$(code evidence good/checkpoint good/checkpoints/600 --policy policy)"
expect "two sizes want a proof" 0 "$(code evidence good/checkpoint fork/checkpoints/511 --policy policy)"
expect "and have it" 3 "$(code evidence good/checkpoint fork/checkpoints/511 --policy policy --log good)"

expect "a monitor's first round" 0 "$(code watch good --policy policy --state seen)"
expect "its second" 0 "$(code watch good --policy policy --state seen)"
expect "a fork" 3 "$(code watch fork --policy policy --state seen)"
expect "is kept" 2 "$(find seen -name 'evidence-*' | wc -l | tr -d ' ')"
expect "and convinces others" 3 "$(code evidence seen/evidence-*-6c64f310 seen/evidence-*-9457ab44 --policy policy)"

printf x | dd of=good/tile/entries/001 bs=1 seek=5000 conv=notrunc 2>/dev/null
expect "damage" 1 "$(code verify good --policy policy --foreign)"
expect "is named" yes "$(grep -q 'tile/0/001: ' err && echo yes)"
for words in '' nobody verify 'verify good' 'prove good' 'watch good' 'evidence good/checkpoint' 'verify-proof proof'; do
    # shellcheck disable=SC2086 # the words of a command
    expect "filon log $words: not understood" "2 yes no" "$(code $words) $(silent out) $(silent err)"
done
expect "help names the subcommands" 13 "$("$FILON" help log | grep -c '^  filon log')"
expect "no folder was begun" no "$([ -e "$FILON_DATA" ] && echo yes || echo no)"
