# make run: install and start; make test: all checks. See `make help`.

ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
SHELL := /bin/bash
VENV := .venv

# The newest Python of at least 3.11 on this machine.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: run install test help
.DEFAULT_GOAL := help

run: install ## install, then start the controller on config/plant.yaml
	@cd "$(ROOT)" && exec $(VENV)/bin/python main.py

install: ## make .venv with pinned dependencies and the command ppc
	@cd "$(ROOT)" && $(call stamp,run,.)

test: ## format, lint, types, import contracts, tests
	@cd "$(ROOT)" && $(call stamp,dev,.[dev]) && exec scripts/check

help: ## this list
	@grep -hE '^[a-z]+:.*##' "$(ROOT)/Makefile" | sed -E 's/^([a-z]+):.*## /make \1\t/'

# Install $(2) once, and again when what is asked for changes.
define stamp
	if ! [ -e $(VENV)/.$(1) ] || [ pyproject.toml -nt $(VENV)/.$(1) ] || [ constraints.txt -nt $(VENV)/.$(1) ]; then \
		[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed, and there is none here."; exit 1; }; \
		$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "The venv module of $(PYTHON) is needed (Debian: python3-venv)."; exit 1; }; \
		echo "installing into .venv ..."; \
		[ -x $(VENV)/bin/python ] || $(PYTHON) -m venv $(VENV) || exit 1; \
		$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '$(2)' \
			|| { echo "The dependencies could not be installed: see the lines above."; exit 1; }; \
		touch $(VENV)/.$(1); \
	fi
endef
