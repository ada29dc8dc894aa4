#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The commands of the tree say no in the right way, and the counting of tests cannot be fooled: a program that dies,
# hangs or runs nothing is a failure, however good its last words were.
set -u
number=0
expect() { # expect NAME WANTED GOT
    number=$((number + 1))
    if [ "$2" = "$3" ]; then echo "ok $number - $1"; else echo "not ok $number - $1: wanted \"$2\", got \"$3\""; fi
}
status() {
    "$@" >/dev/null 2>&1
    echo $?
}

expect "start knows its options" 2 "$(status ./start --no-such-option)"
expect "start wants a number for its port" 2 "$(status ./start --port 80a --no-install)"
expect "start wants a port that exists" 2 "$(status ./start --port 65536 --no-install)"
expect "start speaks two languages" 2 "$(status ./start --lang de --no-install)"
expect "start helps" 0 "$(status ./start --help)"
expect "check knows its options" 2 "$(status ./check --no-such-option)"
expect "check knows its sections" 2 "$(status ./check --only no-such-section)"
expect "check lists the quick ones" "build tidy scripts unit story" "$(./check --quick --list | tr '\n' ' ' | sed 's/ $//')"
printf 'gcc\nnobody-packages-this sh\n' >"$STORY_DIR/list"
expect "a command stands for its package" 0 "$(status tools/install-missing "$STORY_DIR/list")"

# program NAME: a test program, told on standard input.
program() {
    { echo '#!/bin/sh' && cat; } >"$STORY_DIR/$1"
    chmod +x "$STORY_DIR/$1"
}
counts() { UNIT_TIMEOUT=1 tests/run-unit "$STORY_DIR/$1" 2>/dev/null | tail -n 1; }

program good <<'EOF'
printf '1..3\nok 1 - a\nok 2 - b\nnot ok 3 # SKIP c\n'
EOF
program bad <<'EOF'
printf '1..2\nok 1 - a\nnot ok 2 - b\n' && exit 1
EOF
program dies <<'EOF'
printf '1..2\nok 1 - a\n' && kill -ABRT $$
EOF
program hangs <<'EOF'
printf '1..2\nok 1 - a\n' && exec tail -f /dev/null
EOF
program mute <<'EOF'
exit 0
EOF
program denies <<'EOF'
printf '1..1\nok 1 - a\n' && exit 3
EOF
expect "passed and skipped are counted" "counts 2 0 1" "$(counts good)"
expect "failed is counted" "counts 1 1 0" "$(counts bad)"
expect "a death is a failure" "counts 1 1 0" "$(counts dies)"
expect "a hang is a failure" "counts 1 1 0" "$(counts hangs)"
expect "silence is a failure" "counts 0 1 0" "$(counts mute)"
expect "an exit code without a reason is a failure" "counts 1 1 0" "$(counts denies)"
expect "a missing program is a failure" "counts 0 1 0" "$(counts nobody)"
expect "run-unit exits with 1 then" 1 "$(status tests/run-unit "$STORY_DIR/bad")"
expect "and with 0 when all is well" 0 "$(status tests/run-unit "$STORY_DIR/good")"
