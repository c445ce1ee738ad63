#!/bin/bash
# Measures what normal clients lose while 10,000 slow ones hold connections: slow heads, slow
# content, slow reading. Ends with 1 if the gateway keeps less than 90 % of its capacity, which is
# what its one worker, on a processor of its own, could answer: the inverse of the processor time
# that it takes for a normal request, with all that it spends on slow clients counted in. Requests
# a second are shown as well, but there the attacker's own work counts against the gateway, for
# attacker, normal clients and upstream share the other processors.
#
# The limits are set so that slow clients are never sent away: by the defaults, they soon are.
#
#   Benchmarks/slow-clients.sh [CLIENTS=10000] [SECONDS_EACH=10] [MODES="heads content reading"]
#
# Runs GATEHOUSE_BINARY (default: .build/release/gatehouse); needs what `Tools/deps bench` installs.
set -euo pipefail
for setting in "$@"; do
  declare "$setting"
done
clients=${CLIENTS:-10000} seconds=${SECONDS_EACH:-10} modes=${MODES:-heads content reading}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
binary=${GATEHOUSE_BINARY:-$here/../.build/release/gatehouse}
folder=$(mktemp -d)
pids=()
trap 'kill -TERM "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$folder"' EXIT

# Each slow client is one descriptor for its own process, and up to two for the gateway.
ulimit -n $((clients * 3)) 2>/dev/null || ulimit -n "$(ulimit -Hn)"
if [ "$(ulimit -n)" -lt $((clients * 2 + 1000)) ]; then
  clients=$((($(ulimit -n) - 1000) / 2))
  echo "No more than $(ulimit -n) descriptors are allowed: $clients clients" >&2
fi

free_port() {
  python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
quick=$(free_port) patient=$(free_port) port=$(free_port)
processors=$(nproc)
pinned=()
if [ "$processors" -gt 1 ]; then
  taskset -cp "1-$((processors - 1))" $$ >/dev/null
  pinned=(taskset -c 0)
fi

# Normal clients ask an upstream that is faster than any gateway.
cat >"$folder/nginx.conf" <<TEXT
daemon off; pid $folder/pid; error_log $folder/errors error;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000;
  server { listen 127.0.0.1:$quick; location / { return 200 "$(printf '%01024d' 0)"; } }
}
TEXT
nginx -e "$folder/errors" -c "$folder/nginx.conf" &
pids+=($!)

# Slow ones ask one that waits for all they send, and answers with more than they take.
cat >"$folder/patient.py" <<'TEXT'
import asyncio
import sys


async def serve(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        while head.startswith(b"POST") and await reader.read(65536):
            pass
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + b"x" * 65536)
        await writer.drain()
        await reader.read()
    except (OSError, EOFError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    await server.serve_forever()


asyncio.run(main())
TEXT
python3 "$folder/patient.py" "$patient" &
pids+=($!)

cat >"$folder/gatehouse.yaml" <<TEXT
workers: 1
listeners: [{ bind: 127.0.0.1:$port }]
admin: { bind: 127.0.0.1:$(free_port) }
services:
  - name: quick
    upstreams: [http://127.0.0.1:$quick]
    public: true
  - name: patient
    upstreams: [http://127.0.0.1:$patient]
    public: true
    routes: [{ paths: [/patient] }]
    timeouts: { first-byte: 600s, idle: 600s }
logging: { access: off }
limits:
  header-timeout: 600s
  body-timeout: 600s
  body-rate: 0
  send-timeout: 600s
  idle-timeout: 600s
TEXT
"${pinned[@]}" "$binary" run --config "$folder/gatehouse.yaml" 2>"$folder/messages" &
pids+=($!)
gateway=$!
for _ in $(seq 100); do
  grep -q '^gatehouse: ready$' "$folder/messages" && break
  sleep 0.1
done
grep -q '^gatehouse: ready$' "$folder/messages" || { cat "$folder/messages" >&2; exit 1; }

# Hundredths of a second of processor time that the gateway took so far.
ticks() { awk '{ print $14 + $15 }' "/proc/$gateway/stat"; }

# Requests answered in a second, and microseconds of the gateway's processor time for each, what it
# spends on slow clients included: that figure tells more where others use the machine as well.
measure() {
  local began
  began=$(ticks)
  wrk -t 1 -c 32 -d "${seconds}s" "http://127.0.0.1:$port/" >"$folder/wrk"
  awk -v ticks=$(($(ticks) - began)) '
    /requests in/ { count = $1 } /Requests\/sec/ { rate = $2 }
    /Socket errors|Non-2xx/ { print "  " $0 > "/dev/stderr" }
    END { printf "%d %.1f\n", rate, count ? ticks * 10000 / count : 999999 }' "$folder/wrk"
}
open_connections() { find "/proc/$gateway/fd" -mindepth 1 | wc -l; }
memory() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$gateway/status"; }

status=0
printf '%-10s %10s %10s %10s %10s %9s %12s %10s\n' \
  slow before/s during/s 'before us' 'during us' capacity connections 'memory MiB'
for mode in $modes; do
  common=(-c "$clients" -r 2000 -l $((seconds + 120)) -u "http://127.0.0.1:$port/patient" -p 30)
  case $mode in
    heads) options=(-H -i 5 -x 10) ;;
    content) options=(-B -i 5 -x 10 -s 100000) ;;
    reading) options=(-X -w 1 -y 4 -n 5 -z 1 -k 3) ;;
  esac
  read -r before before_cost < <(measure)
  # Attackers have processors of their own; here they get what is left.
  nice -n 19 slowhttptest "${options[@]}" "${common[@]}" >"$folder/slow" 2>&1 &
  slow=$!
  pids+=("$slow")
  # Until all are there, with connections to the upstream where they have got so far.
  last=-1 held=0
  for _ in $(seq 60); do
    held=$(open_connections)
    [ "$held" -ge "$clients" ] && [ "$held" -le $((last + 5)) ] && break
    last=$held
    sleep 2
  done
  read -r during during_cost < <(measure)
  capacity=$(awk "BEGIN { print int(100 * $before_cost / $during_cost) }")
  printf '%-10s %10d %10d %10s %10s %8d%% %12d %10d\n' "$mode" "$before" "$during" \
    "$before_cost" "$during_cost" "$capacity" "$(open_connections)" "$(memory)"
  if [ "$capacity" -lt 90 ] || [ "$held" -lt "$clients" ]; then status=1; fi
  kill -TERM "$slow" 2>/dev/null || true
  wait "$slow" 2>/dev/null || true
  sleep 2
done
exit $status
