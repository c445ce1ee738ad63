#!/usr/bin/env python3
"""Measures what events cost a request, and how the store does.

    Benchmarks/events.py [--rounds 7] [--seconds 4] [--store-events 0] [--folder FOLDER]

Runs GATEHOUSE_BINARY (default: .build/release/gatehouse) in front of nginx, with wrk as client and
16 connections, in rounds that take turns: without events, with the store, with store and all
forms of outputs, with traces at 100 %, and with outputs whose other side is dead or takes
nothing. For each it tells the median of the processor time per request, against the one without,
and the median of wrk's 99th percentile. With --store-events it then fills a store by 'gatehouse
events measure'.
"""
import argparse
import http.server
import os
import re
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ.get(
    "GATEHOUSE_BINARY", os.path.join(HERE, "..", ".build", "release", "gatehouse"))
GATEWAY = """\
workers: 1
listeners: [{{ bind: 127.0.0.1:{port} }}]
admin: {{ bind: 127.0.0.1:{admin} }}
services:
  - name: shop
    upstreams: [http://127.0.0.1:{upstream}]
    policies: [{{ request-id: {{}} }}]
    public: true
    routes: [{{ name: orders, paths: ["/orders/{{id}}"] }}]
logging: {{ access: off }}
{events}
"""
NGINX = """\
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000; client_body_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "{text}"; }} }} }}
"""


class Sink(http.server.BaseHTTPRequestHandler):
    """Takes everything."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configurations(sink, stuck):
    """The events of each configuration that is compared."""
    store = "store: store"
    forms = ", ".join(
        "{{ name: {0}, file: out.{0}, format: {0}, rotate: {{ size: 64MiB, keep: 1 }} }}".format(
            form) for form in ["json", "ecs", "ocsf"])
    return {
        "none": "",
        "store": f"events: {{ {store} }}",
        "traces":
            f"events: {{ outputs: [{{ otlp: 'http://127.0.0.1:{sink}', signals: [traces] }}] }}",
        "all forms": f"events: {{ {store}, outputs: [{forms}] }}",
        "dead": f"events: {{ {store}, outputs: [{{ webhook: 'http://127.0.0.1:9/' }}] }}",
        "stuck": f"events: {{ {store}, outputs: [{{ syslog: 'tcp://127.0.0.1:{stuck}' }}] }}",
    }


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(events, upstream, seconds):
    """Processor time per request in microseconds, the 99th percentile in milliseconds."""
    port, admin = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="gatehouse-events-") as folder:
        with open(f"{folder}/gatehouse.yaml", "w") as file:
            file.write(GATEWAY.format(port=port, admin=admin, upstream=upstream, events=events))
        with open(f"{folder}/messages", "w") as messages:
            gateway = subprocess.Popen([BINARY, "run"], cwd=folder, stderr=messages)
        for _ in range(200):
            if "ready" in open(f"{folder}/messages").read():
                break
            time.sleep(0.05)
        command = ["wrk", "-t1", "-c16", "--latency", f"http://127.0.0.1:{port}/orders/123456"]
        subprocess.run(command + ["-d1s"], stdout=subprocess.DEVNULL, check=True)
        before = processor_seconds(gateway)
        output = subprocess.run(
            command + [f"-d{seconds}s"], stdout=subprocess.PIPE, text=True, check=True).stdout
        used = processor_seconds(gateway) - before
        gateway.send_signal(signal.SIGKILL)
        gateway.wait()
    requests = int(re.search(r"(\d+) requests in", output)[1])
    if "Non-2xx" in output:
        raise SystemExit(output)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    scale = {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return used / requests * 1e6, float(number) * scale


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--only", default="")
    parser.add_argument("--store-events", type=int, default=0)
    parser.add_argument("--folder", default="")
    arguments = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Takes connections, and never reads.
    stuck = socket.socket()
    stuck.bind(("127.0.0.1", 0))
    stuck.listen(16)
    chosen = configurations(server.server_address[1], stuck.getsockname()[1])
    if arguments.only:
        names = ["none"] + arguments.only.split(",")
        chosen = {name: chosen[name] for name in names}
    upstream = free_port()
    with tempfile.TemporaryDirectory(prefix="gatehouse-events-") as folder:
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(NGINX.format(folder=folder, port=upstream, text="x" * 300))
        nginx = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"])
        time.sleep(0.5)
        results = {name: [] for name in chosen}
        try:
            for _ in range(arguments.rounds):
                for name, events in chosen.items():
                    results[name].append(run(events, upstream, arguments.seconds))
        finally:
            nginx.terminate()
            nginx.wait()
    base = statistics.median(cost for cost, _ in results["none"])
    for name, figures in results.items():
        cost = statistics.median(cost for cost, _ in figures)
        # Rounds stand side by side, so that a slow minute weighs on both.
        pairs = [mine[0] / none[0] for mine, none in zip(figures, results["none"])]
        tail = statistics.median(tail for _, tail in figures)
        print(
            f"{name:10} {cost:6.2f} µs a request, {100 * (statistics.median(pairs) - 1):+5.1f} % "
            f"({100 * (cost / base - 1):+5.1f} %), p99 {tail:.2f} ms")
    if arguments.store_events:
        with tempfile.TemporaryDirectory(prefix="gatehouse-events-") as folder:
            folder = arguments.folder or folder
            subprocess.run(
                [BINARY, "events", "measure", "--folder", f"{folder}/store", "--events",
                 str(arguments.store_events)], check=True)


if __name__ == "__main__":
    main()
