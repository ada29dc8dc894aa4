#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Three co-ops that witness one another (specs register 4.3, 4.6): a commit is witnessed by two of three within two
# seconds, one of the three being down; then one of them comes back from an old copy of its folder, in every way that
# such a thing happens, and must never sign again what it had signed otherwise.
set -u
number=0
ok() { # ok NAME COMMAND...
    name=$1
    shift
    number=$((number + 1))
    if "$@"; then echo "ok $number - $name"; else echo "not ok $number - $name"; fi
}
dir=$STORY_DIR
unset LC_ALL LANG FILON_DATA

# serve NAME: on the port that it had before, or any.
serve() {
    port=0
    [ ! -f "$dir/$1.port" ] || port=$(cat "$dir/$1.port")
    : >"$dir/$1.out"
    "$FILON" serve --data "$dir/$1" --port "$port" --no-rate-limit >"$dir/$1.out" 2>>"$dir/$1.err" &
    echo $! >"$dir/$1.pid"
    until_true 100 test -s "$dir/$1.out" || return 1
    sed -n 's|^http://127.0.0.1:\([0-9]*\)/.*|\1|p' "$dir/$1.out" >"$dir/$1.port"
}
stop() { # stop NAME [SIGNAL]
    kill "-${2:-TERM}" "$(cat "$dir/$1.pid")" 2>/dev/null
    wait "$(cat "$dir/$1.pid")" 2>/dev/null
}
url() { echo "http://127.0.0.1:$(cat "$dir/$1.port")"; }
until_true() { # until_true TENTHS COMMAND...
    left=$1
    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}
# status NAME FIELD
status() { "$FILON" log status --json --data "$dir/$1" | sed "s/.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/"; }
is() { [ "$(status "$1" "$2")" = "$3" ]; }
is_witnessed() { [ "$(status "$1" witnessed)" = "$(status "$1" recorded)" ]; }
has_size() { [ "$(curl -sf "$(url "$1")/log/checkpoint" | sed -n 2p)" = "$2" ]; }
has_at_least() { [ "$(curl -sf "$(url "$1")/log/checkpoint" | sed -n 2p)" -ge "$2" ] 2>/dev/null; }
cosignatures() { curl -sf "$(url "$1")/log/checkpoint" | grep -c 'witness '; }
# entry NAME: one more member, one more entry.
members=0
entry() {
    members=$((members + 1))
    printf 'e-mail,name\nm%s@example.org,Member %s\n' $members $members >"$dir/members.csv"
    "$FILON" import members "$dir/members.csv" --admit --data "$dir/$1" >/dev/null || return 1
}
key() { "$FILON" log key --data "$dir/$1" | sed -n "s/^$2 //p"; }
# policy NAME QUORUM WITNESS...: WITNESS is a co-op, or "down", which nobody is.
policy() {
    name=$1 quorum=$2
    shift 2
    : >"$dir/policy"
    for who in "$@"; do
        if [ "$who" = down ]; then
            echo "witness down coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X http://127.0.0.1:9"
        else
            echo "witness $who $(key "$who" witness) $(url "$who")/witness"
        fi >>"$dir/policy"
    done
    { echo "group all $quorum $*" && echo 'quorum all'; } >>"$dir/policy"
    "$FILON" log policy "$dir/policy" --data "$dir/$name"
}
evidence() { find "$dir/$1/log/evidence" -name theirs 2>/dev/null | wc -l; }
# The tree of a register as strangers see it.
verifies() {
    curl -sf "$(url "$1")/log/policy" >"$dir/$1.policy" &&
        "$FILON" log verify "$(url "$1")/log" --policy "$dir/$1.policy" >"$dir/verify.out" 2>&1
}
end() { for who in a b c; do stop $who; done; }
trap end EXIT

# --- founding, exchanging keys ---
for who in a b c; do
    "$FILON" found tests/coop.json --data "$dir/$who" >/dev/null || exit 1
    serve $who || exit 1
    until_true 50 is_witnessed $who || exit 1
done
ok 'a register without a policy is published at once' has_at_least a 1
for who in a b c; do
    for other in a b c; do
        [ $who = $other ] || "$FILON" log peer add "$(key $other log)" "$(url $other)/log" --data "$dir/$who" >/dev/null
    done
done
printf 'witness x nonsense\nquorum none\n' >"$dir/bad"
ok 'a policy that does not parse is refused with its line' [ "$("$FILON" log policy "$dir/bad" --data "$dir/a" 2>&1 | grep -c 'bad:1:')" = 1 ]
policy a 2 b c down
policy b any a c
policy c any a b
ok 'a policy takes its quorum from others' until_true 50 is_witnessed a

# --- a commit, two seconds ---
entry a
ok 'a commit is witnessed by two of three within two seconds' until_true 20 is_witnessed a
ok 'and its checkpoint bears both' [ "$(cosignatures a)" -eq 2 ]
ok 'a stranger finds all of it sound' verifies a
entry b && entry c
ok 'so do the others' until_true 30 is_witnessed b
ok 'each is witnessed' until_true 30 is_witnessed c
hex=$(printf %s "$(curl -s "$(url a)/log/checkpoint" | head -n 1)" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
ok 'a witness shows what it holds' [ "$(curl -sf "$(url b)/witness/$hex/checkpoint" | sed -n 2p)" = "$(status a recorded)" ]

# --- an old copy of everything; signer and witnesses are newer ---
stop a && cp -r "$dir/a" "$dir/old"
serve a && entry a && until_true 50 is_witnessed a && entry a && until_true 50 is_witnessed a
newest=$(status a recorded)
stop a KILL
cp -r "$dir/a" "$dir/new"

restore() { # restore LOG SIGNER: each "old" or "new"; the database is old
    rm -rf "$dir/a"
    cp -r "$dir/old" "$dir/a"
    [ "$1" = old ] || { rm -rf "$dir/a/log" && cp -r "$dir/new/log" "$dir/a/log"; }
    [ "$2" = old ] || { rm -rf "$dir/a/signer" && cp -r "$dir/new/signer" "$dir/a/signer"; }
    rm -rf "$dir/a/log/evidence"
}
stands_still() { # stands_still HOW
    ok "$1: it stands still" until_true 50 is a state rolled_back
    ok "$1: evidence is written" [ "$(evidence a)" -ge 1 ]
    before=$(status a recorded)
    entry a 2>/dev/null
    ok "$1: nothing is appended" is a recorded "$before"
    "$FILON" log status --data "$dir/a" >/dev/null
    ok "$1: the command says 3" [ $? -eq 3 ]
    ok "$1: pages are still served" curl -sf -o /dev/null "$(url a)/en/"
}
restore old new && serve a
stands_still 'database and files old, signer new'
ok 'the witnesses have not moved' [ "$(curl -sf "$(url b)/witness/$hex/checkpoint" | sed -n 2p)" = "$newest" ]
stop a
restore new old && serve a
stands_still 'database and signer old, files new'
stop a
restore old old && serve a
stands_still 'all old, witnesses up'
stop a

# --- all old, and the witnesses are down: nobody can know, so nothing is signed ---
restore old old
signed=$(find "$dir/a/signer/state" -type f -exec cat {} + | openssl dgst -sha256 -r)
stop b && stop c && serve a
ok 'all old, witnesses down: nothing is signed' until_true 50 is a state unsure
ok 'but the ledger goes on' entry a
entry a && entry a && entry a
until_true 30 false
ok 'and still nothing is signed' [ "$signed" = "$(find "$dir/a/signer/state" -type f -exec cat {} + | openssl dgst -sha256 -r)" ]
serve b && serve c
ok 'the witnesses come back, and it is another history' until_true 100 is a state forked
ok 'with evidence' [ "$(evidence a)" -ge 1 ]
stop a KILL

# --- the newest one goes on as if nothing had been ---
rm -rf "$dir/a" && cp -r "$dir/new" "$dir/a" && serve a
ok 'the newest copy goes on' until_true 100 is_witnessed a
entry a
ok 'and is witnessed again' until_true 50 is_witnessed a
ok 'and sound' verifies a

# --- files that were lost are made again ---
stop a && rm -rf "$dir/a/log" && serve a
ok 'lost files are made again' until_true 100 has_size a "$(status a recorded)"
ok 'and are sound' until_true 50 verifies a

grep -h 'level=ERROR\|level=error' "$dir"/?.err | sort | uniq -c | sed 's/^/# /' | head -n 20
