#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# timeout 600
# `kill -9` between any two steps of the publisher, and of its signer, on the disk: a folder, a sync, a rename, a file
# that goes. Whatever is published at that moment is sound, and the next start goes on to the end (specs register 9).
set -u
dir=$STORY_DIR
killio=$(pwd)/build/tests/tools/killio.so
unset LC_ALL LANG FILON_DATA
fail() {
    echo "not ok - $*"
    tail -n 5 "$dir/err"
    exit 1
}
# serve COMMAND...: with what stands before the program's name.
serve() {
    : >"$dir/out"
    env "$@" "$FILON" serve --data "$dir/a" --port 0 >"$dir/out" 2>>"$dir/err" &
    pid=$!
}
stop() {
    kill "-$1" "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}
lives() { kill -0 "$pid" 2>/dev/null; }
status() { "$FILON" log status --json --data "$dir/a" | sed "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/"; }
is_done() { [ "$(status witnessed)" = "$(status recorded)" ] && [ "$(status published)" = "$(status recorded)" ]; }
size() { sed -n 2p "$dir/a/log/checkpoint" 2>/dev/null || echo 0; }
# wait_for TENTHS COMMAND...: also over when the server has died.
wait_for() {
    left=$1
    shift
    until "$@"; do
        left=$((left - 1))
        { [ "$left" -gt 0 ] && lives; } || return 1
        sleep 0.1
    done
}
# What lies there must be sound for whoever reads it now.
is_sound() {
    [ ! -f "$dir/a/log/checkpoint" ] || "$FILON" log verify "$dir/a/log" --policy "$dir/a/log/policy" >"$dir/said" 2>&1
}
people() { # people FROM TO
    echo 'e-mail,name'
    for i in $(seq "$1" "$2"); do echo "p$i@example.org,Person $i"; done
}

# Two stores: one that was never published, one that was and has since grown over the end of a tile.
"$FILON" found tests/coop.json --data "$dir/new" >/dev/null || fail 'not founded'
cp -r "$dir/new" "$dir/a"
people 1 100 >"$dir/people.csv"
"$FILON" import members "$dir/people.csv" --admit --data "$dir/a" >/dev/null || fail 'no members'
serve FILON=1
wait_for 100 [ -s "$dir/out" ] && wait_for 100 is_done || fail 'the first was not published'
people 101 140 >"$dir/people.csv"
"$FILON" import members "$dir/people.csv" --admit --data "$dir/a" >/dev/null
wait_for 100 is_done || fail 'nor the second'
stop TERM
people 141 300 >"$dir/people.csv"
"$FILON" import members "$dir/people.csv" --admit --data "$dir/a" >/dev/null || fail 'no more members'
mv "$dir/a" "$dir/grown"

# try STORE WHO AT: false when there are not so many steps.
try() {
    rm -rf "$dir/a"
    cp -r "$dir/$1" "$dir/a"
    before=$(size)
    serve LD_PRELOAD="$killio" KILLIO_WHO="$2" KILLIO_AT="$3"
    wait_for 100 [ -s "$dir/out" ]
    died=yes
    if [ "$2" = server ]; then
        wait_for 100 is_done && died=no
        [ $died = yes ] && lives && fail "$1 $2 $3: neither dead nor done"
    else
        wait_for 15 is_done && died=no
    fi
    stop KILL
    is_sound || fail "$1 $2 $3: what lies there is not sound: $(cat "$dir/said")"
    [ "$(size)" -ge "$before" ] || fail "$1 $2 $3: it went back"
    serve FILON=1
    wait_for 100 [ -s "$dir/out" ] && wait_for 100 is_done || fail "$1 $2 $3: it does not go on"
    stop TERM
    is_sound || fail "$1 $2 $3: not sound afterwards: $(cat "$dir/said")"
    [ -z "$(find "$dir/a/log/evidence" -type f 2>/dev/null)" ] || fail "$1 $2 $3: it accuses itself"
    [ $died = yes ]
}
for store in new grown; do
    for who in server signer; do
        step=1
        while try $store $who $step; do step=$((step + 1)); done
        [ $step -gt 3 ] || fail "$store $who: only $step steps were counted"
        echo "ok - $store: the $who was killed before each of $((step - 1)) steps"
    done
done
