# SPDX-License-Identifier: AGPL-3.0-or-later
# tests/story/*.sh: stories told to the real program; in ./check --quick those with the line `# quick` near their top.
# quick
# Each is one test: exit 0 good, 77 left out (its last line says why), anything else bad. A story may instead print
# `ok ...` and `not ok ...` lines; then each line is a test. A story works in the empty folder that $STORY_DIR names,
# which is removed afterwards, and finds the program in $FILON and other people's test data, where there are any, in
# $TEST_DATA (tests/data.md). A story that may need more than 300 seconds says `# timeout SECONDS` near its top.
FILON=$(pwd)/build/filon
TEST_DATA=${TEST_DATA:-$(pwd)/../shared/data}
export FILON TEST_DATA
make -s -j"$(nproc)" tools || exit 1
passed=0 failed=0 skipped=0
for story in tests/story/*.sh; do
    [ -f "$story" ] || continue
    [ -z "${CHECK_QUICK:-}" ] || head -n 8 "$story" | grep -q '^# quick$' || continue
    STORY_DIR=$(mktemp -d)
    export STORY_DIR
    limit=$(head -n 8 "$story" | sed -n 's/^# timeout \([0-9]*\)$/\1/p')
    timeout -k 10 "${limit:-${STORY_TIMEOUT:-300}}" sh "$story" >"$STORY_DIR.out" 2>&1
    rc=$?
    good=$(grep -ac '^ok ' "$STORY_DIR.out")
    bad=$(grep -ac '^not ok ' "$STORY_DIR.out")
    if [ "$rc" -eq 77 ]; then
        skipped=$((skipped + 1))
        echo "skipped: $story: $(tail -n 1 "$STORY_DIR.out")"
    elif [ "$rc" -eq 0 ] && [ "$bad" -eq 0 ]; then
        passed=$((passed + (good > 0 ? good : 1)))
    else
        passed=$((passed + good))
        failed=$((failed + (bad > 0 ? bad : 1)))
        echo "$story: ended with $rc"
        tail -n 60 "$STORY_DIR.out" | sed 's/^/    /'
    fi
    rm -rf "$STORY_DIR" "$STORY_DIR.out"
done
echo "counts $passed $failed $skipped"
