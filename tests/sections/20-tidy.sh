# SPDX-License-Identifier: AGPL-3.0-or-later
# The floors, the bans, the lengths: tools/tidy says nothing when the tree is the house.
# quick
if make -s tidy; then echo "counts 1 0 0"; else echo "counts 0 1 0"; fi
