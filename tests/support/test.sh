#!/usr/bin/env bash
# `make test`: what is missing is installed, services start, the suite runs on both profiles, everything stops.
# Exit status: the suite's own; 3 when all that could run passed but something could not be installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Built first: services need not wait for a compiler, and a mistake shows before anything is installed.
if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --no-run; else cargo test --workspace --no-run; fi
complete=yes
tests/support/services.sh install || complete=no
tests/support/services.sh run tests/support/suite.sh "$@"
if [ "$complete" = no ]; then
    printf '\nWhat ran has passed, but not everything ran.\n' >&2
    tests/support/services.sh missing
fi
