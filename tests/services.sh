#!/usr/bin/env bash
# Finds or starts PostgreSQL and Redis for the tests; prints `export …` lines:
#
#     eval "$(bash tests/services.sh)"
#
# 1. What BANSHITONG_TEST_DATABASE_URL / BANSHITONG_TEST_REDIS_URL name, is taken as it is.
# 2. A server that answers at its standard local port is used.
# 3. Otherwise a private one is started from installed programs; its data lie under var/services/.
# 4. With CI=true missing programs are installed with apt first.
# What cannot be had is left out, with a word on standard error; with CI=true that is a failure.
# `bash tests/services.sh stop` stops the private servers.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
home=${BANSHITONG_SERVICES_DIR:-$root/var/services}
ci=${CI:-false}
pg_port=${BANSHITONG_PRIVATE_PG_PORT:-54329}
redis_port=${BANSHITONG_PRIVATE_REDIS_PORT:-63799}

say() { echo "services: $*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

pg_bin() {
    local dir
    for dir in "$(dirname "$(command -v initdb 2>/dev/null || echo /none/initdb)")" \
        $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then echo "$dir"; return 0; fi
    done
    return 1
}

install() {
    [ "$ci" = true ] && have apt-get || return 1
    say "installing $*"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# PostgreSQL refuses to run as root: then it runs as the user postgres.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

accepts_us() {
    local bin
    bin=$(pg_bin) && [ -x "$bin/psql" ] || return 0      # nothing to ask with: the tests will tell
    "$bin/psql" -w -q -h 127.0.0.1 -p "$1" -U postgres -d postgres -c 'SELECT 1' >/dev/null 2>&1
}

start_postgres() {
    local bin data
    bin=$(pg_bin) || { install postgresql && bin=$(pg_bin); } || return 1
    if [ "$(id -u)" -eq 0 ] && ! id postgres >/dev/null 2>&1; then useradd --system postgres; fi
    # A user who is not root cannot look into every directory above the project.
    data=$home/postgres
    if [ "$(id -u)" -eq 0 ]; then data=/var/tmp/banshitong-postgres-$pg_port; fi
    if [ ! -s "$data/PG_VERSION" ]; then
        mkdir -p "$data"
        if [ "$(id -u)" -eq 0 ]; then chown postgres "$data"; fi
        (cd / && as_owner "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 >/dev/null)
    fi
    (cd / && as_owner "$bin/pg_ctl" -D "$data" -w -t 60 -l "$data/log" \
        -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data -c fsync=off" start >/dev/null)
}

start_redis() {
    have redis-server || install redis-server || return 1
    mkdir -p "$home"
    redis-server --port "$redis_port" --bind 127.0.0.1 --daemonize yes --save "" --appendonly no \
        --dir "$home" --pidfile "$home/redis.pid" >/dev/null
    for _ in $(seq 50); do answers "$redis_port" && return 0; sleep 0.1; done
    return 1
}

stop() {
    local bin data
    data=$home/postgres
    if [ "$(id -u)" -eq 0 ]; then data=/var/tmp/banshitong-postgres-$pg_port; fi
    if bin=$(pg_bin) && [ -s "$data/postmaster.pid" ]; then
        (cd / && as_owner "$bin/pg_ctl" -D "$data" -m fast stop >/dev/null)
    fi
    if [ -s "$home/redis.pid" ]; then kill "$(cat "$home/redis.pid")"; fi
}

missing() {
    say "$1 is neither running nor installed; its tests cannot run"
    if [ "$ci" = true ]; then exit 1; fi
}

postgres() {
    if [ -n "${BANSHITONG_TEST_DATABASE_URL:-}" ]; then echo "$BANSHITONG_TEST_DATABASE_URL"
    elif answers 5432 && accepts_us 5432; then echo "postgres://postgres@127.0.0.1:5432/postgres"
    elif answers "$pg_port" || start_postgres; then echo "postgres://postgres@127.0.0.1:$pg_port/postgres"
    fi
}

redis() {
    if [ -n "${BANSHITONG_TEST_REDIS_URL:-}" ]; then echo "$BANSHITONG_TEST_REDIS_URL"
    elif answers 6379; then echo "redis://127.0.0.1:6379/15"
    elif answers "$redis_port" || start_redis; then echo "redis://127.0.0.1:$redis_port/15"
    fi
}

if [ "${1:-}" = stop ]; then stop; exit 0; fi
database_url=$(postgres)
redis_url=$(redis)
if [ -n "$database_url" ]; then echo "export BANSHITONG_TEST_DATABASE_URL='$database_url'"; else missing PostgreSQL; fi
if [ -n "$redis_url" ]; then echo "export BANSHITONG_TEST_REDIS_URL='$redis_url'"; else missing Redis; fi
