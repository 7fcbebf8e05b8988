# make demo     cleans the articles in samples/ with the command-line tool, into build/
# make test     runs every test: Rust, C, Python
# make lint     formatting and clippy, strictly; part of `make test` where CI is set
# make install  installs the C library under PREFIX, for programs in C and C++
# make bench    measures speed
# make rivals   measures it beside limits and rivals, and writes a record into benches/record; arguments in ARGS
# make authors  shows how much of what people wrote goes, on texts of Debian packages that it downloads, in all languages
# make corpora  cleans 10 GB of JSON lines and 5 GB of Parquet, and prints how fast; less with ARGS=0.01
# make clean    removes what these made
#
# It takes a Rust toolchain, a C compiler, and Python 3.9 or later with its module venv;
# nothing has to be set up before. What else the tests of the C API can use (clang, valgrind, cmake, pkg-config)
# is installed by `make test-tools` with apt-get, and by `make test` where CI is set; without it some are
# skipped, and say so. Set CARGO, CC, CXX, PYTHON for others than the system's, and
# CARGO_TARGET_DIR as for cargo.

CARGO ?= cargo
PYTHON ?= python3
TARGET := $(or $(CARGO_TARGET_DIR),target)
UNFURNISH := $(TARGET)/release/unfurnish
B := build
# The shared library that the tests of the C API have built; the Python package takes it too.
ifeq ($(shell uname),Darwin)
LIBRARY := $(CURDIR)/bindings/c/build/lib/libunfurnish.dylib
else
LIBRARY := $(CURDIR)/bindings/c/build/lib/libunfurnish.so
endif
NPM ?= npm
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))
BROWSER := $(B)/browser

.PHONY: demo test lint test-rust test-c test-tools test-python test-engines test-browser test-report install bench rivals authors corpora clean cli cli-debug

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

test: lint test-rust test-c test-python test-engines test-browser
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

test-tools:
	$(MAKE) -C bindings/c tools

install:
	$(MAKE) -C bindings/c install

test-python: test-c
	@echo "== Python"
	$(MAKE) -C bindings/python test LIBRARY=$(LIBRARY)

test-engines: test-c cli-debug
	@echo "== Python in Spark, Ray and other engines"
	$(MAKE) -C bindings/python engines LIBRARY=$(LIBRARY) TOOL=$(abspath $(TARGET))/debug/unfurnish

# The tests of the tool have built it already.
cli-debug:
	$(CARGO) build --locked --package unfurnish-cli

# The page of `clean --report`, in a browser, which not every machine has.
test-browser:
	@echo "== Browser"
	@if [ -n "$(CHROMIUM)" ] && command -v node >/dev/null && command -v $(NPM) >/dev/null; then \
		$(MAKE) test-report; \
	elif [ -n "$(CI)" ]; then \
		$(MAKE) -C bindings/c tools TOOLS=chromium && $(MAKE) test-report; \
	else \
		echo "Chromium or Node.js is not there: skipped"; \
	fi

test-report: cli-debug
	@mkdir -p $(BROWSER)
	cp cli/tests/browser/* $(BROWSER)/
	$(NPM) ci --prefix $(BROWSER) --silent --no-audit --no-fund
	UNFURNISH=$(abspath $(TARGET))/debug/unfurnish CHROMIUM=$(CHROMIUM) node --test $(BROWSER)/report.test.mjs

bench:
	$(CARGO) bench --locked --package unfurnish

rivals:
	$(MAKE) -C benches/rivals

corpora:
	$(MAKE) -C benches/rivals corpora

authors: cli
	@$(PYTHON) benches/authors/authors.py $(UNFURNISH) $(ARGS)

clean:
	$(CARGO) clean
	$(MAKE) -C bindings/c clean
	rm -rf $(B)
