#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The two commands of the README: ./start serves the demonstration, ./start --empty opens the wizard. Ctrl-C stops each
# cleanly, and starting again goes on with the same data.
set -u
number=0
expect() { # expect NAME WANTED GOT
    number=$((number + 1))
    if [ "$2" = "$3" ]; then echo "ok $number - $1"; else echo "not ok $number - $1: wanted \"$2\", got \"$3\""; fi
}

# begin ARGUMENT...: starts, and waits until the address is printed: in $address, the process in $served.
begin() {
    mkfifo "$STORY_DIR/pipe"
    ./start --no-install --port 0 "$@" >"$STORY_DIR/pipe" 2>"$STORY_DIR/err" &
    served=$!
    exec 3<"$STORY_DIR/pipe"
    rm "$STORY_DIR/pipe"
    IFS= read -r address <&3 || address=''
}
# finish SIGNAL: its exit code in $code, what else it said in $rest.
finish() {
    kill -s "$1" "$served"
    wait "$served"
    code=$?
    rest=$(cat <&3)
    exec 3<&-
}
page() { curl -s -L --max-time 20 "$address$1"; }
status() { curl -s -o /dev/null -w '%{http_code}' --max-time 20 "$1"; }
orders() { "$FILON" audit --json --data "$STORY_DIR/demo" | sed -n 's/.*"orders":\([0-9]*\).*"findings":\([0-9]*\).*/\1 \2/p'; }

command -v curl >/dev/null 2>&1 || { echo "curl is not installed" && exit 77; }

begin --data "$STORY_DIR/demo" --lang fr
expect "the demonstration answers" 200 "$(status "$address")"
expect "in the language asked for" yes "$(page '' | grep -q '<html lang="fr"' && echo yes)"
expect "with the people of Lyon" yes "$(page 'market' | grep -q 'La Traboule' && echo yes)"
expect "and a banner to look as somebody else" yes "$(page 'demo' | grep -q '/demo/as/' && echo yes)"
before=$(orders)
expect "a command asks the server that runs" 0 "${before##* }"
printf 'email,name\nnew@example.org,Somebody New\n' >"$STORY_DIR/list.csv"
expect "and an import goes through it" '"added":1' \
    "$("$FILON" import members "$STORY_DIR/list.csv" --json --data "$STORY_DIR/demo" | grep -o '"added":1')"
finish INT
expect "Ctrl-C stops it cleanly" 0 "$code"
expect "with no more to say" '' "$rest"

begin --data "$STORY_DIR/demo" --lang en
expect "the second start speaks English" yes "$(page '' | grep -q '<html lang="en"' && echo yes)"
expect "and has the same data" "$before" "$(orders)"
expect "with what came in" '"same":1' \
    "$("$FILON" import members "$STORY_DIR/list.csv" --json --data "$STORY_DIR/demo" | grep -o '"same":1')"
expect "a third one finds the folder in use" 1 \
    "$("$FILON" serve --port 0 --data "$STORY_DIR/demo" >/dev/null 2>&1; echo $?)"
finish TERM
expect "SIGTERM stops it cleanly" 0 "$code"

begin --empty --data "$STORY_DIR/own"
IFS= read -r link <&3
link=${link##* }
expect "an empty start opens the wizard" yes "$(case $link in http://*/found/*) echo yes ;; *) echo "$link" ;; esac)"
expect "whose link is good" 200 "$(curl -s -L -o /dev/null -w '%{http_code}' --max-time 20 "$link")"
expect "and nothing is public before" yes "$(page 'market' | grep -q 'La Traboule' || echo yes)"
finish INT
expect "it stops cleanly too" 0 "$code"
