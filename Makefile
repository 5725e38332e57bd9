# Everything runs in .venv, which `make install` fills with exactly what requirements/dev.txt locks by hash.
PYTHON ?= python3
BIN := .venv/bin
# Where uv is on the PATH it installs, in a tenth of the time; `make install UV=` has pip do it.
UV := $(shell command -v uv 2> /dev/null)

.PHONY: install test test-peers test-browser test-image image sbom pictures lint format demo compare bench fuzz dist lock needs-chromium needs-npm needs-uv

# $(call pip,FOLDER,COMMAND) is a command of .venv's pip, or of uv in its place, for the environment in FOLDER.
# $(call fill,FOLDER,LOCKS) installs what the locks hold: no resolver takes part, and nothing is built from source, so what
# others release today cannot get in. Whoever calls it has `pip check` say that nothing is missing.
ifdef UV
pip = $(UV) pip $(2) --python $(1)/bin/python
fill = $(call pip,$(1),sync) --quiet --require-hashes --only-binary :all: $(2)
else
pip = $(BIN)/python -m pip --disable-pip-version-check --python $(1)/bin/python $(2)
fill = $(call pip,$(1),install) --quiet --no-compile --require-hashes --no-deps --only-binary :all: $(2:%=-r %)
endif

# Every Python can read this, so that one that is too old can be told so.
define IS_FIT
import sys
version = sys.version_info[:2]
module = "venv" if "$(UV)" else "ensurepip"
if version < (3, 11):
    sys.exit("Cannot make .venv: $(PYTHON) is Python %d.%d, and 3.11 or newer is needed. "
             "Install one, and name it: make PYTHON=python3.13." % version)
try:
    __import__(module)
except ImportError:
    sys.exit("Cannot make .venv: $(PYTHON) has no module %s. "
             "On Debian and Ubuntu, install the package python%d.%d-venv." % ((module,) + version))
endef
export IS_FIT

# uv may have made .venv, without a pip, and be gone from the PATH since: whatever installs needs `install`, which looks.
INSTALLER := $(if $(UV),,$(BIN)/pip)

install: .venv/installed $(INSTALLER)

.venv/locked: requirements/dev.txt
	@command -v $(PYTHON) > /dev/null || { echo "Cannot make .venv: $(PYTHON) is not on the PATH." \
	  "Install Python 3.11 or newer, and name it: make PYTHON=python3.13." >&2; exit 1; }
	@$(PYTHON) -c "$$IS_FIT"
	$(PYTHON) -m venv --clear $(if $(UV),--without-pip) .venv
	$(call fill,.venv,$<)
	@touch $@

$(BIN)/pip: | .venv/locked
	@test -e $@ || { $(PYTHON) -c "$$IS_FIT" && $(PYTHON) -m venv .venv; }

.venv/installed: .venv/locked pyproject.toml | $(INSTALLER)
	$(call pip,.venv,install) --quiet --no-deps --no-build-isolation -e .
	$(call pip,.venv,check)
	@touch $@

needs-chromium needs-npm needs-uv: needs-%:
	@command -v $* > /dev/null || { echo "Cannot run $*: it is not on the PATH. Install $(SOURCE_$*)." >&2; exit 1; }

SOURCE_chromium := it; Debian's package is chromium
SOURCE_npm := Node.js, which brings it; Debian's package is npm
SOURCE_uv := it, for example with pipx install uv

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# make test MARKERS="not cost" leaves out what counts the cost of large plans: it is the same on every Python
test: lint
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not peers and not image$(if $(MARKERS), and ($(MARKERS)))" --cov --cov-report=term-missing:skip-covered

# Strangers check us: GitHub's payloads, OpenAPI description, GraphQL schema, artifact client, editor and html-pipeline,
# Microsoft's blob server, HashiCorp's Python client, Terraform if it is on the PATH, and linters. Needs npm, and ruby
# with html-pipeline. What is skipped says why.
test-peers: needs-npm build/peers/installed
	npm ci --prefix tests/peers --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m pytest -n auto --dist loadfile -o faulthandler_timeout=300 -rs -m peers tests/peers

build/peers/installed: requirements/peers.txt | install
	$(BIN)/python -m venv --without-pip --clear build/peers
	$(call fill,build/peers,$<)
	$(call pip,build/peers,check)
	@touch $@

# The HTML report and the comments in a real browser. Needs npm and Debian's chromium.
test-browser: needs-npm needs-chromium install
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m pytest -n auto --dist loadfile -o faulthandler_timeout=300 -m peers tests/browser

# The image, built by Docker, or by podman on a stand-in for the base where no Docker answers; then podman, runc and
# debootstrap, which are Debian's packages, and root.
image: install
	$(BIN)/python tests/image/make_image.py

# The image, run as GitHub's runner does; its contents, and whether another build gives the same.
test-image: build/sbom/installed
	$(BIN)/python -m pytest -o timeout=900 -o faulthandler_timeout=600 -m image tests/image

# What is in the image that `make image` built, in build/sbom.spdx.json
sbom: build/sbom/installed
	$(BIN)/python tests/image/make_sbom.py build/sbom.spdx.json

build/sbom/installed: requirements/image.txt | install
	$(BIN)/python -m venv --without-pip --clear build/sbom
	$(call fill,build/sbom,$<)
	$(call pip,build/sbom,check)
	@touch $@

# The pictures of the demo's comment in docs/, as GitHub shows it. Needs npm and Debian's chromium.
pictures: needs-npm needs-chromium install
	npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
	$(BIN)/python tests/browser/pictures.py docs

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# make demo SCENARIO=many|failed|policies|applied|push shows another scenario than push;
# make demo PLAN=path/to/plan.json your own plan; make demo MOCKS=1 the Sentinel mocks as well
demo: install
	$(BIN)/python -m tfc_sandbox $(if $(SCENARIO),--scenario "$(SCENARIO)") $(if $(PLAN),--plan "$(PLAN)") $(if $(MOCKS),--mocks)

# How many lines Terraform takes for a change, and how many we take
compare: install
	@$(BIN)/python tests/benchmarks/compare.py

# What it costs to render plans of 1 MB to 1 GB, beside other readers and Terraform; make bench SIZES="1 10" takes less time
bench: install
	@$(BIN)/python tests/benchmarks/bench.py $(SIZES)

# Looks for plans of which a claim of tests/fuzz does not hold; make fuzz SECONDS=3600 looks longer. Whatever reaches more of
# our code is kept in build/fuzz-corpus, whatever breaks a claim in build/fuzz-found. Plans are small, so that many are tried.
# Needs Linux on x86_64.
SECONDS := 60
fuzz: install
	$(PYTHON) -m venv --clear --without-pip build/fuzz
	$(call fill,build/fuzz,requirements/dev.txt requirements/fuzz.txt)
	$(call pip,build/fuzz,check)
	mkdir -p build/fuzz-corpus build/fuzz-found
	PYTHONPATH=src build/fuzz/bin/python tests/fuzz/fuzz.py -max_total_time=$(SECONDS) -timeout=120 -rss_limit_mb=4096 \
	  -max_len=3000 -print_final_stats=1 -artifact_prefix=build/fuzz-found/ build/fuzz-corpus tests/fuzz/corpus

# The wheel and the source distribution, in dist/, as they are published. Each is installed where nothing else is but
# what is locked, and has to say the same of a plan as .venv does.
PLAN_TO_SHOW := tests/golden/mixed-update/plan.json
dist: install
	rm -rf dist
	$(BIN)/hatchling build -d dist
	$(BIN)/python -m venv --without-pip --clear build/twine
	$(call fill,build/twine,requirements/release.txt)
	$(call pip,build/twine,check)
	build/twine/bin/twine check --strict dist/*
	$(BIN)/tfc-plan-comment render $(PLAN_TO_SHOW) > build/expected.md
	$(BIN)/python -m venv --without-pip --clear build/wheel
	$(call fill,build/wheel,requirements/runtime.txt)
	$(call pip,build/wheel,install) --quiet --no-deps --no-index dist/*.whl
	$(call shown,build/wheel)
	$(BIN)/python -m venv --without-pip --clear build/sdist
	$(call fill,build/sdist,requirements/runtime.txt requirements/build.txt)
	$(call pip,build/sdist,install) --quiet --no-deps --no-index --no-build-isolation dist/*.tar.gz
	$(call shown,build/sdist)

define shown
$(call pip,$(1),check)
$(1)/bin/tfc-plan-comment --version
$(1)/bin/tfc-plan-comment render $(PLAN_TO_SHOW) | cmp - build/expected.md
endef

# Needs uv. No index host gets into the files. Whatever is locked must be there as a wheel, wherever it is installed:
# nothing is built from source.
PYTHONS := 3.11 3.12 3.13 3.14
PLATFORMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin
lock: needs-uv
	set -e; for name in runtime dev build image peers release fuzz; do $(UV) pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --strip-extras --override requirements/overrides.in requirements/$$name.in -o requirements/$$name.txt; done
	set -e; for python in $(PYTHONS); do for platform in $(PLATFORMS); do for name in dev image peers release; do \
	  $(UV) pip install --quiet --dry-run --target build/none --python-version $$python --python-platform $$platform \
	  --only-binary :all: --no-deps --require-hashes -r requirements/$$name.txt; done; done; done
	set -e; for python in $(PYTHONS); do \
	  $(UV) pip install --quiet --dry-run --target build/none --python-version $$python --python-platform x86_64-manylinux_2_28 \
	  --only-binary :all: --no-deps --require-hashes -r requirements/fuzz.txt; done
