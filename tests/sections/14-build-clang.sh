# SPDX-License-Identifier: AGPL-3.0-or-later
# The same sources under clang, whose warnings differ.
if ! command -v clang >/dev/null 2>&1; then
    echo "skipped: clang is not installed"
    echo "counts 0 0 1"
elif make -s -j"$(nproc)" CC=clang B=build/clang all; then
    echo "counts 1 0 0"
else
    echo "counts 0 1 0"
fi
