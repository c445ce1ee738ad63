# What is typed most often. `make` alone lists it.

CONFORMANCE ?= ../shared/conformance
BENCH ?= ../shared/bench

.DEFAULT_GOAL := help
.PHONY: help deps build run test conformance bench fuzz tsan soak format docs clean
.NOTPARALLEL:

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

deps:  ## install from Debian what building needs and is missing
	@Tools/deps build

build: deps  ## build the release binary, .build/release/gatehouse
	Tools/build release

run: build  ## start the gateway in front of a demo API, and print what to try
	@Tools/run

test:  ## check the format and pass every test; needs nothing beyond this folder
	@Tools/deps build test clients provider collector grpc
	Tools/format --check
	Tools/test

conformance: deps  ## hold the binary against public suites (CONFORMANCE=folder, CRS4=folder)
	@Tools/deps test clients parsers
	@CONFORMANCE="$(CONFORMANCE)" Tools/conformance

bench: build  ## measure beside other gateways (BENCH=folder, ARGUMENTS="--quick …")
	@Tools/deps bench
	@BENCH="$(BENCH)" Tools/bench $(ARGUMENTS)

fuzz: deps  ## fuzz every parser (SECONDS_EACH=60)
	@Tools/fuzz

tsan: deps  ## run the tests under the thread sanitizer
	@Tools/deps test clients
	Tools/test --sanitize thread

soak: build  ## run for long under load, with reloads (SOAK_SECONDS=3600)
	@Tools/deps bench
	@Tools/soak

format:  ## bring the sources into their format
	Tools/format

docs:  ## make the reference of the Swift modules, .build/docs
	@Tools/docs

clean:  ## remove what was built and the demo's folder
	rm -rf .build gatehouse.local
