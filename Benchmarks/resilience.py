#!/usr/bin/env python3
"""Breaks one of two upstreams in every way, under load, and counts what the clients got.

    Benchmarks/resilience.py --torture FOLDER [--modes refuse,garbage] [--seconds 14] [--rate 200]

FOLDER (or TORTURE) holds chaosproxy.py and steady.py. For each mode and for GETs, then for POSTs
with content, runs GATEHOUSE_BINARY (default: .build/release/gatehouse) in front of two upstreams,
one of them behind the faulty proxy, which turns bad after some seconds. Checks that the fault was
met, that at least 99.5 % of the answers to GETs are right, and that no POST arrived twice. A last
round sends SIGHUP a hundred times under load. Ends with 1 if anything fell short.
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
MODES = [
    "refuse", "blackhole", "cut:40", "fin:40", "halfclose", "stall:40", "garbage", "latency:100",
    "slice:7:1", "drip:2", "mix"]
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


class Stage:
    """A gateway and a faulty proxy of its own for one round: what one fault does to the gateway's
    opinion of an upstream must not keep the next fault from being seen at all."""

    def __init__(self, given, upstreams):
        self.ports = {name: free_port() for name in ["port", "admin", "faulty", "control"]}
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "gatehouse.yaml")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                port=self.ports["port"], admin=self.ports["admin"], first=self.ports["faulty"],
                second=upstreams.ports[1]))
        self.proxy = subprocess.Popen(
            [sys.executable, os.path.join(given.torture, "chaosproxy.py"),
             str(self.ports["faulty"]), str(upstreams.ports[0]), "--control",
             str(self.ports["control"])],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        command(self.ports["control"], "ok")
        self.gateway = subprocess.Popen(
            [BINARY, "run", "--config", path], stderr=subprocess.DEVNULL)
        wait_ready(self.ports["admin"])

    def end(self):
        """How many connections met each fault."""
        self.gateway.terminate()
        self.gateway.wait()
        self.proxy.terminate()
        output = self.proxy.communicate()[0]
        self.folder.cleanup()
        return dict(re.findall(r"'(\w+)': (\d+)", output))


def row(what, kind, right, p99, more, good):
    print(
        f"{what:12} {kind:5} {right:8.3f} % {p99:9.1f} ms  {'' if good else 'SHORT '}{more}",
        flush=True)
    return good


def round_of(given, mode, upstreams, body):
    stage = Stage(given, upstreams)

    def during():
        time.sleep(given.warm)
        # Modes that slow down act on open connections; the others have to meet new ones.
        command(stage.ports["control"], mode)

    upstreams.posts.clear()
    right, p99, sent = load(given, stage.ports["port"], body, during)
    faults = stage.end()
    twice = sum(1 for count in upstreams.posts.values() if count > 1)
    met = sum(int(count) for fault, count in faults.items() if fault != "ok")
    is_seen = met > 0 or mode.split(":")[0] in ("latency", "slice", "drip", "bandwidth")
    good = twice == 0 and is_seen and (body > 0 or right >= 99.5)
    more = f"POSTs twice {twice}  connections {faults}  {sent}"
    return row(mode, "POST" if body else "GET", right, p99, more, good)


def reloads(given, upstreams):
    stage = Stage(given, upstreams)

    def during():
        for _ in range(100):
            stage.gateway.send_signal(signal.SIGHUP)
            time.sleep((given.reload_seconds - 1) / 100)

    given.seconds = given.reload_seconds
    right, p99, sent = load(given, stage.ports["port"], 0, during)
    stage.end()
    return row("100 reloads", "GET", right, p99, sent, right == 100)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torture", default=os.environ.get("TORTURE"))
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--seconds", type=int, default=14)
    parser.add_argument("--warm", type=int, default=6, help="seconds before the fault")
    parser.add_argument("--reload-seconds", type=int, default=30)
    parser.add_argument("--rate", type=int, default=200)
    given = parser.parse_args()
    if not given.torture:
        sys.exit("resilience: --torture or TORTURE names the folder of chaosproxy.py and steady.py")
    upstreams = Upstreams()
    print(f"{'fault':12} {'load':5} {'right':>10} {'p99':>12}", flush=True)
    good = [
        round_of(given, mode, upstreams, body)
        for mode in given.modes.split(",") if mode for body in (0, 100)]
    good.append(reloads(given, upstreams))
    sys.exit(0 if all(good) else 1)


main()
