# SPDX-License-Identifier: AGPL-3.0-or-later
# Shell scripts parse and are clean for shellcheck; links between the pages of the documentation lead somewhere.
# quick
passed=0 failed=0 skipped=0
scripts="start check .ci/run tools/install-missing $(grep -lE '^#!/bin/(ba)?sh' tests/* bench/* tests/story/* tests/verify/* 2>/dev/null)"
for script in $scripts; do
    if ! sh -n "$script"; then failed=$((failed + 1)); else passed=$((passed + 1)); fi
done
if command -v shellcheck >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    if shellcheck -e SC2046 -S warning $scripts && shellcheck -S warning -s sh tests/sections/*.sh; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
else
    skipped=$((skipped + 1))
    echo "skipped: shellcheck is not installed"
fi

# [text](path) in the pages of the documentation, without those that name a scheme or only a heading.
for page in *.md docs/*.md docs/decisions/*.md; do
    [ -f "$page" ] || continue
    good=yes
    for link in $(grep -oE '\]\([^)# ]+' "$page" | sed 's/^](//' | grep -vE '^[a-z]+:'); do
        [ -e "$(dirname "$page")/$link" ] || { echo "$page: $link leads nowhere" && good=; }
    done
    if [ -n "$good" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "counts $passed $failed $skipped"
