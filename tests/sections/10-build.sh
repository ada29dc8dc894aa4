# SPDX-License-Identifier: AGPL-3.0-or-later
# The release build, every warning an error.
# quick
if make -s -j"$(nproc)" all; then echo "counts 1 0 0"; else echo "counts 0 1 0"; fi
