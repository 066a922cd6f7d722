#!/usr/bin/env bash
# `make bench`: builds with the profile `measure`, then times and counts the dashboard. What is given goes on to both
# (--customers 1000 --tenants 1000 --rounds 3). The application runs on cpu 0, everything else on cpu 1.
set -euo pipefail
cd "$(dirname "$0")/.."

tests/support/services.sh install bench
bench=$(cargo bench --profile measure --bench dashboard --no-run --message-format=json-render-diagnostics |
    sed -n 's/.*"kind":\["bench"\].*"executable":"\([^"]*\)".*/\1/p')
# The data rests once it is filled and vacuumed.
export BUSBAR_TEST_PG_OPTIONS="-c autovacuum=off"
elsewhere() { if [ "$(nproc)" -gt 1 ]; then taskset -c 1 "$@"; else "$@"; fi; }

[ "${ONLY:-time}" != time ] || elsewhere tests/support/services.sh run "$bench" time "$@"
# Only when asked for: ONLY=storm make bench ARGS="--notices 500000 --kills 10"; ONLY=logins; ONLY=faults.
case "${ONLY:-}" in storm | logins | faults) elsewhere tests/support/services.sh run "$bench" "$ONLY" "$@" ;; esac
# Callgrind makes the application some fifty times slower, and counts the same in a smaller database.
[ "${ONLY:-count}" != count ] || elsewhere tests/support/services.sh run "$bench" count --customers 100 --tenants 0 "$@"
