# The front door. Every verb sets up .venv itself, from lock files with hashes, and is quick the second time.
# Needs python3 >= 3.11 with venv, make and a C library.

PYTHON ?= python3
JOBS ?= 2
PORT ?= 8000
REPORT ?= endplate-report

VENV := .venv
PY := $(VENV)/bin/python
CORE := $(VENV)/.core-installed
DEV := $(VENV)/.dev-installed
WHERE := $(VENV)/.where
CROSS := .venv-crosscheck
NODE := tests/node/node_modules/.endplate-installed
PIP := $(PY) -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help run test lint bench docs serve lock crosscheck clean

# A checkout that was moved or copied would go on running the code at its old place: install again.
ifneq ($(shell cat $(WHERE) 2>/dev/null),$(CURDIR))
$(shell rm -f $(CORE) $(DEV))
endif

help: ## say what each verb does
	@echo "Endplate: nerve-muscle transmission in health, Lambert-Eaton syndrome and myasthenia gravis."
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(CORE) ## examine four simulated muscles and a real one; the report goes to ./endplate-report
	@echo "Examining: healthy, LEMS, LEMS on amifampridine, MG, and a real recording"
	@$(VENV)/bin/endplate run

test: lint $(NODE) ## lint, then every test
	@echo "Testing on $(JOBS) cores (make test JOBS=8 for more)"
	@$(PY) -m pytest --numprocesses $(JOBS) --quiet

lint: $(DEV) ## ruff, mypy --strict, import contracts and the rules of the house
	@echo "Linting: ruff, mypy, import contracts, rules of the house"
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m mypy --no-error-summary
	@$(VENV)/bin/lint-imports --no-logo
	@$(PY) -m tools.house

bench: $(CORE) ## measure speed and memory beside their budgets
	@echo "Measuring speed and memory"
	@$(PY) -m benchmarks

docs: $(DEV) ## build the documentation into docs/_build/html
	@echo "Building the documentation"
	@$(PY) -m sphinx --quiet --fail-on-warning --keep-going --builder html docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

serve: | $(PY) ## show the last report in a browser, on this machine only
	@$(PY) tools/serve.py $(REPORT) --port $(PORT)

lock: $(DEV) ## work out the lock files anew (options: [tool.pip-tools] in pyproject.toml)
	@echo "Locking: requirements/core.txt, dev.txt, build.txt, crosscheck.txt"
	@$(PY) -m piptools compile --quiet --extra clinic --output-file requirements/core.txt pyproject.toml
	@$(PY) -m piptools compile --quiet --extra clinic --extra dev --constraint requirements/core.txt --output-file requirements/dev.txt pyproject.toml
	@$(PY) -m piptools compile --quiet --output-file requirements/build.txt requirements/build.in
	@$(PY) -m piptools compile --quiet --output-file requirements/crosscheck.txt requirements/crosscheck.in

crosscheck: $(CORE) $(CROSS)/.installed ## run one case in Smoldyn and set it against MCell3 and ours (Python 3.11; minutes)
	@echo "Cross-checking SC1 in Smoldyn"
	@$(PY) -m tools.crosscheck --python $(CROSS)/bin/python --processes $(JOBS)

clean: ## remove .venv and everything that can be made again, except reports
	@echo "Removing .venv, caches and built documentation"
	@rm -rf $(VENV) $(CROSS) tests/node/node_modules docs/_build docs/reference/generated build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Building needs its tools first, and from the lock too: without isolation pip fetches nothing that has no hash.
define install
	@echo "Setting up $(VENV) from requirements/$(1).txt (a minute or two the first time)"
	@$(PIP) --require-hashes --requirement requirements/build.txt
	@$(PIP) --require-hashes --no-build-isolation --requirement requirements/$(1).txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $(WHERE)
endef

$(CORE): requirements/build.txt requirements/core.txt pyproject.toml | $(PY)
	$(call install,core)
	@touch $@

$(DEV): requirements/build.txt requirements/dev.txt pyproject.toml | $(PY)
	$(call install,dev)
	@touch $(CORE) $@

# What the tests compare our FHIR with: Node comes with the test environment, its packages from a lock with hashes.
$(NODE): tests/node/package-lock.json $(DEV)
	@echo "Installing what the tests compare our FHIR with"
	@$(PY) -m tools.node

$(CROSS)/.installed: requirements/crosscheck.txt
	@echo "Setting up $(CROSS) for Smoldyn"
	@"$(PYTHON)" -m venv --clear $(CROSS)
	@$(CROSS)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --requirement requirements/crosscheck.txt
	@touch $@

$(PY):
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no '$(PYTHON)' here. Install Python 3.11 or newer, or name yours: make PYTHON=python3.12 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "'$(PYTHON)' is $$("$(PYTHON)" --version 2>&1), but Endplate needs 3.11 or newer. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Creating $(VENV) with $$("$(PYTHON)" --version 2>&1)"
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo "Python cannot create $(VENV). On Debian and Ubuntu its venv is a package of its own: apt install python3-venv" >&2; exit 1; }
