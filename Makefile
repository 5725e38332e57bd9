# Everything runs in .venv, which `make install` fills from hash-locked requirements.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install test test-peers test-browser lint format demo compare bench lock

install: .venv/installed

.venv/installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -m "not peers" --cov --cov-report=term-missing:skip-covered

# Strangers check us: GitHub's payloads, OpenAPI description, GraphQL schema and artifact client, Microsoft's blob server,
# HashiCorp's Python client. Needs npm.
test-peers: install
	npm ci --prefix tests/peers --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m pytest -m peers tests/peers

# The HTML report in a real browser. Needs npm and Debian's chromium.
test-browser: install
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m pytest -m peers tests/browser

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# make demo PLAN=path/to/plan.json shows your own plan; make demo MOCKS=1 the Sentinel mocks as well
demo: install
	$(BIN)/python -m tfc_sandbox $(if $(PLAN),--plan "$(PLAN)") $(if $(MOCKS),--mocks)

# How many lines Terraform takes for a change, and how many we take
compare: install
	@$(BIN)/python tests/benchmarks/compare.py

# What it costs to render plans of 1 MB to 1 GB, beside other readers and Terraform; make bench SIZES="1 10" takes less time
bench: install
	@$(BIN)/python tests/benchmarks/bench.py $(SIZES)

# Needs uv. No index host gets into the files.
lock:
	for name in runtime dev build; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --strip-extras requirements/$$name.in -o requirements/$$name.txt; done
