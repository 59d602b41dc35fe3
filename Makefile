# The commands are described in README.md; everything they make stands in .venv/ and var/.
PYTHON ?= python3
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
BIN := .venv/bin

.PHONY: serve test check bench faults catalogues clean

serve: .venv/.installed
	@exec $(BIN)/python -m registry.launcher

test: .venv/.installed-dev
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint templates

bench: .venv/.installed-dev .venv-bench/.installed
	$(BIN)/python -m bench

faults: .venv/.installed-dev
	SEED=$(SEED) KILLS=$(KILLS) OUTAGE=$(OUTAGE) $(BIN)/python -m tests.faults

catalogues: .venv/.installed-dev
	$(BIN)/pybabel -q extract --no-location -F registry/translations/babel.cfg -o registry/translations/messages.pot .
	$(BIN)/pybabel -q update -i registry/translations/messages.pot -d registry/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 120
	$(BIN)/pybabel -q compile -d registry/translations

clean:
	rm -rf .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements.txt requirements-dev.txt | .venv/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv-bench/.installed: requirements-bench.txt | .venv/bin/python
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@
