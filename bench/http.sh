#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# The HTTP door against nginx serving files of the same size, in turns in one run: requests per second, their ratio, and the
# server's CPU time per request. Usage: bench/http.sh PATH-OF-BENCH-PROGRAM [seconds] [rounds]. Needs wrk and nginx.
set -eu
program=$1 seconds=${2:-3} rounds=${3:-3}
command -v wrk >/dev/null && command -v nginx >/dev/null || { echo "skipped: wrk or nginx is missing"; exit 0; }
dir=$(mktemp -d)
mkfifo "$dir/input"
trap 'exec 3>&-; kill "$front" 2>/dev/null || true; rm -rf "$dir"' EXIT
"$program" 1 "${GZIP:--1}" <"$dir/input" >"$dir/port" &
door=$!
exec 3>"$dir/input"
until [ -s "$dir/port" ]; do :; done
port=$(cat "$dir/port")
static=$((port + 1))
cat >"$dir/nginx.conf" <<CONF
daemon off; master_process off; worker_processes 1; pid $dir/pid; error_log $dir/error;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=10;
  default_type text/html;
  server { listen 127.0.0.1:$static; root $dir; } }
CONF
for page in 2k 50k; do curl -s -o "$dir/$page" "http://127.0.0.1:$port/$page"; done
nginx -c "$dir/nginx.conf" -e "$dir/error" &
front=$!
until curl -s -o /dev/null "http://127.0.0.1:$static/2k"; do :; done
cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
taskset -cp 0 $door >/dev/null; taskset -cp 0 $front >/dev/null
# one measure: pid url connections
measure() {
    before=$(cpu "$1")
    taskset -c 1 wrk -t1 -c"$3" -d"${seconds}s" --latency "$2" >"$dir/out"
    after=$(cpu "$1")
    awk -v ticks=$((after - before)) '/requests in/ { n = $1 } /Requests\/sec/ { r = $2 } /99%/ { p = $2 }
        /Non-2xx|Socket errors/ { bad = bad " " $0 }
        END { printf "%d %.1f %s%s\n", r, ticks * 10000 / n, p, bad }' "$dir/out"
}
for size in 2k 50k; do
    for connections in 32 256; do
        round=0
        while [ $round -lt "$rounds" ]; do
            set -- $(measure $door "http://127.0.0.1:$port/$size" $connections)
            ours=$1 ours_cpu=$2 ours_p99=$3
            set -- $(measure $front "http://127.0.0.1:$static/$size" $connections)
            echo "$size c=$connections filon $ours/s ${ours_cpu} us p99 $ours_p99 | nginx $1/s $2 us p99 $3 |" \
                "ratio $(awk -v a="$ours" -v b="$1" 'BEGIN { printf "%.2f", a / b }')"
            round=$((round + 1))
        done
    done
done
