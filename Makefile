# Targets for people: make demo, make test, make lint. Everything runs in .venv, made from hash-locked requirements.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
AWS_VENV := .venv-aws
# More than a small machine has cores: half of the time the tests wait for real processes.
JOBS ?= 4

.DEFAULT_GOAL := help
.PHONY: coverage help demo test lint format bench campaign crash attack docs lock wheelhouse deb sbom audit aws clean

help:  ## Show the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.made: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(AWS_VENV)/.made: requirements/aws-cli.txt
	$(PYTHON) -m venv $(AWS_VENV)
	$(AWS_VENV)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/aws-cli.txt
	@touch $@

demo: $(VENV)/.made  ## Watch a simulated fleet live; needs no AWS account (Ctrl-C ends it)
	@$(BIN)/rekognition-monitor demo || [ $$? -eq 130 ]  # Ctrl-C is how it ends

# Each process that a test starts would else compile the program again where the environment says that nothing is kept.
test: export PYTHONDONTWRITEBYTECODE =
# A file is one worker's, so that a browser or a Prometheus that its tests share is started once; what is pure shares nothing.
# Tracing all of the program would nearly double the time: what decides is traced by its own tests, all by `make coverage`.
test: $(VENV)/.made $(AWS_VENV)/.made  ## Run the tests; what is pure has to be covered whole
	$(BIN)/python -m compileall -q monitor
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal --cov=monitor/domain --cov-report= tests/domain
	$(BIN)/python -m coverage report --include='monitor/domain/*' --fail-under=100
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder --ignore=tests/domain

coverage: $(VENV)/.made $(AWS_VENV)/.made  ## Run the tests with the coverage of the whole program
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder --cov --cov-report=
	$(BIN)/python -m coverage report

lint: $(VENV)/.made  ## Check style, types and the house's imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/test_architecture.py

format: $(VENV)/.made  ## Rewrite the code in the house's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.made  ## Measure, side by side with what a user would write
	$(BIN)/python -m tests.benchmarks

campaign: $(VENV)/.made  ## The long campaign: 1,000 lives, faults, restarts and kill -9
	$(BIN)/python -m tests.campaign

crash: $(VENV)/.made  ## Kill the daemon 1,000 times while it delivers to a receiver that fails
	$(BIN)/python -m tests.crash

attack: $(VENV)/.made  ## Attack the web side for a quarter of an hour, while Prometheus scrapes it
	$(BIN)/python -m tests.attack

docs: $(VENV)/.made  ## Write again what is generated: the JSON Schema and the reference
	$(BIN)/python -m tests.generated

pictures: $(VENV)/.made  ## Take pictures of the demo's pages and dashboards (needs chromium and prometheus)
	$(BIN)/python -m tests.pictures.pages
	$(BIN)/python -m tests.pictures

lock:  ## Resolve the requirements again (needs uv); the files name no index
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group aws-cli -o requirements/aws-cli.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra chat -c requirements/run.txt -o requirements/chat.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build -c requirements/dev.txt -o requirements/build.txt
	echo pip | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -c requirements/dev.txt -o requirements/pip.txt

wheelhouse:  ## Collect in build/wheelhouse what an installation without a network takes
	deploy/install wheelhouse build/wheelhouse

deb: wheelhouse  ## Build a Debian package in build
	deploy/debian/build build/wheelhouse build

sbom: $(VENV)/.made  ## Write what the program is made of to build/sbom.json (CycloneDX)
	@$(BIN)/python -m tests.supply.sbom build/sbom.json

audit: $(VENV)/.made  ## Ask for known holes in what the program is made of; 3 when nobody could be asked
	@$(BIN)/python -m tests.supply.audit requirements/run.txt

aws: $(AWS_VENV)/.made  ## The aws command line, for trying the simulator by hand

clean:  ## Remove everything that was made
	rm -rf $(VENV) $(AWS_VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
