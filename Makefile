# Everything that is done with this project, one word each. `make` alone lists them.

PORT ?= 8080
DATA ?= ./data
PYTHON ?= python3
WORKERS ?= auto
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal \
	--python-version 3.11
VERDICT := $(VENV)/.verdict
PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

# Tests start hundreds of processes: none of them compiles what another has compiled before.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up up-distributed secrets assets setup test test-again test-fast check lint types imports locks rules format lock contracts bench screenshots clean

help: ## List what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Settings: PORT=$(PORT) DATA=$(DATA) PYTHON=$(PYTHON) WORKERS=$(WORKERS) ARGS (more words for pytest)"

# --- set-up: each step leaves a stamp, and is taken again only when what it depends on has changed ---

$(VENV)/.made: tools/make-venv
	@tools/make-venv $(PYTHON) $(VENV)
	@touch $@

$(VENV)/.app: $(VENV)/.made requirements/build.txt requirements/app.txt pyproject.toml
	@echo "Installing what the services need ..."
	@$(PIP) install -qq --require-hashes -r requirements/build.txt -r requirements/app.txt
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.app requirements/test.txt
	@echo "Installing what tests and checks need ..."
	@$(PIP) install -qq --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.native: $(VENV)/.app requirements/native.txt
	@echo "Installing what the distributed form needs on this machine ..."
	@$(PIP) install -qq --require-hashes -r requirements/native.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.test requirements/bench.txt
	@echo "Installing what benchmarks are measured against ..."
	@$(PIP) install -qq --require-hashes -r requirements/bench.txt
	@touch $@

# The portal's third-party files, and its words in other languages: made here, never committed.
CATALOGUES := $(wildcard services/portal/translations/*/LC_MESSAGES/*.po)

$(VENV)/.assets: $(VENV)/.app tools/portal_assets.json tools/fetch_assets.py
	@$(BIN)/python -m tools.fetch_assets
	@touch $@

$(VENV)/.words: $(VENV)/.app $(CATALOGUES) tools/translations.py
	@$(BIN)/python -m tools.translations
	@touch $@

assets: $(VENV)/.assets $(VENV)/.words ## Fetch and make what the portal's pages need
	@:

setup: $(VENV)/.test assets ## Install everything that developing needs, into .venv
	@:

# --- running ---

up: $(VENV)/.app assets ## Start all of Wardenry here, to try it out: make up PORT=8080 DATA=./data
	@exec $(BIN)/wardenry up --port $(PORT) --data $(DATA)

up-distributed: $(VENV)/.native assets ## Start all of it as services apart, behind nginx, in containers if an engine answers
	@exec $(BIN)/python -m deploy.up --port $(PORT) $(if $(filter-out file,$(origin DATA)),--data $(DATA))

secrets: $(VENV)/.app ## Make the secrets that docker-compose.yml names (ARGS=--help for the sites' addresses)
	@$(BIN)/python -m deploy.make_secrets $(ARGS)

# --- tests ---

test: $(VENV)/.test assets ## Run all tests (a first run installs PostgreSQL and RabbitMQ if they are missing)
	@rm -f $(VERDICT)
	@$(PYTEST) $(ARGS) || { code=$$?; echo $$code > $(VERDICT); exit $$code; }

# Only where every test had its turn, and some failed (pytest's 1), does what failed decide: not where a run broke off.
test-again: $(VENV)/.test assets ## Run what failed in `make test` once more, one test after the other
	@test "$$(cat $(VERDICT) 2> /dev/null)" = 1 || { echo "The last run did not come to its end: make test"; exit 1; }
	@$(PYTEST) --numprocesses 0 --last-failed --last-failed-no-failures none $(ARGS)

test-fast: $(VENV)/.test assets ## Run unit and contract tests, in about a minute and a half
	@$(PYTEST) -m "not slow" $(wildcard tests/unit tests/contract) $(ARGS)

MINUTES ?= 60
SEED ?=
.PHONY: soak

soak: $(VENV)/.test assets ## Break everything at random for MINUTES a form (SEED=… to repeat), and count what was lost
	@$(BIN)/python -m tests.faults --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: $(VENV)/.bench ## Measure against bare code and peers, in one run
	@$(BIN)/python -m tests.bench $(ARGS)

screenshots: $(VENV)/.test assets ## Take pictures of every page, in both languages, wide and narrow
	@$(BIN)/python -m tools.screenshots $(ARGS)

# --- checks ---

check: locks lint types imports ## Check everything that can be checked without running it

lint: $(VENV)/.test ## Check the code's form
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.test ## Check the types
	@$(BIN)/mypy

imports: $(VENV)/.test ## Check who may import whom
	@$(BIN)/lint-imports

locks: $(VENV)/.test ## Check that no file names a registry or a path of somebody's machine
	@$(BIN)/python -m tools.check_locks

rules: $(VENV)/.test ## List the numbered rules that no test cites
	@$(BIN)/python -m tools.rules_cited $(ARGS)

# --- keeping ---

format: $(VENV)/.test ## Put the code into form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

contracts: $(VENV)/.test ## Generate the contracts' documents from the code
	@$(BIN)/python -m tools.generate_contracts

lock: $(VENV)/.test ## Compile the lock files anew (ARGS=--upgrade for newer versions)
	@$(COMPILE) $(ARGS) --output-file requirements/test.txt requirements/test.in
	@$(COMPILE) --constraints requirements/test.txt --output-file requirements/app.txt requirements/app.in
	@$(COMPILE) --constraints requirements/test.txt --output-file requirements/build.txt requirements/build.in
	@$(COMPILE) --constraints requirements/test.txt --output-file requirements/bench.txt requirements/bench.in
	@$(COMPILE) --constraints requirements/test.txt --output-file requirements/native.txt requirements/native.in
	@$(COMPILE) $(ARGS) --output-file requirements/node.txt requirements/node.in

clean: ## Remove what set-up, tests and checks left; never DATA
	rm -rf services/portal/static/vendor services/portal/translations/*/LC_MESSAGES/*.mo
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
