#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# A disk that fills up, and syncs that fail, at every write of two orders in turn: what was answered stays, what is not
# done is refused in words (503, 507), and when the disk is well again everything goes on.
set -eu
filon=${FILON:-build/filon} folder=${STORY_DIR:-$(mktemp -d)}
build/tests/tools/seed "$folder/data" pairs 1 >"$folder/pairs"
if ! build/tests/tools/fault "$filon" "$folder/data" "$folder/pairs" build/tests/tools/faultio.so "$folder/commands" \
    2>"$folder/log"; then
    tail -n 5 "$folder/log"
    exit 1
fi
[ -n "${STORY_DIR:-}" ] || rm -rf "$folder"
