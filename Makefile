# Everything runs inside .venv, made from the pinned requirements.
# A Python of your choice: make run PYTHON=python3.13

PYTHON ?= $(shell sh scripts/find-python)
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint format bench demo messages pins clean

help:
	@echo "make run     the dashboard on http://localhost:$(PORT), and the API on port 8000"
	@echo "make test    the whole test suite"
	@echo "make lint    lint, types, import contract, translations"
	@echo "make bench   speed and memory, as ratios against references of the same run"
	@echo "make demo    a five-minute tour of the model store"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Bancada needs Python 3.11, 3.12 or 3.13, with venv; none was found on the PATH."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.installed
	@$(BIN)/python -m src.persistence

setup-dev: $(VENV)/.installed-dev

run: setup
	$(BIN)/python -m src.dashboard --server.port $(PORT)

test: setup-dev
	$(BIN)/python -m pytest $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/messages.py check

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev
	$(BIN)/python -m benchmarks $(ARGS)

demo: setup
	$(BIN)/python demo_model_system.py

# Collect the marked strings of the code into the catalogues.
messages: setup-dev
	$(BIN)/python scripts/messages.py update

# For maintainers: needs uv (https://docs.astral.sh/uv/).
pins:
	sh scripts/pin-requirements

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
