#!/usr/bin/env bash
# The whole suite on every profile whose services run; what is given goes on to the test runner: suite.sh portal::readings
set -euo pipefail

profiles=embedded
[ -z "${BUSBAR_TEST_PG:-}" ] || [ -z "${BUSBAR_TEST_REDIS:-}" ] || profiles="embedded production"
has_nextest() { cargo nextest --version >/dev/null 2>&1; }

# Tests that need a browser have `browser::` in their path. Without one they are left out; test.sh says so and fails in the end.
for profile in ${BUSBAR_PROFILES:-$profiles}; do
    echo "=== $profile profile ==="
    export BUSBAR_TEST_PROFILE=$profile
    if has_nextest; then
        filter=()
        [ -n "${BUSBAR_TEST_CHROMEDRIVER:-}" ] || filter=(-E 'not test(/(^|::)browser::/)')
        cargo nextest run --workspace "${filter[@]}" "$@"
    else
        filter=()
        [ -n "${BUSBAR_TEST_CHROMEDRIVER:-}" ] || filter=(--skip browser::)
        cargo test --workspace "$@" -- "${filter[@]}"
    fi
done
