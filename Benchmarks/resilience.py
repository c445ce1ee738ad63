#!/usr/bin/env python3
"""Breaks one of two upstreams in every way, under load, and counts what the clients got.

    Benchmarks/resilience.py --torture FOLDER [--modes refuse,garbage] [--seconds 8] [--rate 200]

FOLDER holds chaosproxy.py and steady.py. Runs GATEHOUSE_BINARY (default:
.build/release/gatehouse) in front of two upstreams, one of them behind the faulty proxy, which
turns bad after a second. For each mode it sends GETs, then POSTs with content, and checks that at
least 99.5 % of the answers to GETs are right and that no POST arrived twice. A last round sends
SIGHUP a hundred times under load. Ends with 1 if anything fell short.
"""
import argparse
import asyncio
import collections
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ.get(
    "GATEHOUSE_BINARY", os.path.join(HERE, "..", ".build", "release", "gatehouse"))
MODES = ["refuse", "blackhole", "cut:40", "fin:40", "stall:40", "garbage", "latency:100", "mix"]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nright"
CONFIGURATION = """\
workers: 1
listeners: [{{ bind: 127.0.0.1:{port} }}]
admin: {{ bind: 127.0.0.1:{admin} }}
services:
  - name: shop
    upstreams: [http://127.0.0.1:{first}, http://127.0.0.1:{second}]
    public: true
    timeouts: {{ connect: 1s, first-byte: 1s, idle: 2s }}
logging: {{ access: off }}
"""


class Upstreams:
    """Two servers that answer everything, and remember each POST by its number."""

    def __init__(self):
        self.posts = collections.Counter()
        self.ports = []
        started = threading.Event()
        threading.Thread(target=self.run, args=(started,), daemon=True).start()
        started.wait(10)

    def run(self, started):
        asyncio.run(self.serve(started))

    async def serve(self, started):
        servers = [await asyncio.start_server(self.talk, "127.0.0.1", 0) for _ in range(2)]
        self.ports = [server.sockets[0].getsockname()[1] for server in servers]
        started.set()
        await asyncio.Event().wait()

    async def talk(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                if length:
                    await reader.readexactly(int(length[1]))
                if head.startswith(b"POST"):
                    self.posts[re.search(rb"(?i)\r\nx-seq: *(\d+)", head)[1]] += 1
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(port, mode):
    deadline = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as control:
                control.sendall(mode.encode() + b"\n")
                control.recv(100)
                return
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def wait_ready(admin):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    sys.exit("resilience: the gateway was not ready within 20 s")


def load(given, port, body, during):
    """The right share in percent, and the line of outcomes."""
    steady = subprocess.Popen(
        [sys.executable, os.path.join(given.torture, "steady.py"), f"http://127.0.0.1:{port}/",
         "--rate", str(given.rate), "--secs", str(given.seconds), "--expect", "right",
         "--body", str(body)], stdout=subprocess.PIPE, text=True)
    during()
    output = steady.communicate(timeout=given.seconds + 60)[0]
    right = re.search(r"right ([\d.]+) %.*p99 ([\d.]+)", output)
    sent = re.search(r"sent .*", output)
    return float(right[1]), float(right[2]), sent[0]


def round_of(given, mode, upstreams, ports, body):
    def during():
        time.sleep(1)
        command(ports["control"], mode)

    command(ports["control"], "ok")
    upstreams.posts.clear()
    right, p99, sent = load(given, ports["port"], body, during)
    twice = sum(1 for count in upstreams.posts.values() if count > 1)
    good = twice == 0 and (body > 0 or right >= 99.5)
    what = "POST" if body else "GET"
    print(
        f"{mode:12} {what:5} right {right:7.3f} %  p99 {p99:7.1f} ms  POSTs twice {twice}"
        f"  {'' if good else 'SHORT: '}{sent}", flush=True)
    return good


def reloads(given, gateway, ports):
    def during():
        for _ in range(100):
            gateway.send_signal(signal.SIGHUP)
            time.sleep(given.seconds / 110)

    command(ports["control"], "ok")
    right, p99, sent = load(given, ports["port"], 0, during)
    print(f"{'100 reloads':12} {'GET':5} right {right:7.3f} %  p99 {p99:7.1f} ms  {sent}")
    return right == 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torture", required=True)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rate", type=int, default=200)
    given = parser.parse_args()
    upstreams = Upstreams()
    ports = {name: free_port() for name in ["port", "admin", "faulty", "control"]}
    proxy = subprocess.Popen(
        [sys.executable, os.path.join(given.torture, "chaosproxy.py"), str(ports["faulty"]),
         str(upstreams.ports[0]), "--control", str(ports["control"])], stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "gatehouse.yaml")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                port=ports["port"], admin=ports["admin"], first=ports["faulty"],
                second=upstreams.ports[1]))
        gateway = subprocess.Popen(
            [BINARY, "run", "--config", path], stderr=subprocess.DEVNULL)
        try:
            wait_ready(ports["admin"])
            good = [
                round_of(given, mode, upstreams, ports, body)
                for mode in given.modes.split(",") for body in (0, 100)]
            good.append(reloads(given, gateway, ports))
        finally:
            for process in (gateway, proxy):
                process.terminate()
                process.wait()
    sys.exit(0 if all(good) else 1)


main()
