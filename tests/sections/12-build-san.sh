# SPDX-License-Identifier: AGPL-3.0-or-later
# The build with AddressSanitizer and UndefinedBehaviorSanitizer, in build/san.
if make -s -j"$(nproc)" SAN=1 all; then echo "counts 1 0 0"; else echo "counts 0 1 0"; fi
