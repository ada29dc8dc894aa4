# SPDX-License-Identifier: AGPL-3.0-or-later
# tests/unit: one cmocka program for each room.
# quick
if make -s -j"$(nproc)" tests; then make -s test; else echo "counts 0 1 0"; fi
exit 0 # the counts say it
