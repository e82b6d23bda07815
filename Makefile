PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile pyproject.toml --group install --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url -q

.PHONY: run test lint pins

## Open the page on the demo shop with the built-in model.
run: .venv/installed
	@$(BIN)/python -m agent.model.weights
	@$(BIN)/pacer demo --if-missing
	@$(BIN)/pacer

## Run the whole test suite: unit tests on all cores, then those that load the model, a browser or large data.
test: .venv/installed-dev
	@$(BIN)/python -m agent.model.weights
	@$(BIN)/python -m pytest -m "not slow" -n logical --dist loadfile
	@$(BIN)/python -m pytest -m slow

## Check style and types.
lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## Compile the pinned requirements again (needs uv in .venv).
pins:
	$(COMPILE) -o requirements.txt
	$(COMPILE) --group dev -o requirements-dev.txt
	$(BIN)/uv pip compile --group peers --no-deps --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements-peers.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Pacer needs Python 3.11 or newer: set PYTHON=python3.12 or the like.")'
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing Pacer and what it needs: about 390 MB, two to four minutes, once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The peers come without their dependencies: stockpyl asks for Sphinx, which would load at every start of Python.
.venv/installed-dev: requirements-dev.txt requirements-peers.txt .venv/installed
	@echo "Installing the test tools and the peers of the benchmarks: about 160 MB."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-peers.txt
	@touch $@
