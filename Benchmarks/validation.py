#!/usr/bin/env python3
"""Says what holding a POST of 1 KB of JSON against a schema costs, beside the same POST unchecked.

`Benchmarks/validation.py [ROUNDS [SECONDS]]`, with the binary in GATEHOUSE_BINARY. It needs nginx,
which answers behind the gateway, and wrk. The gateway has one worker; what is told is the CPU time
of its process for each request, in turns with and without the policy, medians over the rounds.
"""
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HEALTH_SECONDS = 20
CONNECTIONS = 64
DOCUMENTS = 200
POLICIES = ["none", "openapi", "json-schema"]


def word(rng, count):
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(count))


def document(rng):
    return {
        "orderId": f"ORD-{rng.randrange(10**8):08d}",
        "customer": {
            "id": rng.randrange(1, 10**6), "name": f"{word(rng, 6)} {word(rng, 9)}",
            "email": f"{word(rng, 8)}@{word(rng, 7)}.example",
            "address": {"street": f"{rng.randrange(1, 999)} {word(rng, 10)} Street",
                        "city": word(rng, 9), "zip": f"{rng.randrange(10**5):05d}",
                        "country": rng.choice(["DE", "FR", "GB", "US", "JP"])}},
        "currency": rng.choice(["EUR", "USD", "GBP"]), "priority": rng.randrange(1, 6),
        "gift": rng.random() < 0.5,
        "items": [{"sku": f"{word(rng, 3).upper()}-{rng.randrange(10**4):04d}",
                   "qty": rng.randrange(1, 50), "price": rng.randrange(1, 99999) / 100,
                   "tags": [word(rng, 5), word(rng, 7)]} for _ in range(6)],
        "notes": " ".join(word(rng, rng.randrange(3, 9)) for _ in range(30)),
    }


def closed(required, **properties):
    return {"type": "object", "additionalProperties": False, "required": required,
            "properties": properties}


def text(**rules):
    return {"type": "string", **rules}


SCHEMA = closed(
    ["orderId", "customer", "currency", "items"],
    orderId=text(pattern="^ORD-[0-9]{8}$"),
    customer=closed(
        ["id", "name", "email", "address"],
        id={"type": "integer", "minimum": 1}, name=text(minLength=1, maxLength=100),
        email=text(maxLength=200, pattern="^[^@ ]+@[^@ ]+$"),
        address=closed(
            ["street", "city", "zip", "country"], street=text(maxLength=100),
            city=text(maxLength=100), zip=text(pattern="^[0-9]{5}$"),
            country=text(enum=["DE", "FR", "GB", "US", "JP"]))),
    currency=text(enum=["EUR", "USD", "GBP"]),
    priority={"type": "integer", "minimum": 1, "maximum": 5}, gift={"type": "boolean"},
    items={"type": "array", "minItems": 1, "maxItems": 100, "items": closed(
        ["sku", "qty", "price"], sku=text(pattern="^[A-Z]{3}-[0-9]{4}$"),
        qty={"type": "integer", "minimum": 1, "maximum": 1000},
        price={"type": "number", "minimum": 0},
        tags={"type": "array", "maxItems": 10, "items": text(maxLength=20)})},
    notes=text(maxLength=2000))

NGINX = """\
daemon off; worker_processes 1; pid %(folder)s/nginx.pid; error_log %(folder)s/nginx.log crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; client_body_temp_path %(folder)s;
  proxy_temp_path %(folder)s; fastcgi_temp_path %(folder)s; uwsgi_temp_path %(folder)s;
  scgi_temp_path %(folder)s;
  server { listen 127.0.0.1:%(port)d; location / { return 200 "ok"; } }
}
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def configuration(folder, port, admin, upstream):
    content = {"required": True, "content": {"application/json": {"schema": SCHEMA}}}
    with open(f"{folder}/api.json", "w", encoding="ascii") as file:
        json.dump({"openapi": "3.1.0", "info": {"title": "x", "version": "1"},
                   "paths": {"/openapi": {"post": {"requestBody": content}}}}, file)
    with open(f"{folder}/schema.json", "w", encoding="ascii") as file:
        json.dump(SCHEMA, file)
    policies = {"none": "", "openapi": "{ openapi: { document: api.json } }",
                "json-schema": "{ json-schema: { schema: schema.json } }"}
    lines = ["workers: 1", f"listeners: [{{ bind: 127.0.0.1:{port} }}]",
             f"admin: {{ bind: 127.0.0.1:{admin} }}",
             "logging: { access: off, error: { level: error } }",
             "limits: { requests-per-connection: 1000000000 }", "services:"]
    for name, policy in policies.items():
        lines += [f"  - name: {name}", f"    upstreams: [http://127.0.0.1:{upstream}]",
                  f"    routes: [{{ paths: [/{name}], public: true }}]",
                  "    keep-alive: { idle-max: 512, idle-timeout: 600s }",
                  f"    policies: [{policy}]"]
    return "\n".join(lines) + "\n"


def cpu_seconds(pid):
    """User and system time of a process and its children."""
    total = 0
    for each in [pid] + [int(child) for child in children(pid)]:
        with open(f"/proc/{each}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()


def load(folder, port, name, seconds):
    """Sends documents for some seconds; returns how many were answered with 200."""
    made = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-s", f"{folder}/post.lua",
         f"http://127.0.0.1:{port}/{name}"],
        stdout=subprocess.PIPE, text=True, check=True)
    if "Non-2xx" in made.stdout:
        sys.exit(f"validation: {name} refuses what is sound")
    for line in made.stdout.splitlines():
        if "requests in" in line:
            return int(line.split()[0])
    sys.exit("validation: wrk says nothing")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    binary = os.environ.get("GATEHOUSE_BINARY", ".build/release/gatehouse")
    rng = random.Random(1)
    costs = {name: [] for name in POLICIES}
    with tempfile.TemporaryDirectory() as folder:
        port, admin, upstream = free_ports(3)
        with open(f"{folder}/post.lua", "w", encoding="ascii") as file:
            file.write("local bodies = {\n")
            for _ in range(DOCUMENTS):
                file.write(f"  [=[{json.dumps(document(rng))}]=],\n")
            file.write('}\nlocal at = 0\nwrk.method = "POST"\n'
                       'wrk.headers["Content-Type"] = "application/json"\n'
                       "request = function()\n  at = at % #bodies + 1\n"
                       "  return wrk.format(nil, nil, nil, bodies[at])\nend\n")
        with open(f"{folder}/nginx.conf", "w", encoding="ascii") as file:
            file.write(NGINX % {"folder": folder, "port": upstream})
        with open(f"{folder}/gatehouse.yaml", "w", encoding="ascii") as file:
            file.write(configuration(folder, port, admin, upstream))
        os.chmod(f"{folder}/gatehouse.yaml", 0o600)
        environment = dict(os.environ, GLIBC_TUNABLES="glibc.malloc.tcache_count=60")
        behind = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"])
        gateway = subprocess.Popen([os.path.abspath(binary), "run", "--config", "gatehouse.yaml"],
                                   cwd=folder, env=environment)
        try:
            deadline = time.monotonic() + HEALTH_SECONDS
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=1)
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        sys.exit("validation: the gateway was not ready")
                    time.sleep(0.05)
            for name in POLICIES:
                load(folder, port, name, 1)
            for turn in range(rounds):
                for name in POLICIES[turn % 3:] + POLICIES[:turn % 3]:
                    before = cpu_seconds(gateway.pid)
                    count = load(folder, port, name, seconds)
                    costs[name].append((cpu_seconds(gateway.pid) - before) / count * 1e6)
        finally:
            for process in (gateway, behind):
                process.send_signal(signal.SIGTERM)
                process.wait(10)
    for name in POLICIES:
        more = statistics.median(
            own - none for own, none in zip(costs[name], costs["none"]))
        print(f"{name}: {statistics.median(costs[name]):.2f} µs of CPU for a request, "
              f"{more:.2f} µs more than without")


main()
