PYTHON ?= python3
BIN = .venv/bin
PORT ?= 8800

help:  ## List these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: .venv/ready  ## Make the virtual environment with everything

.venv/ready: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: setup  ## Start the simulated platform and the reference tool, and print the address
	@$(BIN)/lti demo --port $(PORT)

test: export PYTHONDONTWRITEBYTECODE =
test: setup  ## Run all tests
	@sh .ci/programs
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

check: setup  ## Format, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup  ## Mend format and lint where it can be done by machine
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lowest: export VIRTUAL_ENV = .lowest
lowest:  ## All tests with the lowest versions that pyproject.toml admits
	test -x .lowest/bin/uv || { $(PYTHON) -m venv .lowest && .lowest/bin/python -m pip install --quiet uv; }
	.lowest/bin/uv pip install --quiet --upgrade --resolution lowest-direct --editable '.[django,fastapi,sql,redis,memcached,flask-caching,cli]'
	.lowest/bin/uv pip install --quiet --editable '.[test]'
	@sh .ci/programs
	.lowest/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore tests/house

soak: setup  ## The long tests: many scores at platforms that fail, many launches at workers that are killed
	LTI_SOAK=1 $(BIN)/pytest tests/soak tests/distributed -n auto

bench: setup  ## Measure, beside pylti1p3 in an environment of its own
	$(BIN)/python -m benchmarks

docs: setup  ## Write the pages that are made from the code, and run every example
	$(BIN)/python -m docs.make
	$(BIN)/pytest docs -n auto --dist loadfile

clean:  ## Remove what the commands above made
	rm -rf .venv .lowest .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info

.PHONY: help setup demo test check fix lowest soak bench docs clean
