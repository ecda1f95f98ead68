# One environment for everything, made from requirements-dev.lock: .venv/.ready says that it is up to date.
PYTHON ?= python3
PORT ?=
SEEDS ?= 10
WHAT ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo run test storm lint types format bench lock words screenshots clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/.ready ## The whole line with invented people and simulated phones, on this machine (PORT=8000)
	@$(BIN)/phoneline demo $(if $(PORT),--port $(PORT))

run: .venv/.ready ## The whole line for real use, on this machine (PORT=8000)
	@$(BIN)/phoneline run $(if $(PORT),--port $(PORT))

test: .venv/.ready ## Lint, types and every test; brings the browser that it needs
	@scripts/test.sh

storm: .venv/.ready ## Storms at random on a running line, SEEDS=10 of them on each database (DATABASE=sqlite, WHAT=checkins)
	@$(BIN)/python -m tests.journeys.storm --seeds $(SEEDS) $(if $(DATABASE),--database $(DATABASE)) $(if $(WHAT),--what $(WHAT))

lint: .venv/.ready ## Style and import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: .venv/.ready ## Types, checked strictly
	@$(BIN)/mypy

format: .venv/.ready ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: .venv/.ready ## Measure the inbound webhook against its ceiling and its floor price (WHAT=turns or rush: waiting callers; checkins, pace; rosters; pages; reports)
	@$(BIN)/python -m $(if $(WHAT),bench.$(WHAT),bench)

lock: ## Write the locks anew (UPGRADE=1 takes the newest releases that fit)
	@UPGRADE="$(UPGRADE)" scripts/lock.sh

words: .venv/.ready ## Bring the catalogues of the pages' languages in step with the code, and say what is to be translated
	@$(BIN)/python scripts/catalogues.py

screenshots: .venv/.ready ## Take the pictures of the README, of an invented evening
	@scripts/chromium.sh && $(BIN)/python scripts/screenshots.py

clean: ## Remove what can be made again; instance/, where the data is, stays
	@rm -rf .venv build dist dashboard/static/vendor .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements-dev.lock pyproject.toml hatch_build.py package.json package-lock.json .npmrc scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh
