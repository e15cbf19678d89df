# Every target starts from the locked requirements in .venv; no other set-up is needed.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
venv := .venv/bin
manage := $(venv)/python manage.py

# Named after what is in the file: a checkout that only touches it costs nothing.
stamp = .venv/$(1)-$(shell sha256sum requirements-$(1).txt | cut -c1-16).stamp
demo_stamp := $(call stamp,demo)
dev_stamp := $(call stamp,dev)

compile := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: help .venv .trials demo test trials mutants screens lint lint-style lint-types lint-django messages lock programs

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z.]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv: $(demo_stamp) ## makes .venv from the locked requirements, nothing else

demo: $(demo_stamp) ## the whole of Homeward on http://127.0.0.1:8000/ with invented people; PORT= for another port
	@exec $(venv)/python -m config.demo

test: $(dev_stamp) lint programs ## all checks and all tests
	@$(venv)/python manage.py collectstatic --noinput --verbosity 0
	@exec $(venv)/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder

STEPS ?= 50000
trials: $(dev_stamp) ## the long drills; figures in docs/trials; STEPS= for another length, SHARED_DATA= for public pairs, VNU= for the Nu Html Checker
	@WHOLE_FILES_STEPS=$(STEPS) $(venv)/python -m pytest tests/test_whole_files.py -k every_step
	@EVERY_STORY=1 $(venv)/python -m pytest tests/repatriation/test_seed_returns.py
	@AXE_EVERY_PAGE=1 EVERY_WAY=1 $(venv)/python -m pytest tests/browser tests/config/test_demo_processes.py tests/test_ways_out.py
	@REFERRAL_STEPS=50000 REFERRAL_SEEDS=1,10001 $(venv)/python -m pytest --numprocesses=2 tests/referrals/test_random_moves.py
	@RETURN_STEPS=12500 RETURN_SEEDS=1,10001,20001,30001 $(venv)/python -m pytest --numprocesses=2 tests/repatriation/test_random_moves.py
	@PLANT_FAULTS=1 $(venv)/python -m pytest tests/referrals/test_faults_die.py
	@RACES=200 $(venv)/python -m pytest tests/referrals/test_race.py
	@MAIL_KILLS=10 $(venv)/python -m pytest tests/accounts/test_killed_workers.py
	@AUDIT_TAMPERINGS=1000 AUDIT_EVENTS=1000000 $(venv)/python -m pytest tests/accounts/test_verify_audit_drill.py
	@LIVE_SOCKETS=500 $(venv)/python -m pytest tests/accounts/test_live_fan_out.py
	@VALKEY_KILL=10 $(venv)/python -m pytest tests/browser/test_live_pages.py -k dead
	@SEARCH_CHILDREN=1000000 $(venv)/python -m pytest tests/cases/test_find_duplicates.py -k million
	@SEARCH_CASES=1000000 $(venv)/python -m pytest tests/cases/test_search_speed.py
	@CONFLICTS=100 $(venv)/python -m pytest tests/browser/test_every_page.py -k writes_over
	@DOUBLES=100 $(venv)/python -m pytest tests/test_sent_at_once.py
	@INTERRUPTIONS=100 INTERRUPTION_SEEDS=1,2,3 $(venv)/python -m pytest tests/browser/test_interruptions.py
	@FIGURES=1 $(venv)/python -m pytest tests/browser/test_slow_line.py tests/browser/test_counted_hands.py
	@CANARY=long $(venv)/python -m pytest tests/test_canary.py
	@$(MAKE) mutants
ifdef SHARED_DATA
	@$(MAKE) .trials
	@$(venv)/python -m pytest tests/cases/test_find_names.py
	@ECM_PYTHON=.trials/bin/python $(venv)/python -m pytest tests/cases/test_find_duplicates.py -k ecm
endif

mutants: $(dev_stamp) .trials ## how many mutants of the access table and the vault the tests kill; about an hour
	@TEST_NAME=mut $(venv)/python -m tests.trials.mutating

.trials: # what ours is compared with; its pins are not ours, so it has an environment of its own
	@test -d .trials || $(PYTHON) -m venv .trials
	@.trials/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-trials.txt

lint: $(dev_stamp) ## the static checks
	@$(MAKE) --jobs=2 --output-sync=target --keep-going lint-types lint-django lint-style

lint-style:
	$(venv)/ruff check
	$(venv)/ruff format --check
	$(venv)/djade --check --target-version 5.2 $$(find templates -name '*.html')
	$(venv)/django-upgrade --target-version 5.2 $$(git ls-files '*.py')
	$(venv)/lint-imports --no-cache

lint-types:
	$(venv)/python -m config.embedded $(venv)/mypy .

lint-django:
	$(manage) makemigrations --check --dry-run
	$(manage) document_workflows --check
	HOMEWARD_DEMO=0 $(manage) check --deploy --fail-level WARNING

programs: $(dev_stamp)
	@$(venv)/python -m tests.chromium
	@$(venv)/python -m tests.poppler

screens: $(dev_stamp) programs ## a picture of every screen, light, dark, phone, Russian, Arabic, in screens/; about ten minutes
	@$(venv)/python -m pytest -p no:cacheprovider tests/browser/screens.py

messages: $(dev_stamp) ## compiles the translations after a change of a .po file (needs gettext)
	$(manage) compilemessages --ignore .venv

lock: ## locks the requirements anew from pyproject.toml (needs uv)
	@command -v uv > /dev/null || { echo "make lock needs uv, which is not on the PATH."; exit 1; }
	$(compile) pyproject.toml -o requirements.txt
	$(compile) --extra demo -c requirements.txt pyproject.toml -o requirements-demo.txt
	$(compile) --extra demo --extra dev -c requirements-demo.txt pyproject.toml -o requirements-dev.txt
	$(compile) requirements-trials.in -o requirements-trials.txt

$(demo_stamp):
	@$(PYTHON) -c 'import sys; sys.exit("Homeward needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	@if compgen -G '.venv/demo-*.stamp' > /dev/null; then rm -rf .venv; fi
	@echo "Installing the locked requirements into .venv"
	@$(PYTHON) -m venv .venv
	@$(venv)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-demo.txt
	@touch $@

$(dev_stamp): $(demo_stamp)
	@echo "Installing what the tests need into .venv"
	@$(venv)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/dev-*.stamp
	@touch $@
