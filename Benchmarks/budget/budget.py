#!/usr/bin/env python3
"""Counts what a request costs: heap allocations and system calls, and compares with budget.json.

    Benchmarks/budget/budget.py [proxy] [key-limit]

Runs GATEHOUSE_BINARY (default: .build/release/gatehouse) with one worker in front of a small
upstream, warms it up over 64 connections that stay, and counts 20,000 requests twice: once with
each allocation counted, once under strace. Ends with 1 if a figure is beyond its budget.
"""
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
START = os.path.join(HERE, "..", "gatehouse", "start")
CONNECTIONS = 64
WARM_REQUESTS = 6_400
REQUESTS = 20_000
KEY = "budget-key"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def upstream(listener):
    """Answers each head that arrives; requests here have no bodies."""
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    held = {}
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                connection = listener.accept()[0]
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ)
                held[connection] = b""
                continue
            connection = key.fileobj
            try:
                arrived = connection.recv(65536)
            except OSError:
                arrived = b""
            if not arrived:
                selector.unregister(connection)
                held.pop(connection)
                connection.close()
                continue
            data = held[connection] + arrived
            complete = data.count(b"\r\n\r\n")
            held[connection] = data[data.rfind(b"\r\n\r\n") + 4:] if complete else data
            connection.sendall(ANSWER * complete)


class Clients:
    """Connections that stay, each with one request under way."""

    def __init__(self, port):
        self.sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        self.request = (
            f"GET /orders HTTP/1.1\r\nHost: api.test\r\nX-API-Key: {KEY}\r\n\r\n").encode()

    def send(self, count):
        """Sends `count` requests in all; each must be answered with 200."""
        selector = selectors.DefaultSelector()
        started = 0
        for each in self.sockets[:count]:
            selector.register(each, selectors.EVENT_READ, bytearray())
            each.sendall(self.request)
            started += 1
        done = 0
        while done < count:
            events = selector.select(10)
            if not events:
                sys.exit(f"budget: no answer for 10 s after {done} of {count} requests")
            for key, _ in events:
                key.data.extend(key.fileobj.recv(65536))
                if not self.is_whole(key.data):
                    continue
                key.data.clear()
                done += 1
                if started < count:
                    key.fileobj.sendall(self.request)
                    started += 1

    @staticmethod
    def is_whole(data):
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not data.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"budget: unexpected answer {bytes(data[:200])!r}")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)\r\n", bytes(data[:end + 2]))
        return length is not None and len(data) == end + 4 + int(length[1])

    def close(self):
        for each in self.sockets:
            each.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(scenario, folder, upstream_port, counter):
    """The gateway, once it answers; the counter's library is preloaded if a file is given."""
    port = free_port()
    environment = dict(
        os.environ, SCENARIO=scenario, PORT=str(port), UPSTREAM_PORT=str(upstream_port),
        WORKERS="1", WORK_DIR=folder, DATA_DIR=folder, RATE_LIMIT="1000000",
        ACCESS_LOG=os.path.join(folder, "access.log"))
    with open(os.path.join(folder, "keys.txt"), "w", encoding="ascii") as file:
        file.write(f"{KEY} owner\n")
    if counter:
        environment["ALLOCATION_COUNTER"] = counter
        environment["LD_PRELOAD"] = os.path.join(folder, "count-allocations.so")
    process = subprocess.Popen([START], env=environment, cwd=folder)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"budget: the gateway left with {process.returncode} instead of serving")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process, port
        except OSError:
            time.sleep(0.05)
    stop(process)
    sys.exit("budget: the gateway was not ready within 20 s")


def stop(process):
    """Ends a process by its own pid: politely, then not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def allocations(scenario, folder, upstream_port):
    counter = os.path.join(folder, "counter")
    process, port = start(scenario, folder, upstream_port, counter)
    try:
        clients = Clients(port)
        clients.send(WARM_REQUESTS)
        before = read_counter(counter)
        clients.send(REQUESTS)
        counted = read_counter(counter) - before
        clients.close()
    finally:
        stop(process)
    if before == 0:
        sys.exit("budget: nothing was counted at all, so the counter did not work")
    return counted / REQUESTS


def read_counter(path):
    with open(path, "rb") as file:
        return int.from_bytes(file.read(8), sys.byteorder)


def syscalls(scenario, folder, upstream_port):
    process, port = start(scenario, folder, upstream_port, None)
    summary = os.path.join(folder, "strace")
    try:
        clients = Clients(port)
        clients.send(WARM_REQUESTS)
        tracer = subprocess.Popen(
            ["strace", "-f", "-c", "-q", "-o", summary, "-p", str(process.pid)])
        wait_until_traced(process.pid, tracer)
        clients.send(REQUESTS)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
        clients.close()
    finally:
        stop(process)
    with open(summary, encoding="utf-8") as file:
        table = file.read()
    total = re.search(r"^ *100\.00 +\S+ +(?:\S+ +)?(\d+)(?: +\d+)? total$", table, re.MULTILINE)
    if not total:
        sys.exit(f"budget: strace printed no total:\n{table}")
    print(table)
    return int(total[1]) / REQUESTS


def wait_until_traced(pid, tracer):
    """Waits until every thread of the process has a tracer."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and tracer.poll() is None:
        states = []
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
                states.append("TracerPid:\t0\n" not in file.read())
        if all(states):
            return
        time.sleep(0.02)
    sys.exit("budget: strace could not attach to the gateway")


def main():
    with open(os.path.join(HERE, "budget.json"), encoding="ascii") as file:
        budget = json.load(file)
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    threading.Thread(target=upstream, args=(listener,), daemon=True).start()
    port = listener.getsockname()[1]
    beyond = []
    for scenario in sys.argv[1:] or budget:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["cc", "-O2", "-Wall", "-shared", "-fPIC",
                 "-o", os.path.join(folder, "count-allocations.so"),
                 os.path.join(HERE, "count-allocations.c")], check=True)
            figures = {
                "allocations": allocations(scenario, folder, port),
                "syscalls": syscalls(scenario, folder, port),
            }
        for what, figure in figures.items():
            limit = budget[scenario][what]
            print(f"budget: {scenario}: {figure:.4f} {what} a request, at most {limit}")
            if figure > limit:
                beyond.append(f"{scenario} {what}")
    if beyond:
        sys.exit("budget: beyond: " + ", ".join(beyond))


main()
