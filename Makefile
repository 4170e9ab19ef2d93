# Everything here starts from a bare machine: Python 3.11, make and pip. Node comes from a Python package.
#
#   make demo    the product with an illustrative year, on http://127.0.0.1:8000
#   make test    the whole suite; says what it skipped and why
#   make help    the rest

PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
JOBS ?= 2

BIN := .venv/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
# Node by its full path, never one that the machine may have.
NODE := $(BIN)/node

# Checks and tests read no .env and no address of a real database or broker.
TEST_ENV := env -u DATABASE_URL -u REDIS_URL -u DEBUG -u SECRET_KEY MODE=test
# A production that could start: what `check --deploy` looks at.
DEPLOY_ENV := env -u DEBUG MODE=production MFA_REQUIRED=true SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(64))") \
	ALLOWED_HOSTS=tracker.example SITE_URL=https://tracker.example DATABASE_URL=postgres://nobody@127.0.0.1/none \
	REDIS_URL=redis://127.0.0.1:1/0 EMAIL_URL=smtp://mail.example

LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

# Stamps live inside what they vouch for, so that deleting it deletes the stamp.
RUNTIME := .venv/.runtime
BUILD := .venv/.build
DEV := .venv/.dev
NODE_MODULES := frontend/node_modules/.installed
ASSETS := static/build/.built

SCSS := $(shell find frontend/scss -name '*.scss' 2>/dev/null)
JS := $(wildcard frontend/js/*.js)
IMAGES := $(wildcard frontend/images/*)
GOVUK := frontend/node_modules/govuk-frontend/dist/govuk

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help setup demo test check unit assets dev lock lock-upgrade clean

help:
	@echo "make setup         .venv, hashed requirements, built assets, .env; instant when nothing changed"
	@echo "make demo          setup, then an illustrative year served on http://127.0.0.1:8000"
	@echo "make test          setup, then every check and every test that this machine has the parts for"
	@echo "make check         setup, then the checks alone: style, types, imports, templates, migrations, deployment"
	@echo "make assets        the style sheet and scripts alone"
	@echo "make dev           what the checks and tests need, installed and not run"
	@echo "make lock          the lock files again, from pyproject.toml and frontend/package.json"
	@echo "make lock-upgrade  the same, taking the newest versions allowed"
	@echo "make clean         removes what these made; keeps .env and the database"

setup: $(RUNTIME) $(ASSETS) .env

demo: setup
	$(PY) manage.py demo

test: check unit

check: setup $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(TEST_ENV) $(PY) -m mypy
	$(BIN)/djlint templates --check --quiet
	$(BIN)/djlint templates --lint --quiet
	$(TEST_ENV) $(PY) manage.py makemigrations --check --dry-run
	$(DEPLOY_ENV) $(PY) manage.py check --deploy --fail-level WARNING

unit: setup $(DEV)
	$(TEST_ENV) $(PY) -m pytest -n $(JOBS)

assets: $(ASSETS)

dev: setup $(DEV)

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/path/to/it")'
	$(PYTHON) -m venv .venv

$(RUNTIME): requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

$(BUILD): requirements-build.txt | .venv/bin/python
	$(PIP) -r requirements-build.txt
	@touch $@

$(DEV): requirements-dev.txt requirements.txt | $(RUNTIME)
	$(PIP) -r requirements-dev.txt
	@touch $@

$(NODE_MODULES): frontend/package-lock.json frontend/package.json frontend/.npmrc $(BUILD)
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --omit=optional --loglevel=error
	@touch $@

# Built aside and moved into place whole, so that a failure leaves no half of it.
$(ASSETS): $(SCSS) $(JS) $(IMAGES) $(NODE_MODULES)
	rm -rf frontend/built
	mkdir -p frontend/built static
	$(NODE) frontend/node_modules/sass/sass.js --pkg-importer=node --no-error-css --quiet-deps --style=compressed \
		--no-source-map frontend/scss:frontend/built
	cp $(GOVUK)/govuk-frontend.min.js $(GOVUK)/govuk-frontend.min.js.map $(JS) $(IMAGES) frontend/built/
	@touch frontend/built/.built
	rm -rf static/build
	mv frontend/built static/build

.env:
	@umask 077 && $(PYTHON) -c 'import secrets; print("MODE=demo\nSECRET_KEY=" + secrets.token_urlsafe(64))' > $@
	@echo "Made .env: MODE=demo and a random SECRET_KEY."

lock lock-upgrade: $(DEV) $(BUILD)
	$(LOCK) $(if $(filter lock-upgrade,$@),--upgrade) pyproject.toml -o requirements.txt
	$(LOCK) $(if $(filter lock-upgrade,$@),--upgrade) --group build -o requirements-build.txt
	$(LOCK) $(if $(filter lock-upgrade,$@),--upgrade) --group dev -c requirements.txt -o requirements-dev.txt
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only --loglevel=error

clean:
	rm -rf .venv frontend/node_modules frontend/built static/build staticfiles
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
