# SPDX-License-Identifier: AGPL-3.0-or-later
# Each parser against its seeds, then FUZZ_SECONDS of libFuzzer under the sanitizers; `make fuzz` looks longer. First a
# canary that must be caught, its input printed: else the rest proves nothing.
if ! command -v clang >/dev/null 2>&1; then
    echo "skipped: clang is not installed"
    echo "counts 0 0 1"
    exit 0
fi
passed=0 failed=0
: >build/fuzz.log
if ! make -s -j"$(nproc)" build/fuzz/canary; then
    echo "counts 0 1 0"
    exit 1
fi
# 20 s at most; it takes a moment.
if tests/fuzz/run build/fuzz/canary 20 >build/fuzz.log 2>&1 || ! grep -q '^Tk' build/fuzz.log; then
    failed=1
    echo "the canary was not caught, or its input not printed:"
    tail -n 40 build/fuzz.log
else
    passed=1
fi
for target in tests/fuzz/*_fuzz.c; do
    fuzzer=build/fuzz/$(basename "$target" .c)
    if make -s -j"$(nproc)" "$fuzzer" >build/fuzz.log 2>&1 &&
        tests/fuzz/run "$fuzzer" "${FUZZ_SECONDS:-3}" >build/fuzz.log 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$target"
        cat build/fuzz.log
    fi
done
echo "counts $passed $failed 0"
