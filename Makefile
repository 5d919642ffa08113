# Every target sets up what it needs; run `make` alone to see the list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help

help:            ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

setup: $(READY)  ## make the virtual environment and install the pinned dependencies

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

demo: $(READY)   ## decide and explain one family of Wuwei
	$(BIN)/bulou explain --region 620600 --on 2025-06-30 examples/wuwei_family.json

test: $(READY)   ## run the test suite
	$(BIN)/pytest -n 2

test-long: $(READY) ## run the long generative and scale tests too
	$(BIN)/pytest -n 2 -m 'long or not long'

check: $(READY)  ## format, lint, types, import contract (changes nothing)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bulou pack check cn 620600
	$(BIN)/bulou pack test cn 620600

fix: $(READY)    ## format and mend what can be mended by machine
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## print the benchmark table, rivals side by side
	bench/run.sh

clean:           ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build out

.PHONY: help setup demo test test-long check fix bench clean
