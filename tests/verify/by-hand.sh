#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# by-hand.sh FOLDER: runs the lines of "Check the register by hand" as README.md and LISEZMOI.md have them, on a register
# that is made here, over HTTP where python3 can serve it. They must say that all is well, and must notice when it is not.
# Works in FOLDER, which is empty; closes with a line "PASSED FAILED".
set -u
tree=$(pwd) work=$1
cd "$work" || exit 1
"$tree/build/tests/tools/logmake" log 600
LOG=file://$work/log
if command -v python3 >/dev/null 2>&1; then
    mkfifo served
    (cd log && exec python3 -u -m http.server --bind 127.0.0.1 0) >served 2>/dev/null &
    server=$!
    trap 'kill $server' EXIT
    exec 3<served
    read -r line <&3
    LOG=http://127.0.0.1:$(echo "$line" | sed 's/.*port \([0-9]*\).*/\1/')
fi
passed=0 failed=0
expect() { # expect NAME WANTED GOT
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "$1: wanted \"$2\", got \"$3\""; fi
}

# The blocks of the section, without its example's values, then ours before them.
script() { # script PAGE INDEX
    echo 'set -eu'
    echo "LOG=$LOG VKEY='$(cat log/vkey)' WITNESS='$(sed -n 's/^witness w2 //p' log/policy)' INDEX=$2"
    awk '/^## /{ on = /^## (Check the register by hand|Vérifier le registre à la main)$/ }
        /^```/{ code = on && /^```sh$/; next } on && code' "$tree/$1" | grep -vE '^(LOG|VKEY|WITNESS|INDEX)='
}
# by_hand PAGE INDEX: how many signatures held, and whether entry and root fit.
by_hand() {
    rm -rf here && mkdir here
    "$tree/build/filon" log prove log "$2" >here/proof 2>/dev/null || cp kept.proof here/proof
    script "$1" "$2" >script.sh
    (cd here && sh ../script.sh) >out 2>err
    code=$?
    echo "$code $(grep -c 'Signature Verified Successfully' out)" \
        "$([ "$(tail -n 1 out)" = "$(tail -n 2 out | head -n 1)" ] && echo equal || echo different)"
}
for page in README.md LISEZMOI.md; do
    expect "$page has its lines" yes "$([ "$(script "$page" 0 | wc -l)" -gt 30 ] && echo yes)"
    for index in 0 255 256 300 511 512 599; do
        expect "$page, entry $index" "0 2 equal" "$(by_hand "$page" "$index")"
        "$tree/build/filon" log prove log "$index" --leaf wanted >/dev/null
        expect "$page, the bytes of entry $index" yes "$(cmp -s wanted here/entry && echo yes)"
    done
done
# What was signed must be what is there.
"$tree/build/filon" log prove log 300 >kept.proof
sed -i '3s/^./A/' log/checkpoint
expect "another root" "1 0 different" "$(by_hand README.md 300)"
"$tree/build/tests/tools/logmake" log 600
printf '\001' | dd of=log/tile/entries/001 bs=1 seek=13400 conv=notrunc 2>/dev/null
expect "another entry" "0 2 different" "$(by_hand README.md 300)"
[ "$failed" -eq 0 ] || head -n 5 err
echo "$passed $failed"
