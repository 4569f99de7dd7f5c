# Each target sets up all it needs in .venv: only Python 3.11 or newer and make are asked for.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN = .venv/bin
JOBS ?= 2

.PHONY: demo test check app docs bench bench-app fuzz clean

demo: .venv/ready
	$(BIN)/nhcplanner demo --out out/demo

app: .venv/ready
	$(BIN)/nhcplanner app

docs: .venv/ready-dev
	rm -rf out/docs
	$(BIN)/python -m sphinx -E -W --keep-going -q -d out/.doctrees data/guide out/docs
	@echo The guide is in out/docs/index.html

test: check
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -ra

bench: .venv/ready-dev
	$(BIN)/python -m tests.benchmarks --out out/bench

bench-app: .venv/ready-dev
	$(BIN)/python -m tests.benchmarks --only app --out out/bench

fuzz: .venv/ready-dev
	$(BIN)/python -m tests.property.fuzz --cases 5000 --seed 1 --jobs $(JOBS) --kills

check: .venv/ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "nhcplanner needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv out build dist
