#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# kill -9 at random moments while 16 clients trade in euro and in hours, each time on the same folder: nothing that was
# answered is lost, nothing happened twice, the audit finds nothing, no order is left without a timer.
# quick
# timeout 1200
# Usage: tests/story/kill.sh [ROUNDS] [SEED]. 200 rounds, 3 in ./check --quick.
set -eu
rounds=${1:-200} seed=${2:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
[ -z "${CHECK_QUICK:-}" ] || rounds=3
filon=${FILON:-build/filon} folder=${STORY_DIR:-$(mktemp -d)}
echo "# $rounds rounds with seed $seed"
build/tests/tools/seed "$folder/data" pairs 16 >"$folder/pairs"
build/tests/tools/kill "$filon" "$folder/data" "$folder/pairs" "$folder/log" "$rounds" "$seed"
[ -n "${STORY_DIR:-}" ] || rm -rf "$folder"
