#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# timeout 240
# Three co-ops witness one another (specs register 4.3 to 4.6). One is stopped, brought back from an old copy, and forked
# on purpose: each time its register stands still, evidence is written, and whoever checks is told by the exit code.
set -u
number=0
expect() { # expect NAME WANTED GOT
    number=$((number + 1))
    if [ "$2" = "$3" ]; then echo "ok $number - $1"; else echo "not ok $number - $1: wanted \"$2\", got \"$3\""; fi
}
command -v curl >/dev/null 2>&1 || { echo "curl is not installed" && exit 77; }
trap 'kill $(cat "$STORY_DIR"/*.pid 2>/dev/null) 2>/dev/null' EXIT

coop() { echo "$STORY_DIR/$1"; }
# begin NAME: serves it on the port it had before, waits for its address; url NAME tells it.
begin() {
    rm -f "$STORY_DIR/$1.out"
    "$FILON" serve --data "$(coop "$1")" --port "$(cat "$STORY_DIR/$1.port" 2>/dev/null || echo 0)" --no-rate-limit \
        >"$STORY_DIR/$1.out" 2>>"$STORY_DIR/$1.err" &
    echo $! >"$STORY_DIR/$1.pid"
    until [ -s "$STORY_DIR/$1.out" ]; do
        kill -0 "$(cat "$STORY_DIR/$1.pid")" 2>/dev/null || { tail -n 5 "$STORY_DIR/$1.err" && exit 1; }
        sleep 0.05
    done
    sed -n '1s|.*:\([0-9]*\)/.*|\1|p' "$STORY_DIR/$1.out" >"$STORY_DIR/$1.port"
}
url() { echo "http://127.0.0.1:$(cat "$STORY_DIR/$1.port")"; }
finish() { # finish NAME [SIGNAL]
    kill -s "${2:-TERM}" "$(cat "$STORY_DIR/$1.pid")"
    wait "$(cat "$STORY_DIR/$1.pid")"
    rm "$STORY_DIR/$1.pid"
}
key() { "$FILON" log key --data "$(coop "$1")" | sed -n "s/^$2 //p"; }
status() { "$FILON" log status --json --data "$(coop "$1")"; }
# reaches NAME TEXT: waits until its status says so, at most 20 s.
reaches() {
    tries=200
    while [ "$tries" -gt 0 ]; do
        tries=$((tries - 1))
        case $(status "$1") in *"$2"*) echo yes && return ;; esac
        sleep 0.1
    done
    status "$1"
}
# Any act that enters the register.
act() { "$FILON" import members "$STORY_DIR/more.csv" --admit --data "$(coop "$1")" >/dev/null; }
more() { printf 'name,email\nMember %s,m%s@example.org\n' "$1" "$1" >"$STORY_DIR/more.csv"; }
size() { status "$1" | sed -n 's/.*"recorded":\([0-9]*\).*/\1/p'; }
lines() { curl -s "$(url "$1")/log/checkpoint" | grep -ac '^— '; }

for name in lyon nantes brest; do
    "$FILON" found tests/coop.json --data "$(coop $name)" >/dev/null
    begin $name
done
for name in lyon nantes brest; do
    for other in lyon nantes brest; do
        [ $name = $other ] || "$FILON" log peer add "$(key $other log)" "$(url $other)" --data "$(coop $name)" >/dev/null
    done
done
policy() { # policy NAME OTHER OTHER
    printf 'log %s\nwitness %s %s %s/witness\nwitness %s %s %s/witness\ngroup others 2 %s %s\nquorum others\n' \
        "$(key "$1" log)" "$2" "$(key "$2" witness)" "$(url "$2")" "$3" "$(key "$3" witness)" "$(url "$3")" "$2" "$3"
}
policy lyon nantes brest >"$STORY_DIR/lyon.policy"
policy nantes lyon brest >"$STORY_DIR/nantes.policy"
policy brest lyon nantes >"$STORY_DIR/brest.policy"
for name in lyon nantes brest; do
    "$FILON" log policy "$STORY_DIR/$name.policy" --data "$(coop $name)" >/dev/null
done
for name in lyon nantes brest; do
    n=$(size $name)
    expect "$name is witnessed by both others" yes "$(reaches $name "\"witnessed\":$n")"
    expect "$name shows three signatures" 3 "$(lines $name)"
    "$FILON" log verify "$(url $name)/log" --policy "$STORY_DIR/$name.policy" >"$STORY_DIR/out" 2>&1
    expect "a stranger agrees about $name" 0 $?
done

# One witness away: the quorum of two is missed, the ledger goes on, the last witnessed checkpoint stays.
kept=$(curl -s "$(url lyon)/log/checkpoint" | sed -n 2p)
finish brest
more 1 && act lyon
expect "without brest the act is recorded" $((kept + 1)) "$(size lyon)"
expect "and not called witnessed" "$kept" "$(status lyon | sed -n 's/.*"witnessed":\([0-9]*\).*/\1/p')"
expect "the public still reads what two have seen" "$kept" "$(curl -s "$(url lyon)/log/checkpoint" | sed -n 2p)"
begin brest
expect "when brest is back, it is witnessed" yes "$(reaches lyon "\"witnessed\":$((kept + 1))")"

# An old copy of everything but the signer comes back: the signer knows better.
finish lyon
cp -r "$(coop lyon)" "$STORY_DIR/old"
begin lyon
more 2 && act lyon
late=$(size lyon)
expect "lyon goes on" yes "$(reaches lyon "\"witnessed\":$late")"
curl -s "$(url lyon)/log/checkpoint" >"$STORY_DIR/late"
finish lyon KILL
cp -r "$(coop lyon)" "$STORY_DIR/young"
replace() { # replace FOLDER: becomes lyon
    rm -rf "$(coop lyon)"
    cp -r "$STORY_DIR/$1" "$(coop lyon)"
}
mv "$STORY_DIR/old/signer" "$STORY_DIR/old.signer"
cp -r "$STORY_DIR/old" "$STORY_DIR/mixed"
cp -r "$STORY_DIR/young/signer" "$STORY_DIR/mixed/signer"
replace mixed
begin lyon
expect "an old store with its signer stands still" yes "$(reaches lyon '"state":"rolled_back"')"
"$FILON" log status --data "$(coop lyon)" >/dev/null 2>&1
expect "the command says so with its exit code" 3 $?
"$FILON" import members "$STORY_DIR/more.csv" --admit --data "$(coop lyon)" >/dev/null 2>&1
expect "and takes nothing more" 1 $?
expect "evidence lies beside it" yes "$([ -n "$(ls "$(coop lyon)/log/evidence" 2>/dev/null)" ] && echo yes)"
expect "the page says so" yes "$(curl -s "$(url lyon)/en/proof" | grep -qi 'stands still' && echo yes)"
"$FILON" log verify "$(url lyon)/log" --policy "$STORY_DIR/lyon.policy" --old "$STORY_DIR/late" >/dev/null 2>&1
expect "whoever kept the later checkpoint is told" 3 $?
finish lyon

# The signer's state came back with it: the witnesses know better.
mv "$STORY_DIR/old.signer" "$STORY_DIR/old/signer"
replace old
begin lyon
expect "an old signer does not help" yes "$(reaches lyon '"state":"rolled_back"')"
finish lyon

# Nobody there to ask: nothing is signed, the ledger goes on.
finish nantes
finish brest
replace old
begin lyon
before=$(sed -n 2p "$(coop lyon)/log/checkpoint")
more 3 && act lyon
expect "alone, the act is recorded" yes "$([ "$(size lyon)" -gt "$before" ] && echo yes)"
expect "it says that it cannot know" yes "$(reaches lyon '"state":"unsure"')"
expect "and nothing is signed" "$before" "$(sed -n 2p "$(coop lyon)/log/checkpoint")"
# They are back, and hold what lyon has forgotten: another history of the same length is a fork.
begin nantes
begin brest
expect "with the witnesses back, it is seen" yes "$(reaches lyon '"state":"forked"')"
expect "nothing wrong was ever signed" "$before" "$(sed -n 2p "$(coop lyon)/log/checkpoint")"
finish lyon

# The true store comes back, and everything goes on.
replace young
begin lyon
more 4 && act lyon
expect "the true store goes on" yes "$(reaches lyon "\"witnessed\":$((late + 1))")"
"$FILON" audit --data "$(coop lyon)" >"$STORY_DIR/out" 2>&1
expect "and its audit is clean" 0 $?
