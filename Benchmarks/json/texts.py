#!/usr/bin/env python3
"""Writes the texts that JSON is measured with, and their schemas, to the folder that is named."""
import json
import os
import random
import sys

random.seed(1)


def word(count):
    return "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(count))


def order():
    return {
        "orderId": f"ORD-{random.randrange(10**8):08d}",
        "customer": {"id": random.randrange(1, 10**6), "name": f"{word(6)} {word(9)}",
                     "email": f"{word(8)}@{word(7)}.example"},
        "priority": random.randrange(1, 6), "gift": random.random() < 0.5,
        "items": [{"sku": f"{word(3).upper()}-{random.randrange(10**4):04d}",
                   "qty": random.randrange(1, 50), "price": random.randrange(1, 99999) / 100,
                   "tags": [word(5), word(7)]} for _ in range(6)],
        "notes": " ".join(word(random.randrange(3, 9)) for _ in range(30)),
    }


ORDER = {
    "type": "object", "additionalProperties": False, "required": ["orderId", "customer", "items"],
    "properties": {
        "orderId": {"type": "string", "pattern": "^ORD-[0-9]{8}$"},
        "customer": {
            "type": "object", "additionalProperties": False, "required": ["id", "name", "email"],
            "properties": {"id": {"type": "integer", "minimum": 1},
                           "name": {"type": "string", "minLength": 1, "maxLength": 100},
                           "email": {"type": "string", "pattern": "^[^@ ]+@[^@ ]+$"}}},
        "priority": {"type": "integer", "minimum": 1, "maximum": 5},
        "gift": {"type": "boolean"},
        "items": {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": False, "required": ["sku", "qty", "price"],
            "properties": {
                "sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
                "qty": {"type": "integer", "minimum": 1, "maximum": 1000},
                "price": {"type": "number", "minimum": 0},
                "tags": {"type": "array", "items": {"type": "string", "maxLength": 20}}}}},
        "notes": {"type": "string", "maxLength": 2000},
    },
}
TEXT = {"type": "object", "required": ["id", "text"],
        "properties": {"id": {"type": "integer"}, "text": {"type": "string", "minLength": 1}}}


def main():
    folder = sys.argv[1]

    def write(name, made, **how):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(made, file, ensure_ascii=False, **how)

    orders = [order() for _ in range(2000)]
    texts = [{"id": n, "text": " ".join(word(random.randrange(3, 9)) for _ in range(200))}
             for n in range(1500)]
    write("order.json", order(), separators=(",", ":"))
    write("orders.json", orders, separators=(",", ":"))
    write("indented.json", orders, indent=2)
    write("texts.json", texts, separators=(",", ":"))
    write("order.schema", ORDER)
    write("orders.schema", {"type": "array", "items": ORDER})
    write("texts.schema", {"type": "array", "items": TEXT})


main()
