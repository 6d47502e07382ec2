# The commands of this project. `make` alone lists them. Needed beforehand: Python 3.11 or newer, make, git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
# The tests start some hundred processes: what they import is compiled once, not by each of them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run serve test test-system test-browser .chromium .postgresql check fix lock bench torture wheel clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# One stamp per lock file: set-up happens once, and again only when the lock changes.
$(VENV)/.run: requirements.lock pyproject.toml server/remove_v2_ui.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m server.remove_v2_ui
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m server.remove_v2_ui
	@touch $@

run: $(VENV)/.run ## set up, make the simulated sample deliveries, run the nightly flow on data/
	$(BIN)/uitstroom simulate
	$(BIN)/uitstroom run

serve: $(VENV)/.run ## set up, start server, schedule and worker, print the address (WATCH=1: a file starts a run)
	$(BIN)/python -m server.serve$(if $(WATCH), --watch)

# Not the longest lists of tests first: the slowest files are short ones.
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN)
# Folders of tests lie in memory where there is room for them: a night flushes some fifty files, and a disk takes its time.
# A test that fails leaves its folder.
IN_MEMORY := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 6e6 { exit 0 } NR == 2 { exit 1 }' && \
	awk '/^MemAvailable/ && $$2 > 8e6 { print "/dev/shm" }' /proc/meminfo)
ON := $(if $(IN_MEMORY),TMPDIR=$(IN_MEMORY))
# One thread a worker: they share the processors, and on small tables two threads take a third more of them for nothing.
PYTEST := $(ON) POLARS_MAX_THREADS=1 $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder --max-worker-restart=1 --durations=20
BROWSER := $(ON) $(BIN)/python -m pytest -m browser -n 0 tests/browser

test: $(VENV)/.dev ## set up and run the tests that a person waits for (docs/tests.md)
	$(PYTEST) -n $(PROCESSORS)

# More workers than processors, and the browser beside them: most of these tests wait for a server. Both parts run,
# whatever becomes of the other.
# The tests with random examples run here too, with four times as many; not on a build machine, where examples are the same.
SYSTEM := system$(if $(CI),, or (hypothesis and not browser))
test-system: .postgresql .chromium $(VENV)/.dev ## a served installation, PostgreSQL, a browser, builds and many faults (docs/tests.md)
	code=0; told=$$(mktemp); $(BROWSER) >$$told 2>&1 & browser=$$!; trap 'kill $$browser' INT TERM; \
	UITSTROOM_EXAMPLES=many $(PYTEST) -n $$(($(PROCESSORS) + 2)) -m '$(SYSTEM)' || code=1; \
	wait $$browser || code=1; cat $$told; rm -f $$told; exit $$code

test-browser: .chromium $(VENV)/.dev ## the part of test-system in a browser, against a real server
	$(BROWSER)

.chromium:
	@test -n "$$UITSTROOM_CHROMIUM" || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	command -v google-chrome >/dev/null || \
	{ echo "These tests need Chromium (on Debian: apt install chromium), or UITSTROOM_CHROMIUM=/path/to/it."; exit 1; }

.postgresql:
	@command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || \
	{ echo "These tests need the programs of PostgreSQL (on Debian: apt install postgresql); no server has to run."; exit 1; }

check: $(VENV)/.dev ## style, types, doors between rooms, stale docs; changes nothing
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pipeline.reference.pages --check

fix: $(VENV)/.dev ## what can be repaired by machine: format, simple lint, generated docs
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/python -m pipeline.reference.pages

lock: ## pin all dependencies again, with hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra build --extra cluster pyproject.toml -o requirements-cluster.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header bench/peers/requirements.in -o bench/peers/requirements.lock

# PEERS=folder: what `python -m bench.peers --setup folder` made, for the tools that need packages of their own.
bench: $(VENV)/.dev ## seconds and memory beside the floor and other tools; a night beside a long log (half an hour, 10 GB)
	$(BIN)/python -m bench
	$(BIN)/python -m bench.peers$(if $(PEERS), --environment $(PEERS))
	$(BIN)/python -m bench.night

torture: $(VENV)/.dev ## kill, fill and race real runs many times; takes about half an hour
	$(BIN)/python -m torture

wheel: $(VENV)/.dev ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean: ## remove what a run made; data/raw stays
	rm -rf data/log data/quarantine data/curated data/plans data/.shadow-* data/.prefect data/.last-night.json data/.writer data.key
