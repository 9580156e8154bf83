# Punte. `make demo` shows it, `make test` proves it. Needs python3 >= 3.11 with venv, and make; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help demo test strangers check shots bench limit fuzz chaos drill lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    install, start product + worker + ANAF simulator, say where to look"
	@echo "make test    install, run every test"
	@echo "make check   format, lint, types, arrows between the rooms"
	@echo "make shots   screenshots of every page, to be looked at"
	@echo "make bench   measure; prints ratios taken in one run"
	@echo "make limit   work a backlog off at ANAF's limit, against a naive client; takes minutes"
	@echo "make chaos   kill workers while ANAF has bad days; compare its ledger with ours; COUNT=1000 KILLS=50 DATABASE=sqlite"
	@echo "make drill   lose an installation, restore its backup, on SQLite and PostgreSQL"
	@echo "make fuzz    try hostile and mutated documents; COUNT=100000 SEED=…"

# Two stamps: what runs the product, and what tests it on top.
$(VENV)/.base: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Punte needs python3 >= 3.11 with venv (Debian: apt install python3-venv). Found: $$($(PYTHON) --version 2>&1). Another one: make PYTHON=python3.12 demo"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "python3 could not make a virtual environment; on Debian: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@echo "Installing Punte in $(VENV) ..."
	@$(call install,requirements/base.txt)
	@$(call install_self)
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing what tests it ..."
	@$(call install,requirements/dev.txt)
	@touch $@

ifeq ($(UV),)
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
install_self = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
else
install = $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1)
install_self = $(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
endif

demo: $(VENV)/.base
	@$(BIN)/punte demo $(ARGS)

# Public clients of ANAF that are not ours. Where npm is missing or fails, their tests say so: skipped, or failed in CI.
STRANGERS := tests/strangers
$(STRANGERS)/node_modules/.stamp: $(STRANGERS)/package-lock.json
	@if ! command -v npm >/dev/null; then echo "npm is missing: the tests of public clients of ANAF will not run"; \
	else echo "Installing programs that are not ours (clients of ANAF, axe) ..."; \
	  npm ci --prefix $(STRANGERS) --silent && touch $@ || echo "npm could not install the public clients of ANAF"; fi

strangers: $(STRANGERS)/node_modules/.stamp

# The rooms whose locks, constraints and queries a database may answer otherwise; what starts a PostgreSQL of its own, or
# processes, ran once already.
ON_POSTGRES := $(addprefix tests/web/,archive delivery inbox invoices limits plans proof spv transfer work \
  $(addprefix connection/test_,crossing.py invitation.py renewal.py reserve.py two_refreshers.py)) \
  $(addprefix --ignore=tests/web/,delivery/test_killed.py archive/test_drill.py work/test_cluster.py work/test_upgrade.py \
  work/test_logs.py work/test_limit.py invoices/test_golden.py)

test: $(VENV)/.dev strangers
	@$(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)  # most of them wait: for sockets, browsers, processes
	@$(BIN)/python tests/on_postgres.py $(ON_POSTGRES) -n 4 --dist worksteal -q -m "not browser"

check: $(VENV)/.dev
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/lint-imports
	@PUNTE_DATA_DIR=$(VENV)/check $(BIN)/mypy

shots: $(VENV)/.dev
	@PYTHONPATH=tests $(BIN)/python tests/e2e/shots.py $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(ARGS)

limit: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.limit $(ARGS)

fuzz: COUNT ?= 100000
fuzz: $(VENV)/.dev
	@PYTHONPATH=tests $(BIN)/python -m fuzz --count $(COUNT) $(if $(SEED),--seed $(SEED)) $(ARGS)

chaos: $(VENV)/.dev
	@PYTHONPATH=tests $(BIN)/python -m chaos $(if $(COUNT),--count $(COUNT)) $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(DATABASE),--database $(DATABASE)) $(ARGS)

drill: $(VENV)/.dev
	@DRILL="sqlite postgresql" $(BIN)/python -m pytest tests/web/archive/test_drill.py $(ARGS)

# Pins with hashes; no index address in the files.
lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/base.txt
	uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/dev.txt

clean:
	rm -rf $(VENV) $(STRANGERS)/node_modules var .mypy_cache .ruff_cache
