# make demo     cleans the articles in samples/ with the command-line tool, into build/
# make test     runs every test: Rust, C, Python
# make lint     formatting and clippy, strictly; part of `make test` where CI is set
# make bench    measures speed
# make rivals   measures it beside limits and rivals, and writes a record into benches/record; arguments in ARGS
# make corpora  cleans 10 GB of JSON lines and 5 GB of Parquet, and prints how fast; less with ARGS=0.01
# make clean    removes what these made
#
# It takes a Rust toolchain, a C compiler, and Python 3.9 or later with its module venv;
# nothing has to be set up before. Set CARGO, CC, CXX, PYTHON for others than the system's, and
# CARGO_TARGET_DIR as for cargo.

CARGO ?= cargo
PYTHON ?= python3
TARGET := $(or $(CARGO_TARGET_DIR),target)
UNFURNISH := $(TARGET)/release/unfurnish
B := build
VENV := $(B)/venv
# The shared library that the tests of the C API have built; the Python package takes it too.
ifeq ($(shell uname),Darwin)
LIBRARY := $(CURDIR)/bindings/c/build/lib/libunfurnish.dylib
else
LIBRARY := $(CURDIR)/bindings/c/build/lib/libunfurnish.so
endif
NPM ?= npm
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))
BROWSER := $(B)/browser

.PHONY: demo test lint test-rust test-c test-python test-browser bench rivals corpora clean cli

cli:
	$(CARGO) build --release --locked --package unfurnish-cli

# Cleans JSON lines and plain texts, and shows what went and why.
demo: cli
	@mkdir -p $(B)
	@echo; echo "== samples/articles.jsonl to $(B)/articles.clean.jsonl"
	@$(UNFURNISH) clean samples/articles.jsonl --spans --summary -o $(B)/articles.clean.jsonl
	@echo; echo "== samples/*.txt to $(B)/"
	@$(UNFURNISH) clean samples/*.txt --summary -o $(B)/
	@echo; echo "== removals in the articles, by category"
	@grep -o '"category":"[a-z]*"' $(B)/articles.clean.jsonl | cut -d '"' -f 4 | sort | uniq -c | sort -rn
	@echo; echo "== and by rule"
	@grep -o '"rule":"[^"]*"' $(B)/articles.clean.jsonl | cut -d '"' -f 4 | sort | uniq -c | sort -rn
	@echo; echo "== unfurnish explain samples/harbour.txt"
	@$(UNFURNISH) explain samples/harbour.txt

test: lint test-rust test-c test-python test-browser
	@echo "all tests passed"

# Both are parts of a toolchain that not every machine has. Other versions of them know other
# warnings, which are nobody's failure but that of who changes the code.
lint:
	@if $(CARGO) fmt --version >/dev/null 2>&1; then echo "== rustfmt"; $(CARGO) fmt --all --check; \
	else echo "== rustfmt is not there: skipped"; fi
	@if $(CARGO) clippy --version >/dev/null 2>&1; then echo "== clippy"; \
		$(CARGO) clippy --locked --workspace --all-targets -- $(if $(CI)$(filter lint,$(MAKECMDGOALS)),-D warnings); \
	else echo "== clippy is not there: skipped"; fi

# The library tests itself with all features: a dev-dependency on itself turns them on.
test-rust:
	@echo "== Rust"
	$(CARGO) test --locked --workspace

test-c:
	@echo "== C"
	$(MAKE) -C bindings/c test

test-python: test-c $(VENV)/bin/python
	@echo "== Python"
	UNFURNISH_LIBRARY=$(LIBRARY) $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check './bindings/python[test]'
	$(VENV)/bin/python -m pytest --quiet bindings/python/tests
	$(VENV)/bin/python -m doctest README.md

# The page of `clean --report`, in a browser, which not every machine has.
test-browser:
	@echo "== Browser"
	@if [ -n "$(CHROMIUM)" ] && command -v node >/dev/null && command -v $(NPM) >/dev/null; then \
		$(MAKE) test-report; \
	elif [ -n "$(CI)" ]; then \
		echo "the tests of the report need Chromium (CHROMIUM) and Node.js 20 with npm"; exit 1; \
	else \
		echo "Chromium or Node.js is not there: skipped"; \
	fi

.PHONY: test-report
test-report:
	$(CARGO) build --locked --package unfurnish-cli
	@mkdir -p $(BROWSER)
	cp cli/tests/browser/* $(BROWSER)/
	$(NPM) ci --prefix $(BROWSER) --silent --no-audit --no-fund
	UNFURNISH=$(abspath $(TARGET))/debug/unfurnish CHROMIUM=$(CHROMIUM) node --test $(BROWSER)/report.test.mjs

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

bench:
	$(CARGO) bench --locked --package unfurnish

rivals:
	$(MAKE) -C benches/rivals

corpora:
	$(MAKE) -C benches/rivals corpora

clean:
	$(CARGO) clean
	$(MAKE) -C bindings/c clean
	rm -rf $(B)
