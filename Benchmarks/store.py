#!/usr/bin/env python3
"""What the store costs and promises while requests are served.

    Benchmarks/store.py changes [--seconds 10]     p99 quiet, and with 100 changes a second
    Benchmarks/store.py outage [--seconds 60]      PostgreSQL away under load: what failed
    Benchmarks/store.py revocation [--rounds 30]   two gateways: how long until both refuse
    Benchmarks/store.py timing [--rounds 200]      unknown beside wrong credentials

Runs GATEHOUSE_BINARY (default: .build/release/gatehouse), over loopback alone. Needs h2load, and
PostgreSQL but for `changes` and `timing`. Ends with 1 if the figure is beyond its bar.
"""
import argparse
import base64
import http.client
import http.server
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.path.abspath(os.environ.get(
    "GATEHOUSE_BINARY", os.path.join(HERE, "..", ".build", "release", "gatehouse")))
RATE = 500
CONNECTIONS = 10


def conformance():
    """The check that kills gateways amid writes: it knows how to start what is needed."""
    path = os.path.join(HERE, "..", "Tests", "Conformance", "store")
    loader = importlib.machinery.SourceFileLoader("store_check", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("store_check", loader))
    loader.exec_module(module)
    return module


CHECK = conformance()


class Upstream(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and content go out together, so that nobody waits for an acknowledgement.
    wbufsize = -1

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


def upstream():
    """A server in a process of its own: what writes to the store must not hold it up."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.daemon_threads = True
    multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True).start()
    server.socket.close()
    return server.server_port


class Gateway:
    """A gateway in a folder, on this store, until it is stopped."""

    def __init__(self, folder, store, services, token=None):
        self.folder = folder
        self.port, self.admin = CHECK.free_ports(2)
        with open(os.path.join(folder, "gatehouse.yaml"), "w") as file:
            file.write(
                f"workers: 1\nlisteners: [{{ bind: 127.0.0.1:{self.port} }}]\n"
                f"admin: {{ bind: 127.0.0.1:{self.admin} }}\nstore: {store}\n"
                "limits: { admin-requests-per-address: 0 }\n"
                f"{services}\nlogging: {{ access: off }}\n")
        self.token = token or CHECK.set_up(BINARY, folder, self.admin)
        self.start()

    def start(self):
        messages = open(os.path.join(self.folder, "messages"), "w")
        self.process = subprocess.Popen([BINARY, "run"], cwd=self.folder, stderr=messages)
        deadline = time.monotonic() + CHECK.READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.ask(self.admin, "GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        sys.exit("the gateway did not become ready")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def ask(self, port, method, path, body=None, fields=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request(method, path, body, fields or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def change(self, method, path, body=None):
        fields = {"Authorization": f"Bearer {self.token}", "If-Match": "*"}
        if body is not None:
            fields["Content-Type"] = "application/json"
        if method == "PUT":
            del fields["If-Match"]
        status, text = self.ask(
            self.admin, method, path, None if body is None else json.dumps(body), fields)
        if status >= 300:
            raise OSError(f"{method} {path}: {status} {text[:200]}")
        return json.loads(text) if text else {}

    def key(self, consumer):
        return self.change("POST", f"/v1/consumers/{consumer}/keys", {})

    def status(self, key):
        return self.ask(self.port, "GET", "/", None, {"X-API-Key": key})[0]


def load(port, key, seconds):
    """Requests at a fixed rate: the times of all, in microseconds, and how many were not 200."""
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(
            ["h2load", "--h1", "-c", str(CONNECTIONS), "-D", str(seconds), "--rps",
             str(RATE // CONNECTIONS), "-H", f"X-API-Key: {key}", "--log-file", log.name,
             f"http://127.0.0.1:{port}/"], check=True, stdout=subprocess.DEVNULL)
        lines = [line.split("\t") for line in open(log.name).read().splitlines()]
    times = sorted(int(line[2]) for line in lines)
    return times, sum(1 for line in lines if line[1] != "200")


def p(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def services(port, policies="api-key: {}"):
    return (f"services: [{{ name: one, upstreams: [http://127.0.0.1:{port}], "
            f"policies: [{{ {policies} }}] }}]")


def changes(arguments):
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(folder, "{ sqlite: gatehouse.db }", services(upstream()))
        try:
            for number in range(200):
                gateway.change("PUT", f"/v1/consumers/c{number}", {})
            key = gateway.key("c0")["key"]
            time.sleep(1)
            ratios = []
            for _ in range(arguments.rounds or 3):
                quiet, failed = load(gateway.port, key, arguments.seconds or 10)
                done = threading.Event()
                count = 0

                def write():
                    nonlocal count
                    due = time.monotonic()
                    while not done.is_set():
                        gateway.change(
                            "PATCH", f"/v1/consumers/c{1 + count % 199}",
                            {"labels": {"n": str(count)}})
                        count += 1
                        due += 0.01
                        time.sleep(max(0, due - time.monotonic()))

                thread = threading.Thread(target=write)
                thread.start()
                began = time.monotonic()
                busy, more = load(gateway.port, key, arguments.seconds or 10)
                rate = count / (time.monotonic() - began)
                done.set()
                thread.join()
                ratios.append(p(busy, 0.99) / p(quiet, 0.99))
                print(f"quiet p50 {p(quiet, 0.5)} p99 {p(quiet, 0.99)} µs;"
                      f" {rate:.0f} changes a second p50 {p(busy, 0.5)} p99 {p(busy, 0.99)} µs;"
                      f" x{ratios[-1]:.2f}; failed {failed + more}")
            print(f"p99 with changes: x{statistics.median(ratios):.2f} (bar 1.20)")
            return statistics.median(ratios) <= 1.2
        finally:
            gateway.stop()


class Shared:
    """A PostgreSQL server, and what a gateway has to know of it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(dir="/tmp")
        self.server = CHECK.start_postgres(self.folder.name)
        self.key = tempfile.NamedTemporaryFile("w")
        os.chmod(self.key.name, 0o600)
        self.key.write("ab" * 32)
        self.key.flush()
        url = f"postgres:///postgres?host={self.folder.name}&user=gatehouse"
        self.store = f'{{ postgres: "{url}", master-key-file: {self.key.name} }}'
        time.sleep(2)

    def stop(self):
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait()

    def start(self):
        self.server = subprocess.Popen(
            self.server.args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def outage(arguments):
    shared = Shared()
    seconds = arguments.seconds or 60
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(folder, shared.store, services(upstream()))
        try:
            gateway.change("PUT", "/v1/consumers/shop", {})
            key = gateway.key("shop")["key"]
            while gateway.status(key) != 200:
                time.sleep(0.01)

            def cut():
                time.sleep(5)
                shared.stop()
                time.sleep(seconds)
                shared.start()

            thread = threading.Thread(target=cut)
            thread.start()
            times, failed = load(gateway.port, key, seconds + 15)
            thread.join()
            late = gateway.change("PUT", "/v1/consumers/late", {})["name"]
            print(f"{len(times)} requests, database away for {seconds} s: {failed} failed;"
                  f" p99 {p(times, 0.99)} µs; afterwards '{late}' was made")
            return failed == 0 and len(times) > RATE * seconds // 2
        finally:
            gateway.stop()
            shared.stop()


def revocation(arguments):
    shared = Shared()
    port = upstream()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first = Gateway(one, shared.store, services(port))
        second = Gateway(two, shared.store, services(port), first.token)
        try:
            first.change("PUT", "/v1/consumers/shop", {})
            known, revoked = [], []
            for _ in range(arguments.rounds or 30):
                began = time.monotonic()
                made = first.key("shop")
                while any(each.status(made["key"]) != 200 for each in (first, second)):
                    time.sleep(0.002)
                known.append(time.monotonic() - began)
                began = time.monotonic()
                first.change("POST", f"/v1/keys/{made['id']}/revoke")
                while any(each.status(made["key"]) != 401 for each in (first, second)):
                    time.sleep(0.002)
                revoked.append(time.monotonic() - began)
            print(f"a key known by both: median {statistics.median(known) * 1000:.0f} ms,"
                  f" at most {max(known) * 1000:.0f} ms")
            print(f"a key refused by both: median {statistics.median(revoked) * 1000:.0f} ms,"
                  f" at most {max(revoked) * 1000:.0f} ms (bar 2000)")
            return max(revoked) <= 2
        finally:
            first.stop()
            second.stop()
            shared.stop()


def timing(arguments):
    """Interleaved requests of two kinds; how far their medians are apart."""
    rounds = arguments.rounds or 200
    good = True
    with tempfile.TemporaryDirectory() as folder:
        users = []
        for name in ("carol", "dave"):
            hashed = subprocess.run(
                [BINARY, "hash-password"], input=f"the password of {name}\n", text=True,
                stdout=subprocess.PIPE, check=True).stdout.strip()
            users.append(f'{{ name: {name}, password: "{hashed}" }}')
        port = upstream()
        text = (f"services:\n  - {{ name: keys, upstreams: [http://127.0.0.1:{port}],"
                f" routes: [{{ paths: [/keys] }}], policies: [api-key: {{}}] }}\n"
                f"  - {{ name: passwords, upstreams: [http://127.0.0.1:{port}],"
                f" routes: [{{ paths: [/passwords] }}],"
                f" policies: [basic: {{ negative-ttl: 0s, users: [{', '.join(users)}] }}] }}")
        gateway = Gateway(folder, "{ sqlite: gatehouse.db }", text)
        try:
            gateway.change("PUT", "/v1/consumers/shop", {})
            kept, revoked = gateway.key("shop"), gateway.key("shop")
            gateway.change("POST", f"/v1/keys/{revoked['id']}/revoke")
            expired = gateway.change(
                "POST", "/v1/consumers/shop/keys",
                {"expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))})
            time.sleep(3)
            connection = http.client.HTTPConnection("127.0.0.1", gateway.port)

            def took(path, fields):
                began = time.perf_counter_ns()
                connection.request("GET", path, headers=fields)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 401:
                    raise OSError(f"{path}: {answer.status}")
                return (time.perf_counter_ns() - began) / 1000

            def basic(name, number):
                pair = base64.b64encode(f"{name}:wrong {number}".encode()).decode()
                return {"Authorization": f"Basic {pair}"}

            changed = kept["key"][:-1] + ("A" if kept["key"][-1] != "A" else "B")
            kinds = [
                ("a key that is not there, and one that differs in a letter", rounds * 10, "/keys",
                 lambda n: {"X-API-Key": f"gh_{n:032d}"}, lambda n: {"X-API-Key": changed}),
                ("a key that is not there, and one that was revoked", rounds * 10, "/keys",
                 lambda n: {"X-API-Key": f"gh_{n:032d}"}, lambda n: {"X-API-Key": revoked["key"]}),
                ("a key that is not there, and one that has expired", rounds * 10, "/keys",
                 lambda n: {"X-API-Key": f"gh_{n:032d}"}, lambda n: {"X-API-Key": expired["key"]}),
                ("an unknown name, and a wrong password", rounds // 4, "/passwords",
                 lambda n: basic(f"nobody{n}", n), lambda n: basic("carol", n)),
            ]
            for words, count, path, left, right in kinds:
                pairs = [(took(path, left(n)), took(path, right(n))) for n in range(count)]
                # Half of each kind goes first in its pair: who is second is warmer.
                for n in range(count, 2 * count):
                    second = took(path, right(n))
                    pairs.append((took(path, left(n)), second))
                one, other = (statistics.median(each) for each in zip(*pairs))
                share = abs(one - other) / max(one, other)
                good &= share < 0.03
                print(f"{words}: {one:.1f} and {other:.1f} µs, {100 * share:.1f} % apart")
            return good
        finally:
            gateway.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["changes", "outage", "revocation", "timing"])
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--rounds", type=int)
    arguments = parser.parse_args()
    sys.exit(0 if globals()[arguments.what](arguments) else 1)


main()
