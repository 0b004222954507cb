# Two commands are the set-up: `make run` and `make test`. `make help` lists the rest.
# Only relative paths below: the project may live under a path with spaces.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --no-input install --require-hashes

.PHONY: run test quick check lint types runserver demo migrations bench-public pictures lock audit messages clean help
.DEFAULT_GOAL := help

run: .venv/.run  ## start everything on this machine and say where to go (Ctrl-C stops it)
	@exec $(PY) manage.py run --stop-with-parent

test: .venv/.dev  ## lint, types, migrations, then every test on real servers and in Chromium
	@$(MAKE) --no-print-directory --jobs=3 lint types .venv/.browser
	@exec $(PY) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

quick: export SECRET_KEY = check
quick: .venv/.dev  ## for every few minutes: lint, types, and the tests that need neither a browser nor a started stack
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .
	@$(PY) -m mypy .
	@exec $(PY) -m pytest --quiet --numprocesses 3 --dist loadfile -m "not slow" \
		tests/submissions tests/themes tests/accounts tests/privacy tests/publication tests/wsis tests/test_house.py

check: lint types  ## lint, format, types, migrations, templates, Compose schema

lint: export SECRET_KEY = check
lint: .venv/.dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m djlint --lint --quiet templates
	@DATABASE_POOL_SIZE=0 $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PY) manage.py check
	@$(PY) -m check_jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

types: export SECRET_KEY = check
types: .venv/.dev
	@$(PY) -m mypy .

demo: .venv/.run  ## fill the running install with believable submissions
	@exec $(PY) manage.py demo

runserver: export DEBUG = true
runserver: export PUBLIC_URL = http://127.0.0.1:8001
runserver: .venv/.run  ## Django's own server on what `make run` keeps, for work on templates; while `make run` runs
	@exec $(PY) manage.py runserver 8001

migrations: export SECRET_KEY = migrations
migrations: .venv/.dev  ## write the migrations that the models ask for
	@DATABASE_POOL_SIZE=0 $(PY) manage.py makemigrations

# The peer in an environment of its own: nothing of the project uses it. It is measured where it can be installed.
bench-public: .venv/.dev  ## what the public side takes, beside pretalx and bare Django (needs a network for the peer)
	@test -x .venv/peer/bin/gunicorn || { $(PYTHON) -m venv .venv/peer && .venv/peer/bin/pip install --quiet "pretalx[redis,postgres]==2025.2.2" gunicorn; }
	@exec $(PY) -m bench.journey

pictures: .venv/.browser  ## take the README's two pictures anew
	@PICTURES=docs/pictures $(PY) -m pytest --quiet tests/browser/test_workspace.py -k readme

lock:  ## lock every version with its hashes (needs uv)
	uv pip compile pyproject.toml $(LOCK) --upgrade --extra local --extra dev -o requirements/dev.txt
	uv pip compile pyproject.toml $(LOCK) -c requirements/dev.txt --extra local -o requirements/run.txt
	uv pip compile pyproject.toml $(LOCK) -c requirements/dev.txt -o requirements/app.txt
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet

# In an environment of its own: what looks for weaknesses is no part of what is looked at.
audit: | .venv/bin/python  ## bill of materials (sbom.json), and weaknesses known of what is in it (needs a network)
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install --quiet pip-audit==2.10.1 cyclonedx-bom==7.5.0; }
	@.venv/audit/bin/cyclonedx-py requirements requirements/app.txt --output-reproducible --output-file sbom.json
	@.venv/audit/bin/pip-audit --requirement requirements/app.txt --require-hashes --disable-pip --strict

messages: .venv/.dev  ## bring locale/ up to date after words have changed (needs GNU gettext)
	@SECRET_KEY=messages DATABASE_POOL_SIZE=0 $(PY) locale/update.py

clean:  ## remove the virtual environment and caches; the data in .local/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles

help:
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not on the PATH."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version). Try: make run PYTHON=python3.12"; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "The venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.run: requirements/run.txt | .venv/bin/python
	@echo "Installing what it runs on (every version locked, every hash checked)"
	@$(PIP) -r requirements/run.txt
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	@echo "Installing what the tests need (every version locked, every hash checked)"
	@$(PIP) -r requirements/dev.txt
	@touch $@ .venv/.run

.venv/.browser: | .venv/.dev
	@sh tests/browser/install
	@touch $@
