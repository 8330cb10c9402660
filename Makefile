# mwaactl: set-up, checks and the demo. `make` alone lists the targets.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/locks/toolkit.txt
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Without bytecode every program that starts compiles its libraries anew, which takes longer than what it does.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-all lint style types airflow format bench down clean lock docs

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup: $(VENV)/.ready node_modules/.ready ## Set up what is missing: uv, the Python environment, Node, the CDK CLI

$(VENV)/.ready: $(LOCK) pyproject.toml .python-version
	@scripts/setup-python $(VENV) $(LOCK)
	@touch $@

node_modules/.ready: package-lock.json $(VENV)/.ready
	@echo "Setting up the CDK CLI"
	@npm ci --silent --no-audit --no-fund --no-update-notifier
	@touch $@

.mwaactl/datasets/.ready: requirements/locks/demo.txt $(VENV)/.ready
	@scripts/fetch-dataset .mwaactl/datasets $<
	@touch $@

demo: setup .mwaactl/datasets/.ready ## From nothing to a green pipeline on an emulated AWS
	@$(BIN)/python -m demo

# mypy takes one core, and so long as the other needs for what Airflow has a part in.
test: setup .mwaactl/datasets/.ready style ## Lint, type-check, and run the tests
	@$(MAKE) --no-print-directory --jobs=2 types airflow
	@$(BIN)/pytest -n 2 --no-loadscope-reorder

test-all: ## The same, with what takes long: every fault at every request, every pipeline
	@MWAACTL_WHOLE=1 $(MAKE) --no-print-directory test

lint: style types ## ruff, mypy --strict, import-linter

style: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-logo

types: setup
	@$(BIN)/mypy

airflow: setup
	@$(BIN)/mwaactl emulator prefetch
	@$(BIN)/python -m tests.airflow.runtimes
	@$(BIN)/mwaactl check

format: setup ## Format the code and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## Measure speed; results go to benchmarks/README.md
	@$(BIN)/python -m benchmarks

down: ## Stop the emulator and everything it started
	@if [[ -x $(BIN)/mwaactl ]]; then $(BIN)/mwaactl emulator down; else echo "Nothing is set up, nothing runs"; fi

clean: down ## Remove everything that make built
	@rm -rf $(VENV) .tools .mwaactl node_modules cdk.out build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## Resolve the lock files anew, Airflow runtimes included
	@scripts/lock
	@$(BIN)/python scripts/lock_runtimes.py --uv="$$(scripts/ensure-uv)"

docs: setup ## Write the generated reference pages
	@$(BIN)/python -m mwaactl.cli.reference > docs/reference/cli.md
	@$(BIN)/mwaactl config schema > docs/reference/mwaactl.schema.json
	@$(BIN)/python -m mwaactl.report.pipeline_page docs/reference/pipeline-yaml.md
	@$(BIN)/python -m mwaactl.emulator.parity.page docs/concepts/emulator.md
	@$(BIN)/python -m mwaactl.template_rules.page > docs/reference/infrastructure-rules.md
	@MWAACTL_WRITE_PAGES=1 $(BIN)/pytest --quiet tests/infra/test_acknowledgements_page_is_current.py
	@MWAACTL_WRITE_PAGES=1 $(BIN)/pytest --quiet tests/unit/typed_assets/page/test_screenshots.py
	@$(BIN)/python -m infra.diagram docs/reference/diagram.md
	@$(BIN)/python -m infra.alarm_table docs/guides/alarms.md
