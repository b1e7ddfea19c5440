# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.PHONY: demo test fuzz audit lock lint types check bench docs wheel clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("loyaltysem needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: $(VENV)/.ready  ## Run the shipped example study and say where its report is.
	$(BIN)/loyaltysem demo --output demo-output --overwrite

test: $(VENV)/.ready-dev  ## Run all tests.
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS)

fuzz: $(VENV)/.ready-dev  ## 100,000 mangled studies, questionnaires, models and data files (hours).
	LOYALTYSEM_EXAMPLES=100000 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -q -n $(WORKERS) tests/properties

audit: $(VENV)/.ready-dev  ## Known weaknesses of what the package depends on (asks the package index).
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --requirement requirements.lock --disable-pip --require-hashes

lock: $(VENV)/.ready-dev  ## Write requirements.lock: every dependency with its hashes.
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --output-file requirements.lock pyproject.toml

lint: $(VENV)/.ready-dev  ## Style, formatting, types, import directions.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev  ## Timings against the reference program, where it is installed.
	$(BIN)/python -m benchmarks

docs: $(VENV)/.ready-dev  ## In docs/: every page of the example's report in both languages, the JSON Schemas, the keys of a study, the names in Python.
	$(BIN)/python -m docs.gallery
	$(BIN)/python -m docs.schemas
	$(BIN)/python -m docs.study_keys
	$(BIN)/python -m docs.python_names

wheel: $(VENV)/.ready-dev
	$(BIN)/python -m build --wheel --outdir dist .

clean:
	rm -rf $(VENV) demo-output dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
