# Every target sets up what it needs; run `make` alone to see the list.
PYTHON ?= python3
PEOPLE ?= 52000
PACKS := cn 620600 630000 140800 610103 640202
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
	$(BIN)/python -m compileall -q src   # some systems tell Python to keep no bytecode, and every start would compile
	touch $(READY)

demo: $(READY)   ## decide and explain one family of Wuwei, then run three months of an invented Wuwei
	$(BIN)/bulou explain --region 620600 --on 2025-06-30 examples/wuwei_family.json
	rm -rf out/wuwei
	$(BIN)/bulou synth 620600 out/wuwei --people $(PEOPLE) --month 2025-04 --months 3 --seed 1
	for month in 2025-04 2025-05 2025-06; do \
	  $(BIN)/bulou month out/wuwei/$$month 2>out/wuwei/$$month.problems.txt || [ $$? -eq 1 ] || exit 2; \
	done
	$(BIN)/python examples/recall.py out/wuwei

test: $(READY)   ## run the packs' worked examples on every evaluator, then the test suite
	$(BIN)/bulou pack test $(PACKS)
	$(BIN)/pytest -n 2

test-long: $(READY) ## run the long generative and scale tests too
	$(BIN)/pytest -n 2 -m 'long or not long'

check: $(READY)  ## format, lint, types, import contract (changes nothing)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bulou pack check $(PACKS)

fix: $(READY)    ## format and mend what can be mended by machine
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## print the benchmark table, rivals side by side
	bench/run.sh

clean:           ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build out

.PHONY: help setup demo test test-long check fix bench clean
