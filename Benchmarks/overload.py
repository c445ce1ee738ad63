#!/usr/bin/env python3
"""Measures what clients get from upstreams that die, become slow, or are asked for too much.

    Benchmarks/overload.py [kill] [slow] [overload] [--seconds 60]

kill      one of three upstreams is killed and started again under load, 20 times: no GET may fail
slow      one of three becomes 100 times slower (balance: fastest): after 5 s the p99 of all
          requests may be twice that of before
overload  three times what an upstream can do, for SECONDS (concurrency: adaptive): it has to do
          nine tenths of what it can, with the slowest of 99 % of answers bounded, and after the
          load has gone, requests are answered as before within 2 s

Runs GATEHOUSE_BINARY (default: .build/release/gatehouse) with one worker. Ends with 1 if anything
fell short.
"""
import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ.get(
    "GATEHOUSE_BINARY", os.path.join(HERE, "..", ".build", "release", "gatehouse"))

# An upstream with so many places, each of which takes so long for a request; the delay is read
# from a file before each.
UPSTREAM = """
import asyncio, sys
port, places, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
async def main():
    gate = asyncio.Semaphore(places)
    async def talk(reader, writer):
        try:
            while True:
                await reader.readuntil(b"\\r\\n\\r\\n")
                async with gate:
                    await asyncio.sleep(float(open(path).read()))
                writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
    server = await asyncio.start_server(talk, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()
asyncio.run(main())
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Upstream:
    def __init__(self, folder, delay, places=10_000):
        self.port, self.places = free_port(), places
        self.path = os.path.join(folder, f"delay-{self.port}")
        self.set(delay)
        self.start()

    def set(self, delay):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(str(delay))
        os.rename(self.path + ".new", self.path)

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", UPSTREAM, str(self.port), str(self.places), self.path])
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise SystemExit("an upstream does not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Gateway:
    def __init__(self, folder, upstreams, more):
        self.port, admin = free_port(), free_port()
        path = os.path.join(folder, "gatehouse.yaml")
        urls = ", ".join(f"'http://127.0.0.1:{upstream.port}'" for upstream in upstreams)
        with open(path, "w", encoding="ascii") as file:
            file.write(f"""\
workers: 1
listeners: [{{ bind: 127.0.0.1:{self.port} }}]
admin: {{ bind: 127.0.0.1:{admin} }}
services:
  - {{ name: shop, public: true, upstreams: [{urls}], {more} }}
logging: {{ access: off }}
""")
        with open(os.path.join(folder, "messages"), "w", encoding="ascii") as messages:
            self.process = subprocess.Popen([BINARY, "run", "--config", path], stderr=messages)
        for _ in range(500):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("the gateway does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Load:
    """GETs at an even rate, whatever becomes of those before: (begin, seconds, status) each."""

    def __init__(self, port):
        self.port, self.idle, self.results = port, [], []

    async def one(self, begin):
        status = 0
        try:
            reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection(
                "127.0.0.1", self.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            length = next(
                int(line[15:]) for line in head.split(b"\r\n")
                if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            self.idle.append((reader, writer))
        except (OSError, asyncio.IncompleteReadError, StopIteration):
            pass
        self.results.append((begin, time.monotonic() - begin, status))

    async def run(self, rate, seconds):
        begin, tasks, sent = time.monotonic(), set(), 0
        while True:
            due = int((time.monotonic() - begin) * rate)
            if time.monotonic() - begin >= seconds:
                break
            for _ in range(due - sent):
                task = asyncio.create_task(self.one(time.monotonic()))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            sent = max(sent, due)
            await asyncio.sleep(0.002)
        if tasks:
            await asyncio.wait(tasks, timeout=30)


def p99(results):
    times = sorted(seconds for _, seconds, status in results if status == 200)
    return times[int(len(times) * 0.99)] * 1000 if times else float("inf")


async def kill(folder, _):
    upstreams = [Upstream(folder, 0.005) for _ in range(3)]
    gateway = Gateway(folder, upstreams, "balance: round-robin")
    load = Load(gateway.port)
    running = asyncio.create_task(load.run(300, 42))
    await asyncio.sleep(1)
    for number in range(20):
        upstreams[number % 3].kill()
        await asyncio.sleep(1)
        await asyncio.to_thread(upstreams[number % 3].start)
        await asyncio.sleep(1)
    await running
    bad = [status for _, _, status in load.results if status != 200]
    print(f"kill: {len(load.results)} GETs at 300/s, 20 kills: {len(bad)} failed {set(bad) or ''}")
    gateway.stop()
    for upstream in upstreams:
        upstream.kill()
    return not bad


async def slow(folder, _):
    good = True
    for balance in ["fastest", "round-robin"]:
        upstreams = [Upstream(folder, 0.005) for _ in range(3)]
        gateway = Gateway(folder, upstreams, f"balance: {balance}")
        load = Load(gateway.port)
        await load.run(300, 8)
        healthy = p99([result for result in load.results[600:]])
        upstreams[1].set(0.5)
        load.results = []
        await load.run(300, 25)
        begin = load.results[0][0]
        late = p99([result for result in load.results if result[0] > begin + 5])
        bar = "" if balance == "fastest" else "  (no bar)"
        print(f"slow: {balance}: p99 {healthy:.1f} ms, one 100 times slower {late:.1f} ms{bar}")
        if balance == "fastest":
            good = late <= 2 * healthy
        gateway.stop()
        for upstream in upstreams:
            upstream.kill()
    return good


async def overload(folder, seconds):
    upstream = Upstream(folder, 0.02, places=8)
    gateway = Gateway(folder, [upstream], "concurrency: adaptive")
    load = Load(gateway.port)
    capacity = await closed(upstream.port, 8, 5)
    await load.run(capacity * 3, 3)
    load.results = []
    await load.run(capacity * 3, seconds)
    answered = [result for result in load.results if result[2] == 200]
    refused = sum(status == 503 for _, _, status in load.results)
    other = len(load.results) - len(answered) - refused
    goodput = len(answered) / seconds / capacity
    slowest = p99(load.results)
    after = Load(gateway.port)
    await asyncio.sleep(1)
    await after.run(capacity * 0.5, 2)
    failed = sum(status != 200 for _, _, status in after.results)
    print(
        f"overload: {capacity:.0f}/s can be done, thrice as much asked for {seconds} s: "
        f"{100 * goodput:.1f} % of it done, p99 {slowest:.0f} ms (20 ms alone), {refused} refused, "
        f"{other} otherwise failed; a second later at half of it: {failed} of "
        f"{len(after.results)} failed, p99 {p99(after.results):.0f} ms")
    gateway.stop()
    upstream.kill()
    return goodput >= 0.9 and slowest <= 100 and failed == 0 and other == 0


async def closed(port, clients, seconds):
    """Answers a second that so many clients get which ask one question after another."""
    end = time.monotonic() + seconds

    async def client():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count = 0
        while time.monotonic() < end:
            writer.write(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            await reader.readuntil(b"ok")
            count += 1
        writer.close()
        return count

    return sum(await asyncio.gather(*(client() for _ in range(clients)))) / seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", default=[])
    parser.add_argument("--seconds", type=int, default=60)
    arguments = parser.parse_args()
    parts = arguments.parts or ["kill", "slow", "overload"]
    good = True
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            good &= asyncio.run(
                {"kill": kill, "slow": slow, "overload": overload}[part](folder, arguments.seconds))
    sys.exit(0 if good else 1)


main()
