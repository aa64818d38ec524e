# Needs git, make and any Python >= 3.11; everything else is made here, in .venv and its like.
.DEFAULT_GOAL := help
.PHONY: help setup setup-aws setup-security demo test test-fast lint security bench bench-million prove prove-aws lock

# The first Python >= 3.11 that really runs (a name on PATH may be a shim that fails).
PYTHON ?= $(shell for p in python3.13 python3.14 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo "$$p" && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv, with the command unless (quick when it is there)
	@$(if $(PYTHON),,$(error no Python >= 3.11 found on PATH; install one, or pass PYTHON=path))
	@"$(PYTHON)" scripts/environment.py .venv

setup-aws: setup
	@"$(PYTHON)" scripts/environment.py .venv-aws

setup-security: setup
	@"$(PYTHON)" scripts/environment.py .venv-security

demo: setup-aws ## the whole pipeline on a local AWS, live (KEEP=1 leaves it up)
	@$(BIN)/unless demo $(if $(KEEP),--keep)

test: lint setup-aws ## everything: lint, types, unit to end-to-end
	@$(PYTEST) -n 2 --dist loadgroup -p no:benchmark --ignore tests/bench

test-fast: setup ## the tests that need under a minute: no local AWS, nothing slow
	@$(PYTEST) -n 2 -p no:benchmark --ignore tests/bench -m "not slow and not e2e" -q

lint: setup ## style, types, direction of imports, template
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/cfn-lint template.yaml

security: setup-security ## what checkov finds in the template, and bandit in the code
	@$(BIN)/python -m scripts.security

bench: setup ## how fast: batches, matching, imports, simulate (some minutes)
	@$(PYTEST) tests/bench --benchmark-only --benchmark-quiet -q

bench-million: setup ## simulate with a million events (a quarter of an hour)
	@MILLION=1 $(PYTEST) tests/bench/test_simulate.py --benchmark-only --benchmark-quiet -q

prove: setup ## attack every promise, for hours (PARTS="zones malformed" PROVE="--scale 0.01")
	@$(BIN)/unless prove $(PARTS) $(PROVE)

prove-aws: setup-aws ## attack the stack on a local AWS that goes wrong (PROFILES="latency mixed")
	@$(BIN)/python -m tests.proof.on_aws $(PROFILES) \
		$(if $(LOAD_MINUTES),--load-minutes $(LOAD_MINUTES))

lock: ## lock requirements/*.in again (needs uv)
	@scripts/lock.sh
