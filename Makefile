# Everything lands in .venv/ and _manuscript/; nothing else on the machine is touched.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: manuscript test preview lock clean
.DELETE_ON_ERROR:

manuscript: .venv/ready
	@$(BIN)/python -m report_helpers.cli render $(if $(DATA),--data "$(DATA)") $(OPTIONS)

preview: .venv/ready
	@$(BIN)/python -m report_helpers.cli preview $(if $(DATA),--data "$(DATA)") $(OPTIONS)

test: .venv/ready-to-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

# A project folder that was moved or copied needs its environment made anew: paths are written into it.
ifneq ($(shell cat .venv/where 2>/dev/null),$(CURDIR))
.PHONY: .venv/where
endif
.venv/where:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found (set PYTHON=/path/to/python3)"; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@printf '%s\n' "$(CURDIR)" > $@

.venv/ready: .venv/where requirements.lock pyproject.toml
	@echo "Setting up .venv (once; a few minutes on a slow network) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-to-test: .venv/ready requirements-dev.lock
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# For maintainers: resolve the dependencies anew (needs uv; `pip install uv`).
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" --quiet
lock:
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf .venv _manuscript _generated _figures .pytest_cache .mypy_cache .ruff_cache .hypothesis
