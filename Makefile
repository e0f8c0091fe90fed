# The front door. Needs only python3 (with venv and pip) and make.
PYTHON ?= python3

.PHONY: dev quick
dev: .venv/ready

.venv/ready: requirements/test.txt requirements/dev.txt $(wildcard packages/*/pyproject.toml)
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install -q uv
	.venv/bin/uv pip install -q --python .venv/bin/python -r requirements/dev.txt
	touch $@

quick: dev
	.venv/bin/python -m pytest -q packages
