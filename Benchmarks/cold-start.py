#!/usr/bin/env python3
"""Measures the time from the start of the process to the first proxied byte.

    Benchmarks/cold-start.py [--routes 1000] [--rounds 15]

Runs GATEHOUSE_BINARY (default: .build/release/gatehouse) with so many routes over TLS and clear
text in front of a small upstream, and tries a request every millisecond until one is answered.
Prints the median and the extremes in milliseconds; ends with 1 if the median is over --most.
"""
import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ.get(
    "GATEHOUSE_BINARY", os.path.join(HERE, "..", ".build", "release", "gatehouse"))


def upstream(listener):
    while True:
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        connection.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(folder, routes, upstream_port):
    port = free_port()
    lines = [
        "workers: 1", f"listeners: [{{ bind: 127.0.0.1:{port} }}]",
        f"admin: {{ bind: 127.0.0.1:{free_port()} }}", "logging: { access: off }", "services:"]
    for service in range(max(1, routes // 10)):
        lines += [
            f"  - name: service-{service}", f"    upstreams: [http://127.0.0.1:{upstream_port}]",
            "    public: true", "    policies:",
            "      - rate-limit: { limit: 1000/second, by: ip }", "    routes:"]
        lines += [
            f"      - {{ paths: [/service-{service}/resource-{route}], methods: [GET, POST] }}"
            for route in range(min(routes, 10))]
    path = os.path.join(folder, "gatehouse.yaml")
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    return path, port


def once(path, port):
    """Milliseconds until the first byte of an answer."""
    began = time.monotonic()
    process = subprocess.Popen(
        [BINARY, "run", "--config", path], stderr=subprocess.DEVNULL)
    try:
        while time.monotonic() < began + 20:
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as client:
                    client.sendall(
                        b"GET /service-0/resource-0 HTTP/1.1\r\nHost: api.test\r\n\r\n")
                    if client.recv(12) == b"HTTP/1.1 200":
                        return (time.monotonic() - began) * 1000
            except OSError:
                pass
            time.sleep(0.001)
        sys.exit("cold-start: no answer within 20 s")
    finally:
        process.terminate()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--routes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--most", type=float, default=50, help="milliseconds, for the median")
    given = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    threading.Thread(target=upstream, args=(listener,), daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        path, port = configuration(folder, given.routes, listener.getsockname()[1])
        times = [once(path, port) for _ in range(given.rounds)]
    median = statistics.median(times)
    print(
        f"cold start, {given.routes} routes: median {median:.1f} ms, "
        f"{min(times):.1f} to {max(times):.1f} ms, {given.rounds} rounds")
    sys.exit(0 if median <= given.most else 1)


main()
