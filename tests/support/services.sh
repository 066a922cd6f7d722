#!/usr/bin/env bash
# The services that tests and benches lean on: private ones, on spare ports, in a temporary folder, gone when the work is.
#
#   services.sh install [bench]   installs what is missing by apt, where it may; else names it and exits 3
#   services.sh missing [bench]   only names it
#   services.sh run COMMAND…      starts PostgreSQL, Redis and ChromeDriver (those that are installed), runs COMMAND, stops them
#
# COMMAND finds BUSBAR_TEST_PG (an administrator's address; beside it there is the role busbar_test, which cannot bypass row
# security), BUSBAR_TEST_REDIS, BUSBAR_TEST_CHROMEDRIVER, BUSBAR_TEST_RUN (a name nobody else has); for benches BUSBAR_TEST_DIR
# (the folder), BUSBAR_TEST_PG_PID and BUSBAR_TEST_REDIS_PID. It may be given BUSBAR_TEST_PG_OPTIONS, for PostgreSQL's
# command line.
set -euo pipefail

postgres_bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1 || true)
PATH="$PATH:/usr/sbin:/sbin${postgres_bin:+:$postgres_bin}"
has() { command -v "$1" >/dev/null; }

# --- install -----------------------------------------------------------------------------------------------------------

# Debian package:command it brings
for_tests="postgresql:initdb redis-server:redis-server chromium:chromium chromium-driver:chromedriver poppler-utils:pdftotext libxml2-utils:xmllint"
for_bench="postgresql:initdb redis-server:redis-server linux-perf:perf valgrind:valgrind"

packages_missing() {
    for pair in $wanted; do
        has "${pair#*:}" || find /usr/lib/postgresql/*/bin/"${pair#*:}" >/dev/null 2>&1 || printf '%s ' "${pair%:*}"
    done
}

# Says what is missing, with the command that would install it.
missing() {
    local packages
    packages=$(packages_missing)
    [ -n "$packages" ] || return 0
    echo "Missing, and not installable from here: $packages" >&2
    echo "On Debian this installs them:  sudo apt-get install --no-install-recommends $packages" >&2
    return 3
}

install() {
    local packages sudo=
    packages=$(packages_missing)
    [ -n "$packages" ] || return 0
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    if has apt-get && { [ -z "$sudo" ] || $sudo true 2>/dev/null; }; then
        echo "installing: $packages" >&2
        $sudo apt-get update -q >&2 || true
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $packages >&2 || true
    fi
    missing
}

# --- run ---------------------------------------------------------------------------------------------------------------

spare_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# await NAME LOG COMMAND…: tries for 30 seconds until COMMAND succeeds
await() {
    local name=$1 log=$2
    shift 2
    for _ in $(seq 300); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    echo "$name did not start within 30 s:" >&2
    tail -n 20 "$log" >&2
    return 1
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

start_postgres() {
    local port password user=nobody as=()
    port=$(spare_port)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    mkdir "$dir/postgres"
    # PostgreSQL refuses to run as root.
    if [ "$(id -u)" = 0 ]; then
        id postgres >/dev/null 2>&1 && user=postgres
        as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --)
    fi
    (umask 077 && echo "$password" >"$dir/postgres/password")
    [ "$(id -u)" != 0 ] || chown -R "$user" "$dir/postgres"
    (cd / && "${as[@]}" initdb -D "$dir/postgres/data" -U admin -A scram-sha-256 --pwfile="$dir/postgres/password" -E UTF8 \
        --locale=C.UTF-8 -N) >"$dir/postgres.log" 2>&1 || { tail -n 20 "$dir/postgres.log" >&2; return 1; }
    (cd / && exec "${as[@]}" postgres -D "$dir/postgres/data" -p "$port" -h 127.0.0.1 -k '' -c fsync=off -c synchronous_commit=off \
        -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB -c max_wal_size=4GB ${BUSBAR_TEST_PG_OPTIONS:-}) \
        >>"$dir/postgres.log" 2>&1 &
    postgres=$!
    export BUSBAR_TEST_PG="postgres://admin:$password@127.0.0.1:$port/postgres" BUSBAR_TEST_PG_PID=$postgres
    await PostgreSQL "$dir/postgres.log" psql "$BUSBAR_TEST_PG" -qc 'select 1'
    psql "$BUSBAR_TEST_PG" -qc "create role busbar_test login password 'busbar_test' nosuperuser nobypassrls nocreaterole nocreatedb"
}

start_redis() {
    local port
    port=$(spare_port)
    redis-server --port "$port" --bind 127.0.0.1 --dir "$dir" --save '' --appendonly no >"$dir/redis.log" 2>&1 &
    redis=$!
    export BUSBAR_TEST_REDIS="redis://127.0.0.1:$port" BUSBAR_TEST_REDIS_PID=$redis
    await Redis "$dir/redis.log" redis-cli -p "$port" ping
}

start_chromedriver() {
    local port
    port=$(spare_port)
    # A session of its own, so that browsers left behind by a failed test can be found and ended.
    setsid chromedriver --port="$port" >"$dir/chromedriver.log" 2>&1 &
    chromedriver=$!
    disown "$chromedriver"
    export BUSBAR_TEST_CHROMEDRIVER="http://127.0.0.1:$port"
    await ChromeDriver "$dir/chromedriver.log" answers "$port"
}

# Ends every process of the session that process $1 leads.
end_session() {
    local stat rest fields
    for stat in /proc/[0-9]*/stat; do
        rest=$(cat "$stat" 2>/dev/null) || continue
        read -r -a fields <<<"${rest##*) }"
        [ "${fields[3]}" = "$1" ] && kill -KILL "$(basename "${stat%/stat}")" 2>/dev/null
    done
    return 0
}

stop() {
    trap '' INT TERM
    [ -z "$work" ] || { end_session "$work"; wait "$work"; } 2>/dev/null || true
    [ -z "$chromedriver" ] || end_session "$chromedriver"
    [ -z "$redis" ] || kill "$redis" 2>/dev/null || true
    # INT is PostgreSQL's fast shutdown: it does not wait for clients.
    [ -z "$postgres" ] || kill -INT "$postgres" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$dir" "${CARGO_TARGET_DIR:-target}"/tmp/*"$BUSBAR_TEST_RUN"
}

run() {
    postgres= redis= chromedriver= work=
    dir=$(mktemp -d "${TMPDIR:-/tmp}/busbar.XXXXXX")
    chmod 711 "$dir"
    mkdir "$dir/tmp"
    BUSBAR_TEST_RUN="_$(date +%s)_$$"
    export TMPDIR="$dir/tmp" BUSBAR_TEST_DIR=$dir BUSBAR_TEST_RUN
    trap stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    if has initdb; then start_postgres; fi
    if has redis-server; then start_redis; fi
    if has chromium && has chromedriver; then start_chromedriver; fi
    # In the background, so that a signal reaches the trap at once; a session of its own, so that all of it can be ended.
    setsid "$@" <&0 &
    work=$!
    local status=0
    wait "$work" || status=$?
    return "$status"
}

wanted=$for_tests
[ "${2:-}" != bench ] || wanted=$for_bench
case "${1:-}" in
    install) install ;;
    missing) missing ;;
    run) shift && run "$@" ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
