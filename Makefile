# `make` alone lists every verb. What is longer than a few lines stands in tools/.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
unexport PYTHONDONTWRITEBYTECODE # compiled once, not at every start

BIN := .venv/bin
LOCKED := lock/bootstrap.txt lock/runtime.txt lock/dev.txt pyproject.toml engine/pyproject.toml tools/environment
PYTEST := $(BIN)/pytest -n 2 --dist loadgroup

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/runtime.stamp ## serve the demo on http://127.0.0.1:8000: web and job worker, stopped together by Ctrl-C
	@ZHUNSHENG_DEMO=1 exec $(BIN)/zhunsheng serve --demo

install: ## make the environment of a real site, nothing else; docs/install.md says what follows
	@tools/environment runtime
	@$(BIN)/python -m compileall -qq -j 2 .venv/lib src engine/src # here, because the service may not write beside its code

test: static system-parts ## everything: lint, types, import contracts, all tests on SQLite and PostgreSQL, journeys in a browser
	$(PYTEST)
	$(PYTEST) --database=postgresql
	tools/test-engine-alone

test-long: .venv/dev.stamp system-parts ## what takes longer: fault runs on both databases, the journey of a round on PostgreSQL with procrastinate and Dask
	$(BIN)/pytest -m long tests
	$(BIN)/pytest -m long tests --database=postgresql
	TESTS_SETUP=scaled $(BIN)/pytest tests/journeys/test_proficiency.py

check: static ## quick answer: lint, types, import contracts, all tests but journeys, on SQLite
	$(PYTEST) tests engine/tests --ignore=tests/journeys

static: .venv/dev.stamp ## lint, format, types and import contracts only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp ## put all Python into the one format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/dev.stamp ## the benchmarks, each beside its floor
	tools/bench

docs: .venv/dev.stamp ## print the generated pages and pictures of docs/ again
	tools/docs

lock: .venv/dev.stamp ## resolve the locks again (UPGRADE=--upgrade takes newer versions)
	tools/lock $(UPGRADE)

clean: ## remove the environment and all caches; var/, where the data are, stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf var/engine-venv var/bench-venv var/dist

.venv/runtime.stamp: $(LOCKED)
	@tools/environment runtime

.venv/dev.stamp: $(LOCKED)
	@tools/environment dev

system-parts:
	@tools/install-system-parts

.PHONY: help run install test test-long check static format bench docs lock clean system-parts
