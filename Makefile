# Everything a newcomer needs stands in `make help`.
PYTHON ?= python3
PY := .venv/bin/python
# Node is the system's where it is new enough, else the wheel's in .venv.
NODE_PATH_FIRST := PATH="$(CURDIR)/.venv/bin:$$PATH"
.DEFAULT_GOAL := help
.PHONY: help run test check bench

help: ## print this
	@echo "Куратор — phone-first field tool for family case curators"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'
	@echo "  .venv/bin/flask init                                    begin for real, before the first make run"
	@echo "  .venv/bin/flask demo --families 1000                    invented families more, to try it under load"
	@echo "  .venv/bin/flask people                                  who is in the database"
	@echo "  .venv/bin/flask rules --help                            procedures: check, events, diff, quotes, explain"
	@echo "  .venv/bin/flask enrolment-link ФАМИЛИЯ --kind field     a one-time link for a phone"
	@echo "Settings are environment variables: see curator_app/config.py."

run: ## set everything up, start it on http://localhost:8000 (PORT=…), Ctrl-C stops it
	@$(PYTHON) tools/setup_environment.py run
	@exec $(PY) -m curator_app.launch

# A real browser on two busy cores stands still now and then: such a test is ended and tried again, and the summary names it.
test: ## everything: unit, SQLite and PostgreSQL, real Valkey, real Chromium
	@$(PYTHON) tools/setup_environment.py test
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore=tests/e2e
	$(PY) -m pytest tests/e2e -n 3 --dist loadfile --timeout 240 --reruns 2 -rR
	$(NODE_PATH_FIRST) node --test tests/js/test_*.mjs

check: ## formatting, lint, types (Python and JavaScript), templates, who may import whom
	@$(PYTHON) tools/setup_environment.py check
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(NODE_PATH_FIRST) node_modules/.bin/tsc -p tsconfig.json
	$(NODE_PATH_FIRST) node_modules/.bin/tsc -p service_worker/tsconfig.json
	$(PY) tools/lint_templates.py
	$(NODE_PATH_FIRST) node_modules/.bin/upgrade-check templates
	$(PY) -m pytest -q tests/test_architecture.py

bench: ## our figures beside the plain-HTML limit, in one run; writes bench.json
	@$(PYTHON) tools/setup_environment.py bench
	$(PY) -m bench
