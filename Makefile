# Needs Python 3.11 or newer, git and make; the rest is installed into .venv.
PYTHON  ?= python3
WORKERS ?= 4

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUNTIMES := runtimes/handler runtimes/wasmtime runtimes/node
CONFIGURATION := setup.cfg pyproject.toml $(RUNTIMES:=/setup.cfg)

.DEFAULT_GOAL := help
.PHONY: help venv demo test lint format bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

venv: $(VENV)/.dev ## make .venv, with everything for development

demo: $(VENV)/.run ## generate the example and show what came out
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(VENV)/.dev ## run all tests (ARGS="-k NAME" for some)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: $(VENV)/.dev ## ruff, mypy --strict and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	for runtime in $(RUNTIMES); do (cd $$runtime && $(CURDIR)/$(BIN)/mypy --strict) || exit; done
	$(BIN)/lint-imports

format: $(VENV)/.dev ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure (ARGS for benchmarks)
	$(BIN)/python -m benchmarks $(ARGS)

clean: ## remove .venv, build/ and caches
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf generator/*.egg-info runtimes/*/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: what plait needs to run, and on the same venv what its development needs. make-venv keeps a venv
# that works; make clean first for another PYTHON.
$(VENV)/.run: $(CONFIGURATION)
	$(call make-venv)
	$(PIP) install $(RUNTIMES:%=--editable %) --editable '.[run]'
	$(make-fast)
	@touch $@

$(VENV)/.dev: $(CONFIGURATION)
	$(call make-venv)
	$(PIP) install $(RUNTIMES:%=--editable %) --editable '.[dev]'
	$(make-fast)
	@touch $(VENV)/.run $@

# Not every machine has what this takes; the runtimes are slower without, and no less right.
define make-fast
@$(PIP) install 'gunicorn-h1c>=0.6.10' >/dev/null 2>&1 || echo "without gunicorn-h1c: no C compiler here"
endef

define make-venv
@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("plait needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
endef
