# SPDX-License-Identifier: AGPL-3.0-or-later
# tests/web: the pages in a real Chromium. Left out, with the number of specs, where node, npm or Chromium is missing.
specs=0
for spec in tests/web/*.spec.mjs; do [ -f "$spec" ] && specs=$((specs + 1)); done
leave_out() {
    echo "skipped: $specs browser specs: $1"
    echo "counts 0 0 $specs"
    exit 0
}
[ "$specs" -gt 0 ] || leave_out "there are none"
command -v node >/dev/null 2>&1 || leave_out "node is not installed"
command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1 || leave_out "chromium is not installed"
if [ ! -d tests/web/node_modules/playwright-core ] || [ ! -d tests/web/node_modules/axe-core ]; then
    command -v npm >/dev/null 2>&1 || leave_out "npm is not installed"
    (cd tests/web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || leave_out "npm could not install"
fi
node tests/web/run.mjs
exit 0
