# SPDX-License-Identifier: AGPL-3.0-or-later
# Registers are judged by programs that share nothing with filon: one for node (node:crypto), one for Go (golang.org/x/mod,
# when Go and Debian's golang-golang-x-mod-dev are there). On whole registers, forks of them and every kind of damage
# their exit codes must be those of `filon log verify`. Then the way by hand, as README.md and LISEZMOI.md have it.
data=${TEST_DATA:-../shared/data}/tlog/dev/logs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kept=$(pwd)/build/go-cache
passed=0 failed=0 skipped=0
make -s build/tests/tools/logmake || exit 1

judges=filon
if command -v node >/dev/null 2>&1; then
    judges="$judges node"
else
    skipped=$((skipped + 1))
    echo "skipped: no node for the second judge"
fi
if ! command -v go >/dev/null 2>&1 || [ ! -d /usr/share/gocode/src/golang.org/x/mod/sumdb ]; then
    skipped=$((skipped + 1))
    echo "skipped: no go with golang-golang-x-mod-dev for the third judge"
elif (cd tests/verify/go && GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS='' GOCACHE=$kept \
    go build -o "$work/go-judge" . && [ -z "$(gofmt -l .)" ]); then
    judges="$judges go"
else
    failed=$((failed + 1))
    echo "tests/verify/go does not build, or is not in the form of gofmt"
fi

# judge WHO LOG ARGUMENT...: the exit code.
judge() {
    who=$1
    shift
    case $who in
    filon) build/filon log verify "$@" ;;
    node) node tests/verify/node.mjs "$@" ;;
    go) "$work/go-judge" "$@" ;;
    esac >"$work/out" 2>&1
    echo $?
}
# expect WHAT CODE LOG ARGUMENT...: of every judge.
expect() {
    what=$1 code=$2
    shift 2
    for one in $judges; do
        got=$(judge "$one" "$@")
        if [ "$got" = "$code" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "$one on $what: $got, not $code: $(tail -n 1 "$work/out")"
        fi
    done
}

# spoil LOG FILE COMMAND: a copy of LOG at $work/bad, where COMMAND has been run on $file.
spoil() {
    rm -rf "$work/bad"
    cp -r "$1" "$work/bad" && chmod -R u+w "$work/bad" || exit 1
    file=$work/bad/$2
    eval "$3"
}
flip() { # flip AT: another byte there
    byte=$(od -An -tu1 -j "$1" -N 1 "$file" | tr -d ' ')
    # shellcheck disable=SC2059 # an octal escape
    printf "\\$(printf %o $((byte ^ 1)))" | dd of="$file" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# damage NAME LOG ARGUMENT...: everything that can be wrong with a register of 600 entries or so.
damage() {
    name=$1 log=$2
    shift 2
    expect "$name" 0 "$log" "$@"
    for path in entries/000 entries/001 0/000 0/001 1/000.p/2; do
        spoil "$log" "tile/$path" "flip 33"
        expect "$name, $path with another byte" 1 "$work/bad" "$@"
        spoil "$log" "tile/$path" 'truncate -s -1 "$file"'
        expect "$name, $path cut" 1 "$work/bad" "$@"
        spoil "$log" "tile/$path" 'printf x >>"$file"'
        expect "$name, $path longer" 1 "$work/bad" "$@"
        spoil "$log" "tile/$path" 'rm "$file"'
        expect "$name, $path gone" 1 "$work/bad" "$@"
    done
    spoil "$log" checkpoint 'sed -i 3s/./A/ "$file"'
    expect "$name, another root" 1 "$work/bad" "$@"
    spoil "$log" checkpoint 'sed -i 2s/.$/1/ "$file"'
    expect "$name, another size" 1 "$work/bad" "$@"
    spoil "$log" checkpoint 'sed -i 5d "$file"'
    expect "$name, not signed by the register" 1 "$work/bad" "$@"
    spoil "$log" checkpoint 'sed -i "7s/\(.*\)....$/\1AAA=/" "$file"'
    expect "$name, a witness signed something else" 1 "$work/bad" "$@"
    spoil "$log" checkpoint 'truncate -s -1 "$file"'
    expect "$name, a note without its end" 1 "$work/bad" "$@"
    spoil "$log" checkpoint 'echo "— w9.example/other AAAAAAAAAAA=" >>"$file"'
    expect "$name, a signature of somebody unknown" 0 "$work/bad" "$@"
    spoil "$log" checkpoint 'sed -i 6d "$file"'
    expect "$name, one witness less" 0 "$work/bad" "$@"
    spoil "$log" checkpoint 'sed -i 6,7d "$file"'
    expect "$name, too few witnesses" 4 "$work/bad" "$@"
}

# --- our own, with entries of filon ---
build/tests/tools/logmake "$work/own" 700
build/tests/tools/logmake "$work/same" 400
build/tests/tools/logmake "$work/fork" 700 301
damage own "$work/own" --policy "$work/own/policy"
expect "own, from its past" 0 "$work/own" --policy "$work/own/policy" --old "$work/same/checkpoint"
expect "own, gone back" 3 "$work/same" --policy "$work/own/policy" --old "$work/own/checkpoint"
expect "own, another history of its size" 3 "$work/fork" --policy "$work/own/policy" --old "$work/own/checkpoint"
expect "own, another history" 3 "$work/fork" --policy "$work/own/policy" --old "$work/same/checkpoint"
build/tests/tools/logmake "$work/back" 700 300 650
foreign=$judges
judges=$(echo "$judges" | sed 's/ go//')
expect "own, an entry back in time" 1 "$work/back" --policy "$work/own/policy"
judges=$foreign
expect "own, as bytes" 0 "$work/back" --policy "$work/own/policy" --foreign
build/tests/tools/logmake "$work/empty" 0
expect "an empty one" 0 "$work/empty" --policy "$work/own/policy"
build/tests/tools/logmake "$work/large" 66000 96
expect "one of three levels" 0 "$work/large" --policy "$work/own/policy"

# --- those of others ---
if [ -d "$data/synth-600" ]; then
    {
        sed -n '1s/^/log /p' "$data/synth-600/keys.txt"
        sed -n '2,4p' "$data/synth-600/keys.txt" | sed '=' | sed 'N;s/^\([0-9]*\)\n/witness w\1 /'
        printf 'group two 2 w1 w2 w3\nquorum two\n'
    } >"$work/policy"
    damage synth-600 "$data/synth-600" --policy "$work/policy" --foreign
    fork=$data/synth-600-fork
    expect "the fork alone" 0 "$fork" --policy "$work/policy" --foreign
    for size in 0 1 2 255 256 257; do
        expect "the fork and size $size" 0 "$fork" --policy "$work/policy" --foreign --old "$data/synth-600/checkpoints/$size"
    done
    for size in 511 512 513 600; do
        expect "the fork and size $size" 3 "$fork" --policy "$work/policy" --foreign --old "$data/synth-600/checkpoints/$size"
    done
    { printf 'log ' && cat "$data/tessera-15/vkey" && echo quorum none; } >"$work/tessera"
    expect "tessera-15" 0 "$data/tessera-15" --policy "$work/tessera" --foreign
else
    skipped=$((skipped + 1))
    echo "skipped: no registers of others beside the tree"
fi

# --- by hand ---
if command -v curl >/dev/null 2>&1 && command -v xxd >/dev/null 2>&1 && command -v openssl >/dev/null 2>&1; then
    mkdir "$work/hand"
    sh tests/verify/by-hand.sh "$work/hand" >"$work/out" || failed=$((failed + 1))
    sed '$d' "$work/out"
    # shellcheck disable=SC2046 # two numbers
    set -- $(tail -n 1 "$work/out")
    passed=$((passed + ${1:-0})) failed=$((failed + ${2:-1}))
else
    skipped=$((skipped + 1))
    echo "skipped: curl, xxd or openssl is not there to do it by hand"
fi
echo "counts $passed $failed $skipped"
