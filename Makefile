# The front door: `make help` lists what it opens.

# The index that `make run`, `make index` and `make serve` use, and the address that they serve on.
INDEX  ?= index
LISTEN ?= 127.0.0.1:7700
# What `make index` indexes.
DOCS   ?= corpus
# A folder of judged collections, for `make evaluate`, or of bulk documents and queries, for `make bench`; a file of texts,
# for `make lemmas`.
DATA   ?=
# A folder of judged collections with answers, and one with more documents (documents.jsonl), both for `make bench`.
JUDGED ?=
LARGE  ?=
# How long `make fuzz` runs each target.
SECONDS = 60
# Anything, to compare with SeekStorm, too, which is then built.
SEEKSTORM ?=
# A folder of files of all formats, for `make bench`; it makes its own where there is none.
FILES ?=

# Where cargo puts what it builds: each package beside itself, or all in one folder where CARGO_TARGET_DIR names one.
OBA            = $(or $(CARGO_TARGET_DIR),target)/release/oba
LEMMAS         = $(or $(CARGO_TARGET_DIR),tools/lemmas/target)/release
SEEKSTORM_PEER = $(abspath $(or $(CARGO_TARGET_DIR),benches/seekstorm/target))/release/oba-bench-seekstorm

.DEFAULT_GOAL := help
.PHONY: help build run test tree check soak fuzz index serve bench evaluate lemmas clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: cargo
	@cargo build --release --locked

run: build ## Build, index corpus/ and serve it with its page
	@$(OBA) index corpus --index $(INDEX) --rebuild
	@$(OBA) serve --index $(INDEX) --listen $(LISTEN)

test: cargo ## Run all tests
	@cargo test --locked

tree: cargo ## Read a tree of every format, encoding and fault, by LibreOffice and pandoc where they are (a release build)
	@cargo test --locked --release --test it -- --ignored --nocapture a_folder_of_twenty_years

fuzz: cargo ## Fuzz each parser for SECONDS (60); needs a nightly toolchain and cargo-fuzz
	@for target in $$(cargo fuzz list); do \
		cargo +nightly fuzz run $$target -- -max_total_time=$(SECONDS) -rss_limit_mb=4096 || exit 1; done

check: cargo ## Run all that CI runs: format, clippy, docs, benchmarks compile, tests
	@cargo fmt --check
	@cargo clippy --locked --all-targets -- -D warnings
	@RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items
	@$(MAKE) --no-print-directory test

soak: cargo ## Run the tests that take long: hostile requests, kills, full disks, failing system calls, half an hour of load
	@cargo test --locked --test it -- --ignored --nocapture
	@cargo test --locked --release --test soak -- --ignored --nocapture --test-threads=1

index: build ## Index the folders and files of DOCS (make index DOCS=~/letters)
	@$(OBA) index $(DOCS) --index $(INDEX)

serve: build ## Serve the index
	@$(OBA) serve --index $(INDEX) --listen $(LISTEN)

bench: cargo ## Measure speed against bare tantivy (make bench DATA=folder of documents.jsonl and queries.tsv; SEEKSTORM=1 takes it along)
	@test -z "$(SEEKSTORM)" || cargo build --release --locked --manifest-path benches/seekstorm/Cargo.toml
	@OBA_BENCH_SEEKSTORM="$(if $(SEEKSTORM),$(SEEKSTORM_PEER))" \
	OBA_BENCH_DATA="$(DATA)" OBA_BENCH_LARGE="$(LARGE)" OBA_BENCH_JUDGED="$(JUDGED)" OBA_BENCH_FILES="$(FILES)" cargo bench --locked

evaluate: build ## Measure ranking on judged collections (make evaluate DATA=folder of collections)
	@test -n "$(DATA)" || { echo "make evaluate needs DATA=FOLDER, a folder of judged collections" >&2; exit 2; }
	@$(OBA) evaluate --all "$(DATA)"

lemmas: cargo ## Measure under-stemming by the dictionary (make lemmas DATA=text or JSON Lines to count words in)
	@test -n "$(DATA)" || { echo "make lemmas needs DATA=FILE, a text or JSON Lines, whose words are counted" >&2; exit 2; }
	@cargo build --quiet --release --locked --manifest-path tools/lemmas/Cargo.toml
	@$(LEMMAS)/oba-lemmas count "$(DATA)" > $(LEMMAS)/counts.tsv
	@$(LEMMAS)/oba-lemmas measure $(LEMMAS)/counts.tsv

clean: ## Remove what was built, and the index
	@cargo clean
	@cargo clean --manifest-path tools/lemmas/Cargo.toml
	@rm -rf $(INDEX)/data-* $(INDEX)/manifest.json $(INDEX)/.files $(INDEX)/.lock $(INDEX)/.run $(INDEX)/.server $(INDEX)/.journal

# What all else needs, named where it is missing.
.PHONY: cargo
cargo:
	@command -v cargo >/dev/null || { echo "oba needs a Rust toolchain, 1.91 or newer: https://rustup.rs" >&2; exit 2; }
	@command -v cc >/dev/null || { echo "oba needs a C compiler and linker, such as Debian's package gcc" >&2; exit 2; }
