# Each target sets up all it needs in .venv: only Python 3.11 or newer and make are asked for.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN = .venv/bin
JOBS ?= 2

PIP = -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: demo test check style app docs bench bench-app fuzz lock licences sbom clean

# A real place from the official figures in the package, then the SYNTHETIC one with streets and buses.
demo: .venv/ready
	$(BIN)/nhcplanner plan Blackpool --set count=3 --out out/blackpool
	$(BIN)/nhcplanner demo --out out/demo

app: .venv/ready
	$(BIN)/nhcplanner app

docs: .venv/ready-dev
	rm -rf out/docs
	$(BIN)/python -m sphinx -E -W --keep-going -q -d out/.doctrees docs out/docs
	@echo The guide is in out/docs/index.html

# A test checks the types (tests/integration/test_types.py), beside the others and not before them.
# Files run in order, the slow ones of browser and integration first, so that no core waits at the end.
test: style
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -ra

bench: .venv/ready-dev
	$(BIN)/python -m tests.benchmarks --out out/bench

bench-app: .venv/ready-dev
	$(BIN)/python -m tests.benchmarks --only app --out out/bench

fuzz: .venv/ready-dev
	$(BIN)/python -m tests.property.fuzz --cases 5000 --seed 1 --jobs $(JOBS) --kills
	$(BIN)/python -m tests.property.fuzz.differential --cases 5000 --seed 1 --jobs $(JOBS)

check: style
	$(BIN)/mypy

style: .venv/ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache

# Pins and hashes again from pyproject.toml; UPGRADE=--upgrade takes newer versions.
lock: .venv-tools/ready
	.venv-tools/bin/python data/make_lock.py $(UPGRADE)

licences: .venv/ready
	$(BIN)/python data/make_licences.py

# A bill of materials (CycloneDX) of what a fresh installation runs on, and of nothing else.
sbom: .venv/ready .venv-tools/ready
	rm -rf out/.sbom
	$(PYTHON) -m venv --without-pip out/.sbom
	$(BIN)/python -m pip --python out/.sbom/bin/python install --quiet --disable-pip-version-check \
		--require-hashes -r requirements.txt
	.venv-tools/bin/cyclonedx-py environment out/.sbom/bin/python --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file out/nhcplanner.cdx.json
	rm -rf out/.sbom
	@echo The bill of materials is out/nhcplanner.cdx.json

.venv/ready: requirements.txt requirements-build.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "nhcplanner needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(PIP) -r requirements.txt -r requirements-build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(BIN)/python $(PIP) -r requirements-dev.txt
	touch $@

.venv-tools/ready: requirements-tools.txt
	test -x .venv-tools/bin/python || $(PYTHON) -m venv .venv-tools
	.venv-tools/bin/python $(PIP) -r requirements-tools.txt
	touch $@

clean:
	rm -rf .venv .venv-tools out build dist
