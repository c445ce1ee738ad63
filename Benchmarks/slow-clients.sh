#!/bin/bash
# Measures what normal clients lose while 10,000 slow ones hold connections: slow heads, slow
# content, slow reading. Ends with 1 if they keep less than 90 % of their throughput.
#
#   Benchmarks/slow-clients.sh [CLIENTS=10000] [SECONDS_EACH=10] [MODES="heads content reading"]
#
# Runs GATEHOUSE_BINARY (default: .build/release/gatehouse) in front of its own demo.
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

free_port() {
  python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
demo=$(free_port) port=$(free_port)
cat >"$folder/gatehouse.yaml" <<TEXT
listeners: [{ bind: 127.0.0.1:$port }]
admin: { bind: 127.0.0.1:$(free_port) }
services:
  - { name: demo, upstreams: [http://127.0.0.1:$demo], public: true }
logging: { access: off }
TEXT
"$binary" demo --bind "127.0.0.1:$demo" >/dev/null 2>&1 &
pids+=($!)
"$binary" run --config "$folder/gatehouse.yaml" 2>"$folder/messages" &
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
  wrk -t 1 -c 32 -d "${seconds}s" "http://127.0.0.1:$port/orders" >"$folder/wrk"
  awk -v ticks=$(($(ticks) - began)) '
    /requests in/ { count = $1 } /Requests\/sec/ { rate = $2 }
    /Socket errors|Non-2xx/ { print "  " $0 > "/dev/stderr" }
    END { printf "%d %.1f\n", rate, ticks * 10000 / count }' "$folder/wrk"
}
open_connections() { find "/proc/$gateway/fd" -mindepth 1 | wc -l; }
memory() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$gateway/status"; }

status=0
printf '%-10s %10s %10s %6s %10s %10s %12s %10s\n' \
  slow before/s during/s kept 'before us' 'during us' descriptors 'memory MiB'
for mode in $modes; do
  common=(-c "$clients" -r 2000 -l $((seconds + 60)) -u "http://127.0.0.1:$port/orders" -p 30)
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
  # Until all are there, or no more come.
  last=0
  while held=$(open_connections) && [ "$held" -gt "$last" ]; do
    last=$held
    sleep 2
  done
  read -r during during_cost < <(measure)
  printf '%-10s %10d %10d %5d%% %10s %10s %12d %10d\n' "$mode" "$before" "$during" \
    $((during * 100 / before)) "$before_cost" "$during_cost" "$held" "$(memory)"
  if [ $((during * 100)) -lt $((before * 90)) ]; then status=1; fi
  kill -TERM "$slow" 2>/dev/null || true
  wait "$slow" 2>/dev/null || true
  sleep 2
done
exit $status
