#!/usr/bin/env bash
# `make run`: the embedded profile in var/, filled with synthetic customers, on this machine only.
# The development profile: it builds in a few minutes on a small machine, `make test` uses the same build, and the parts
# that would be slow unoptimised (hashing, Casbin) are optimised even there, see Cargo.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

# The definitions are read from this folder: change a tenant, a policy or a theme while it serves.
export BUSBAR__DEMO__ENABLED=true BUSBAR__FILES__ROOT="$PWD"
cargo build
cargo run -q -- migrate up >/dev/null
cargo run -q -- demo
exec cargo run -q -- serve
