#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# quick
# What docs/commands.md promises of every command: exit codes 0, 1 and 2, the reason on standard error, one JSON value
# or one a line with --json, and no folder begun by a word that was mistyped.
set -u
number=0
expect() { # expect NAME WANTED GOT
    number=$((number + 1))
    if [ "$2" = "$3" ]; then echo "ok $number - $1"; else echo "not ok $number - $1: wanted \"$2\", got \"$3\""; fi
}
coop=$STORY_DIR/coop
code() {
    "$FILON" "$@" --data "$coop" >"$STORY_DIR/out" 2>"$STORY_DIR/err"
    echo $?
}
silent() { if [ -s "$STORY_DIR/$1" ]; then echo no; else echo yes; fi; }
unset LC_ALL LANG FILON_DATA

for command in audit rebuild 'user list' 'statement ada' 'import members x.csv'; do
    # shellcheck disable=SC2086 # the words of a command
    expect "$command wants a co-operative" 1 "$(code $command)"
done
expect "and begins no folder" no "$([ -e "$coop" ] && echo yes || echo no)"

expect "found refuses a file that is not there" 1 "$(code found no-such-file.json)"
expect "founds" 0 "$(code found tests/coop.json)"
expect "but not twice" 1 "$(code found tests/coop.json)"
expect "and says why on standard error" "no yes" "$(silent err) $(silent out)"
handle=$("$FILON" user list --json --data "$coop" | sed -n '1s/.*"handle":"\([^"]*\)".*/\1/p')

for command in '' 'no-such-command' 'found' 'audit extra' 'audit --no-such-option' 'audit --lang de' 'rebuild extra' \
    'version extra' 'help no-such-command' 'statement' 'user' 'user role somebody king' 'import' 'import etsy x.csv' \
    'serve --port 80a' 'serve --port 65536' 'serve extra' 'demo --members many' 'demo --offers -1'; do
    # shellcheck disable=SC2086
    "$FILON" $command --data "$coop" >"$STORY_DIR/out" 2>"$STORY_DIR/err"
    expect "filon $command: not understood" "2 yes no" "$? $(silent out) $(silent err)"
done
for command in 'statement nobody' 'statement nobody --json' 'user link nobody' 'user role nobody +auditor' \
    'import members no-such-file.csv' 'statement --coop --currency XXX'; do
    # shellcheck disable=SC2086
    expect "filon $command: refused" "1 no" "$(code $command) $(silent err)"
done
for command in audit rebuild version help 'help audit' 'user list' "statement $handle" "statement @$handle --json" \
    'statement --coop --csv' "user link $handle --json" "user role $handle +auditor --json"; do
    # shellcheck disable=SC2086
    expect "filon $command: done" 0 "$(code $command)"
done
expect "JSON of an audit" '{"accounts":0,"entries":0,"transfers":0,"orders":0,"register":14,"findings":0}' \
    "$("$FILON" audit --json --data "$coop")"
expect "FILON_DATA names the folder" 0 "$(FILON_DATA=$coop "$FILON" audit >/dev/null 2>&1; echo $?)"
expect "--lang says it in French" yes "$("$FILON" audit --lang fr --data "$coop" | grep -q anomalies && echo yes)"
expect "and so does the session" yes "$(LC_ALL=fr_FR.UTF-8 "$FILON" audit --data "$coop" | grep -q anomalies && echo yes)"
