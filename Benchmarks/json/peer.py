#!/usr/bin/env python3
"""Says how fast jsonschema-rs holds a text against a schema: `peer.py TEXT SCHEMA`."""
import json
import sys
import time

try:
    import jsonschema_rs
except ImportError:
    print("jsonschema-rs: not there (pip install jsonschema-rs)")
    sys.exit(0)

SECONDS = 0.5


def best(body):
    least = float("inf")
    for _ in range(5):
        count, start = 0, time.process_time()
        while time.process_time() - start < SECONDS:
            if not body():
                sys.exit("jsonschema-rs: not sound")
            count += 1
        least = min(least, (time.process_time() - start) / count)
    return least


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    with open(sys.argv[2], encoding="utf-8") as file:
        judge = jsonschema_rs.validator_for(json.load(file))
    made = json.loads(text)
    size = len(text.encode())
    for name, body in (("jsonschema-rs with json.loads", lambda: judge.is_valid(json.loads(text))),
                       ("jsonschema-rs alone", lambda: judge.is_valid(made))):
        taken = best(body)
        print(f"{name}: {size / taken / 1e9:.2f} GB/s, {taken * 1e6:.2f} µs")


main()
