#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The first page and offer pages from the database, against nginx that serves the same bytes as a static file: each
# server alone on one core, wrk on another, 32 connections, in turns; the median of the rounds. The offers are drawn at
# random from all of them. The first page is asked twice over: as a visitor without cookies, who may be given what was kept
# since the last commit (docs/decisions/0040), and as a browser with a cookie, for which each page is made anew.
# Usage: page.sh PROGRAM DATA-FOLDER OFFERS [seconds] [rounds]
set -eu
program=$1 data=$2 offers=$3 seconds=${4:-3} rounds=${5:-3}
if ! command -v wrk >/dev/null || ! command -v nginx >/dev/null; then
    echo "# page: left out, wrk or nginx is missing"
    exit 0
fi
dir=$(mktemp -d)
door='' front=''
trap 'kill $door $front 2>/dev/null || true; wait; rm -rf "$dir"' EXIT # the folder is free again
trap 'exit 130' INT TERM
"$program" serve --data "$data" --port 0 --no-rate-limit >"$dir/address" 2>"$dir/log" &
door=$!
until [ -s "$dir/address" ]; do
    kill -0 $door 2>/dev/null || { cat "$dir/log" && exit 1; }
    sleep 0.05
done
port=$(sed 's|.*:\([0-9]*\)/.*|\1|' "$dir/address")
here=http://127.0.0.1:$port
cat >"$dir/random.lua" <<LUA
request = function() return wrk.format("GET", "/en/offer/" .. math.random(1, $offers)) end
LUA
: >"$dir/none.lua"
curl -s -o "$dir/home" "$here/en/"
curl -s -o "$dir/offer" "$here/en/offer/1"
serve_static() { # serve_static PORT: false when that port is somebody else's
    static=$1
    cat >"$dir/nginx.conf" <<CONF
daemon off; master_process off; worker_processes 1; pid $dir/pid; error_log $dir/error;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=10;
  default_type text/html;
  server { listen 127.0.0.1:$static; root $dir; } }
CONF
    nginx -c "$dir/nginx.conf" -e "$dir/error" 2>/dev/null &
    front=$!
    for wait in 0.1 0.2 0.5 1 2; do
        sleep $wait
        kill -0 $front 2>/dev/null || return 1
        if curl -s -o /dev/null "http://127.0.0.1:$static/home"; then return 0; fi
    done
    return 1
}
for next in 1 2 3 4 5 6; do
    if serve_static $((port + next)); then break; fi
done
kill -0 $front 2>/dev/null || { cat "$dir/error" && exit 1; }
for task in "/proc/$door/task"/*; do taskset -cp 0 "${task##*/}" >/dev/null; done
taskset -cp 0 $front >/dev/null
cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
# measure PID URL SCRIPT HEADER [HEADER]: answers per second, p99 in ms, us of processor for each answer, answers that were no page
measure() {
    before=$(cpu "$1")
    taskset -c 1 wrk -t1 -c32 -d"${seconds}s" --latency -H "$4" -H "${5:-X: z}" -s "$3" "$2" >"$dir/out"
    after=$(cpu "$1")
    awk -v ticks=$((after - before)) '
        function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
        /requests in/ { n = $1 } /Requests\/sec/ { r = $2 } /99%/ { p = ms($2) } /Non-2xx/ { bad = $NF }
        END { printf "%d %.2f %.1f %d\n", r, p, ticks * 10000 / (n ? n : 1), bad }' "$dir/out"
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
line() { # line NAME FIGURE UNIT SIGN TARGET, as bench_line of bench.h
    awk -v n="$1" -v f="$2" -v u="$3" -v s="$4" -v t="$5" 'BEGIN {
        printf "%-58s %12.2f %-10s %s %10.2f  %s\n", n, f, u, s, t, (s == ">=" ? f >= t : f <= t) ? "ok" : "MISSED" }'
}
ln "$dir/home" "$dir/anew"
for page in home anew offer; do
    url=$here/en/ script=$dir/none.lua header='X: y' name="$page page"
    if [ "$page" = offer ]; then script=$dir/random.lua; fi
    if [ "$page" = anew ]; then header='Cookie: a=b' name='home page made anew each time'; fi
    measure $door "$url" "$script" "$header" >/dev/null # caches warm
    : >"$dir/rate" && : >"$dir/p99" && : >"$dir/ratio" && : >"$dir/cpu"
    round=0
    while [ $round -lt "$rounds" ]; do
        # shellcheck disable=SC2046 # four numbers
        set -- $(measure $door "$url" "$script" "$header")
        ours=$1 p99=$2 cpu=$3 bad=$4
        # shellcheck disable=SC2046
        set -- $(measure $front "http://127.0.0.1:$static/$page" "$dir/none.lua" "X: y")
        echo "$ours" >>"$dir/rate" && echo "$p99" >>"$dir/p99" && echo "$cpu" >>"$dir/cpu"
        awk -v a="$ours" -v b="$1" 'BEGIN { print a / b }' >>"$dir/ratio"
        echo "# $name: filon $ours/s p99 $p99 ms, $cpu us of processor; nginx $1/s p99 $2 ms, $3 us; no page: $bad"
        round=$((round + 1))
    done
    # shellcheck disable=SC2046
    set -- $(measure $door "$url" "$script" "$header" "Accept-Encoding: gzip")
    echo "# $name, gzip asked: $1/s p99 $2 ms, $3 us of processor; $(wc -c <"$dir/$page") bytes before"
    line "$name" "$(median "$dir/rate")" /s '>=' 10000
    line "$name, p99 at 32 connections" "$(median "$dir/p99")" ms '<=' 10
    line "$name / nginx with the same bytes" "$(median "$dir/ratio")" x '>=' 0.3
done
