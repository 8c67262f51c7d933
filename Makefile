# make run: install and start; make test: all checks. See `make help`.
# Every target works from any directory: they all go to where this file is.

SHELL := /bin/bash
ROOT := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd)
IN_ROOT := cd "$(ROOT)" &&

.DEFAULT_GOAL := help
.PHONY: run install test help

run: install ## install, then start the controller on config/plant.yaml
	@$(IN_ROOT) exec .venv/bin/python main.py

install: ## make .venv with pinned dependencies and the command ppc
	@$(IN_ROOT) scripts/install run

test: ## format, lint, types, import contracts, tests
	@$(IN_ROOT) scripts/install dev && exec scripts/check

help: ## this list
	@$(IN_ROOT) sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile
