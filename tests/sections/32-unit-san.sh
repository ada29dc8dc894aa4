# SPDX-License-Identifier: AGPL-3.0-or-later
# The same programs under AddressSanitizer and UndefinedBehaviorSanitizer; a leak is a failure.
if make -s -j"$(nproc)" SAN=1 tests; then UNIT_TIMEOUT=600 make -s SAN=1 test; else echo "counts 0 1 0"; fi
exit 0
