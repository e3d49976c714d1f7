# Everything a person or a machine does with this project. `make help` lists it.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.ready
CODE  := core bot adapters tests

# Interpreters to build the environment with, best first. Another one: make setup PYTHON=/path/to/python
PYTHON ?= python3.13 python3.12 python3.11 python3

# More words for pytest: make test ARGS="-k slots"
ARGS ?=

# The lock holds for every supported Python and platform at once. No index address and no path of
# the machine that made it is written down.
COMPILE := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test node bench check format lock upgrade

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s  %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## Build .venv with the locked packages and the project itself

$(STAMP): requirements/dev.txt pyproject.toml
	@if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' \
		>/dev/null 2>&1; then \
		chosen=; \
		for python in $(PYTHON); do \
			if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
				>/dev/null 2>&1; then chosen=$$python; break; fi; \
		done; \
		if [ -z "$$chosen" ]; then \
			echo "No usable Python found (tried: $(PYTHON))." >&2; \
			echo "Tandem needs Python 3.11 or newer with its venv module. Install it, for example" >&2; \
			echo "  Debian, Ubuntu:  sudo apt install python3 python3-venv" >&2; \
			echo "  Fedora:          sudo dnf install python3" >&2; \
			echo "  macOS:           brew install python@3.13" >&2; \
			echo "or name one:       make setup PYTHON=/path/to/python3" >&2; \
			exit 1; \
		fi; \
		echo "setup: making $(VENV) with $$($$chosen --version)"; \
		$$chosen -m venv --clear $(VENV); \
	fi
	@echo "setup: installing the locked packages (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement requirements/dev.txt
	@echo "setup: installing tandem itself"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --no-index --editable .
	@touch $(STAMP)
	@echo "setup: ready"

demo: setup ## Run the demo on this machine: local chat, real calendar and mail servers
	$(BIN)/tandem demo $(ARGS)

test: setup node ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# The tests of signing in at Google run against servers written for Node; without npm they say so.
node:
	@if command -v npm >/dev/null 2>&1; then \
		npm ci --silent --no-fund --no-audit --prefix tests/servers/node \
			|| echo "node: the servers for the sign-in tests could not be installed"; \
	else echo "node: npm is not here, the sign-in tests will be skipped"; fi

bench: setup ## Measure how well and how fast slots are found
	$(BIN)/python -m tests.bench

check: setup ## Check style and types
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)

format: setup ## Put the code into the one style
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

lock: $(BIN)/uv ## Write requirements/*.txt anew from pyproject.toml, keeping versions that still fit
	$(COMPILE) pyproject.toml --output-file requirements/runtime.txt $(UPGRADE)
	$(COMPILE) pyproject.toml --output-file requirements/dev.txt $(UPGRADE) \
		--extra dev --constraint requirements/runtime.txt

upgrade: ## Like lock, with the newest versions of everything
	$(MAKE) lock UPGRADE=--upgrade

# Not from the stamp: the lock must be writable while it and pyproject.toml disagree.
$(BIN)/uv:
	$(MAKE) setup
