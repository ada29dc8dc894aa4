# SPDX-License-Identifier: AGPL-3.0-or-later
# Each parser against its seeds and some seconds of libFuzzer under the sanitizers; `make fuzz` looks longer.
if ! command -v clang >/dev/null 2>&1; then
    echo "skipped: clang is not installed"
    echo "counts 0 0 1"
    exit 0
fi
passed=0 failed=0
for target in tests/fuzz/*.c; do
    fuzzer=build/fuzz/$(basename "$target" .c)
    if make -s -j"$(nproc)" "$fuzzer" && tests/fuzz/run "$fuzzer" "${FUZZ_SECONDS:-5}" >build/fuzz/last 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$target"
        tail -n 40 build/fuzz/last 2>/dev/null
    fi
done
echo "counts $passed $failed 0"
