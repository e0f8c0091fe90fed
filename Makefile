# The front door: `make` lists the commands. Needs Python 3.11+ (with venv and pip) and make, nothing else.
PYTHON  ?= python3
PACKAGE ?=
CASE    ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-all quick check build stress fuzz bench dev clean

help: ## this list
	@$(PYTHON) -m tools.help

demo: ## the main job against a server of its own: fetch, send, stream, sign (under a minute)
	@$(PYTHON) -m tools.demo

test: ## every package from its wheel in its own environment, then tests-integration (PACKAGE=restkit-forms: one)
	@$(PYTHON) -m tools.run_tests $(if $(PACKAGE),--package $(PACKAGE))

test-all: ## the same on every supported Python found
	@$(PYTHON) -m tools.run_tests --all $(if $(PACKAGE),--package $(PACKAGE))

quick: dev ## all packages' tests on the source tree, in random order, in seconds (PACKAGE=restkit-forms: one)
	@$(PYTHON) -m tools.quick $(PACKAGE)

check: dev ## ruff, format, mypy --strict, import arrows, declared dependencies, versions and changelogs
	@$(PYTHON) -m tools.check

build: ## six wheels and six sdists in dist/, built twice, byte-identical, checked
	@$(PYTHON) -m tools.wheels

stress: dev ## the transport under load for minutes: threads, greenlets, races, forks, bodies of 1 GiB
	@$(PYTHON) -m tools.stress

fuzz: dev ## every parser against inputs made to break it: seeded, bounded, kept when they do
	@$(PYTHON) -m tools.fuzz

bench: ## CPU and time against other clients, rounds interleaved (CASE=small_get: one)
	@$(PYTHON) -m tools.bench $(CASE)

dev: ## .venv with the six packages editable and every tool
	@$(PYTHON) -m tools.environments dev

clean: ## remove all that these commands made
	@$(PYTHON) -m tools.clean
