# `make demo` and `make test` are all that a newcomer needs: each sets up its own .venv from requirements.lock first.

PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
READY := .venv/.ready
COMPARISON_BIN := $(if $(filter Windows_NT,$(OS)),.venv-comparison/Scripts,.venv-comparison/bin)
COMPARISON_READY := .venv-comparison/.ready

.PHONY: demo test test-all comparison lint bench docs lock clean

demo: $(READY)  ## the whole chain on a tiny scenario, with SIMULATED respondents
	$(BIN)/riskaudit demo --out out/demo

test: $(READY)  ## lint, types, import contracts and every fast test
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: $(READY)  ## the same and the slow statistical proofs
	$(BIN)/python -m pytest -n 2

comparison: $(COMPARISON_READY)  ## the environment of libraries that tests compare figures with; without it those tests are skipped

lint: $(READY)  ## format, then lint, types and import contracts
	$(BIN)/ruff format src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## time and memory of the main job, of making families, of linking, of features, of worlds, of audits and of explanations, as ratios
	$(BIN)/python bench/run_time.py
	$(BIN)/python bench/population_speed.py
	$(BIN)/python bench/linkage_speed.py
	$(BIN)/python bench/features_speed.py
	$(BIN)/python bench/causes_speed.py
	$(BIN)/python bench/audit_speed.py
	$(BIN)/python bench/explanation_speed.py

docs: $(READY)  ## write the generated reference pages again
	$(BIN)/python docs/generate.py

lock: $(READY)  ## renew requirements.lock from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv export --quiet --no-emit-project --all-extras --no-header --output-file requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import pathlib; pathlib.Path('$(READY)').touch()"

$(COMPARISON_READY): requirements-comparison.txt
	$(PYTHON) -m venv .venv-comparison
	$(COMPARISON_BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-comparison.txt
	$(COMPARISON_BIN)/python -c "import pathlib; pathlib.Path('$(COMPARISON_READY)').touch()"

clean:  ## remove what make and riskaudit made
	rm -rf .venv .venv-comparison out
