# SPDX-License-Identifier: AGPL-3.0-or-later
# Real listings, as platforms let their users export them, come in whole, and coming again changes nothing.
# They are other people's data, with licences of their own: read where they lie (tests/data.md), never copied here.
data=${TEST_DATA:-../shared/data}/listings
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# bring LINES KIND FILE [ARGUMENT...]: imports FILE twice into a new co-op. The first run must bring LINES listings, or
# any number where LINES is `some`; the second must bring none.
bring() {
    lines=$1 kind=$2 file=$data/$3
    shift 3
    if [ ! -f "$file" ]; then
        skipped=$((skipped + 1))
        echo "skipped: no $(basename "$file") beside the tree"
        return
    fi
    dir=$work/$kind
    if build/filon found tests/coop.json --data "$dir" >"$work/out" 2>&1 &&
        build/filon import "$kind" "$file" --keep-good --json --data "$dir" "$@" >"$work/first" 2>>"$work/out" &&
        build/filon import "$kind" "$file" --keep-good --json --data "$dir" "$@" >"$work/second" 2>>"$work/out" &&
        build/filon audit --data "$dir" >>"$work/out" 2>&1 &&
        new_listings "$work/first" "$lines" && new_listings "$work/second" 0; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "import $kind $(basename "$file"): expected $lines listings, then none"
        tail -n 20 "$work/out" "$work/first" "$work/second" 2>/dev/null | cut -c1-300
    fi
}
new_listings() {
    new=$(sed -n 's/.*"added": *\([0-9]*\).*/\1/p' "$1" | tail -n 1)
    case $2 in some) [ "${new:-0}" -gt 0 ] ;; *) [ "${new:-x}" = "$2" ] ;; esac
}

bring 5223 inside-airbnb inside-airbnb-stockholm-2024-12.csv --rate SEK=0.088
bring some woocommerce woocommerce-sample-products.csv --rate USD=0.92
echo "counts $passed $failed $skipped"
