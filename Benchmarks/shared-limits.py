#!/usr/bin/env python3
"""Measures limits that two gateways count together in one Redis.

    Benchmarks/shared-limits.py [exact] [down] [cost] [memory] [--requests 1000000]

exact   two gateways and one key: of so many requests, strict lets exactly the limit through, and
        leased at most one lease for each gateway more
down    Redis is killed under load and started again: each rule does what it says, no other error
        is seen, and within 5 s limits are shared again
cost    CPU time of the gateway for a request: local, strict, leased, and without a limit
memory  what a key takes in Redis

Runs GATEHOUSE_BINARY (default: .build/release/gatehouse), redis-server, nginx and wrk. Ends with 1
if anything fell short.
"""
import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ.get(
    "GATEHOUSE_BINARY", os.path.join(HERE, "..", ".build", "release", "gatehouse"))
FAILED = []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(what, holds, figure):
    print(f"  {'ok  ' if holds else 'FAIL'} {what}: {figure}", flush=True)
    if not holds:
        FAILED.append(what)


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


class Redis:
    def __init__(self, folder):
        self.port = free_port()
        # Of its own: one that has another's log to read is not there for a while.
        self.folder = tempfile.mkdtemp(dir=folder)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder,
             "--save", "", "--appendonly", "yes"], stdout=subprocess.DEVNULL)
        wait_for(self.port)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def command(self, *words):
        return subprocess.run(
            ["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True).stdout


class Upstream:
    def __init__(self, folder):
        self.port = free_port()
        path = os.path.join(folder, "nginx.conf")
        with open(path, "w") as file:
            file.write(f"""
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 100000000;
  server {{ listen 127.0.0.1:{self.port}; location / {{ return 200 "ok"; }} }} }}
""")
        self.process = subprocess.Popen(["nginx", "-c", path, "-p", folder])
        wait_for(self.port)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Gateway:
    def __init__(self, folder, name, upstream, redis, rules):
        self.port, self.admin = free_port(), free_port()
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        services = "".join(f"""
  - name: {path}
    upstreams: ["http://127.0.0.1:{upstream.port}"]
    public: true
    routes: [{{ paths: ["/{path}"] }}]
    policies: {rule}""" for path, rule in rules.items())
        with open(os.path.join(self.folder, "gatehouse.yaml"), "w") as file:
            file.write(f"""
workers: 1
listeners: [{{ bind: "127.0.0.1:{self.port}" }}]
admin: {{ bind: "127.0.0.1:{self.admin}" }}
services:{services}
counters: {{ redis: "redis://127.0.0.1:{redis.port}", gateways: 2 }}
logging: {{ access: off }}
""")
        self.messages = open(os.path.join(self.folder, "messages"), "w+")
        self.process = subprocess.Popen(
            [BINARY, "run", "--config", "gatehouse.yaml"], cwd=self.folder, stderr=self.messages)
        wait_for(self.admin)
        while self.get("/readyz") is None:
            time.sleep(0.05)

    def get(self, path):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=5).read()
        except OSError:
            return None

    def metric(self, series):
        text = self.get("/metrics").decode()
        found = re.search("^" + re.escape(series) + r" (\S+)$", text, re.M)
        return float(found.group(1)) if found else 0

    def answers(self, path, group):
        return int(self.metric(
            f'gatehouse_route_requests_total{{service="{path}",route="{path}/0",'
            f'status="{group}"}}'))

    def seconds(self):
        return self.metric("gatehouse_process_cpu_seconds_total")

    def load(self, path, seconds, connections=32):
        return subprocess.Popen(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
             f"http://127.0.0.1:{self.port}/{path}"], stdout=subprocess.PIPE, text=True)

    def status(self, path):
        try:
            url = f"http://127.0.0.1:{self.port}/{path}"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self):
        self.process.terminate()
        self.process.wait()


def exact(folder, requests):
    print("exact: two gateways, one Redis, one key", flush=True)
    limit, lease = requests // 2, 1000
    shared = f"limit: {limit}/day, by: ip, store: shared, when-down: closed"
    rules = {
        "strict": f"[rate-limit: {{ {shared}, name: strict }}]",
        "leased": f"[rate-limit: {{ {shared}, sharing: leased, lease: {lease}, name: leased }}]",
    }
    redis, upstream = Redis(folder), Upstream(folder)
    gateways = [Gateway(folder, f"exact{n}", upstream, redis, rules) for n in range(2)]
    for path in rules:
        # What the pace of the limit gives back meanwhile is let through as well.
        begin = time.monotonic()
        while True:
            for load in [gateway.load(path, 5) for gateway in gateways]:
                load.wait()
            done = sum(g.answers(path, s) for g in gateways for s in ("2xx", "4xx", "5xx"))
            if done >= requests:
                break
        refill = int((time.monotonic() - begin) * limit / 86_400) + 1
        passed = [gateway.answers(path, "2xx") for gateway in gateways]
        failed = sum(gateway.answers(path, "5xx") for gateway in gateways)
        bound = limit + refill + (2 * lease if path == "leased" else 0)
        over = sum(passed) - limit - refill
        check(
            f"{path}, {done} requests", limit <= sum(passed) <= bound and failed == 0,
            f"{sum(passed)} passed ({passed[0]} and {passed[1]}) of {limit} and {refill} by the "
            f"pace, {max(0, over)} over, {failed} failed, "
            f"{done / (time.monotonic() - begin):.0f}/s")
    for gateway in gateways:
        gateway.stop()
    redis.kill()
    upstream.stop()


def down(folder):
    print("down: Redis is killed under load and started again", flush=True)
    rules = {
        name: f"[rate-limit: {{ limit: 1000000/second, by: ip, store: shared, when-down: {name} }}]"
        for name in ("open", "closed", "local")
    }
    redis, upstream = Redis(folder), Upstream(folder)
    gateway = Gateway(folder, "down", upstream, redis, rules)
    loads = [gateway.load(path, 12, 8) for path in rules]
    time.sleep(3)
    before = {path: gateway.answers(path, "5xx") for path in rules}
    redis.kill()
    time.sleep(3)
    redis.start()
    begin = time.monotonic()
    while gateway.status("closed") != 200:
        time.sleep(0.02)
    recovery = time.monotonic() - begin
    outputs = [load.communicate()[0] for load in loads]
    after = {path: gateway.answers(path, "5xx") for path in rules}
    check("recovery within 5 s", recovery <= 5, f"{recovery * 1000:.0f} ms")
    check("no error before", sum(before.values()) == 0, sum(before.values()))
    check("open: none refused", after["open"] == 0, after["open"])
    check("local: none refused with 503", after["local"] == 0, after["local"])
    check("closed: refused with 503", after["closed"] > 0, after["closed"])
    errors = [line for output in outputs for line in output.splitlines() if "Socket errors" in line]
    check("no connection broke, nothing hung", not errors, errors or "none")
    slowest = [re.search(r"Latency\s+\S+\s+\S+\s+(\S+)", output).group(1) for output in outputs]
    print(f"       the slowest answers: {', '.join(slowest)}")
    gateway.stop()
    redis.kill()
    upstream.stop()


def cost(folder):
    print("cost: CPU time of the gateway for a request, one worker", flush=True)
    limit = "limit: 1000000/second, burst: 100000000, by: ip"
    rules = {
        "none": "[]",
        "local": f"[rate-limit: {{ {limit} }}]",
        "strict": f"[rate-limit: {{ {limit}, store: shared }}]",
        "leased": f"[rate-limit: {{ {limit}, store: shared, sharing: leased, lease: 1000 }}]",
        "three": "[" + ", ".join(
            f"rate-limit: {{ {limit}, store: shared, name: n{n} }}" for n in range(3)) + "]",
    }
    redis, upstream = Redis(folder), Upstream(folder)
    gateway = Gateway(folder, "cost", upstream, redis, rules)
    best = {}
    for _ in range(3):
        for path in rules:
            gateway.load(path, 1).wait()
            begin, count = gateway.seconds(), gateway.answers(path, "2xx")
            gateway.load(path, 3).wait()
            used = gateway.seconds() - begin
            each = used / max(1, gateway.answers(path, "2xx") - count) * 1e6
            best[path] = min(best.get(path, each), each)
    for path, each in best.items():
        print(f"       {path:7} {each:6.2f} us a request, {each - best['none']:+.2f} to none")
    gateway.stop()
    redis.kill()
    upstream.stop()


def memory(folder, keys=1_000_000):
    print("memory: what a key takes in Redis", flush=True)
    redis = Redis(folder)
    def used():
        return int(re.search(r"used_memory:(\d+)", redis.command("INFO", "memory")).group(1))
    before = used()
    script = ("for i = 1, 100000 do redis.call('SET', 'gatehouse:' .. string.format('%032x', "
              "ARGV[1] * 100000 + i), string.format('%.0f', 9.6e14 + i), 'PX', 60000000) end")
    for part in range(keys // 100_000):
        redis.command("EVAL", script, "0", str(part))
    each = (used() - before) / keys
    check("10 million keys", each < 200, f"{each:.0f} bytes each, {each * 1e7 / 2**30:.2f} GiB")
    redis.kill()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=[])
    parser.add_argument("--requests", type=int, default=1_000_000)
    arguments = parser.parse_args()
    parts = arguments.parts or ["exact", "down", "cost", "memory"]
    with tempfile.TemporaryDirectory() as folder:
        if "exact" in parts:
            exact(folder, arguments.requests)
        if "down" in parts:
            down(folder)
        if "cost" in parts:
            cost(folder)
        if "memory" in parts:
            memory(folder)
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
