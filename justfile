# Every recipe is a few lines over cargo, npm or pip; `npx --yes rust-just@1.57.0 --list` shows them.

client := "crates/web/client"
export CUTIS_BIN := justfile_directory() / "target/debug/cutis"

# Build everything and serve a throw-away demo practice on https://localhost:15045
run: client
    cargo run --locked -p cutis -- demo

# Set up what the tests need and run all of them, the browser's included
test: test-client client test-rust test-browser

# Install the client's packages from its lock file
setup:
    cd {{client}} && npm ci --no-audit --no-fund

# Build the web client into the folder that the binary embeds
client: setup
    cd {{client}} && npm run build

# Build the program
build: client
    cargo build --locked -p cutis

# All Rust tests: units, documentation, api, compliance, coverage, tidy
test-rust:
    cargo build --locked -p cutis
    cargo test --locked --workspace

# HEIC and AVIF, with the libheif of the machine (Debian: libheif-dev): lints and tests of the one crate that decodes
test-heif:
    cargo clippy --locked -p cutis-media --features heif --all-targets -- -D warnings
    cargo test --locked -q -p cutis-media --features heif

# Tests of one crate, such as: just test-crate audit
test-crate name:
    cargo test --locked -p cutis-{{name}}

# The client's own checks
test-client: setup
    cd {{client}} && npm run typecheck && npm run lint && npm run generate:check && npm test

# The main job in a real browser, against the real program
test-browser:
    cd {{client}} && node e2e/ensure-browser.mjs && npm run e2e

# Gigabytes of photos chosen at once in a browser, with a restart and a reload in between; needs three times as much on the disk
large-queue gib="5": build
    cd {{client}} && node e2e/ensure-browser.mjs && CUTIS_QUEUE_GIB={{gib}} node e2e/large-queue.mjs

# Take the manual's screenshots again, in the same browser suite
manual-screenshots: build
    cd {{client}} && node e2e/ensure-browser.mjs && CUTIS_MANUAL_SCREENSHOTS=1 npm run e2e

# Formatting, lints, documentation
lint:
    cargo fmt --all --check
    cargo clippy --locked --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --quiet

# Format
fmt:
    cargo fmt --all

# Write the generated files again: the API's description and the client's types
generate: setup
    cargo run --locked -q -p cutis -- openapi > docs/api/openapi.json
    cd {{client}} && npm run generate

# Attacks on the built program, on loopback, with counts (docs/THREATS.md): about ten minutes. Parameters, as environment variables:
# CUTIS_ATTACK_SEED, CUTIS_ATTACK_KILLS (20; try 5000), CUTIS_ATTACK_CELLS (70; `all`), CUTIS_ATTACK_SECONDS (8, for each flood),
# CUTIS_ATTACK_IO=1 (disk faults by strace). More arguments: --short, --only NAME.
attack *arguments:
    cargo build --locked -p cutis
    cargo test --locked -q -p cutis-tests --test coverage
    cargo test --locked -q -p cutis-tests --test attack -- --run {{arguments}}

# Requests generated from the API's description against a practice with real ids in it; schemathesis comes from the package index
attack-requests:
    cargo build --locked -p cutis
    python3 -m venv target/schemathesis
    target/schemathesis/bin/pip install --quiet --disable-pip-version-check schemathesis==4.32.5
    cargo test --locked -q -p cutis-tests --test attack -- --run --requests {{justfile_directory()}}/target/schemathesis/bin/schemathesis

# Change image files at random and see that each is taken or refused, never a panic, in 2 GiB of memory: just fuzz-media 3000000 7
fuzz-media count="1000000" seed="1":
    cargo build --locked --release -p cutis-media --example mutations
    ulimit -v 2097152 && target/release/examples/mutations {{count}} {{seed}} crates/media/src/tests/field crates/media/src/tests/jpeg

# Every picture of a folder against an independent reader (Pillow, from the package index): stored, incomplete, refused, where they differ
corpus *folders:
    python3 -m venv target/pillow
    target/pillow/bin/pip install --quiet --disable-pip-version-check pillow==13.0.0
    cargo run --locked -q -p cutis-media --example corpus -- {{justfile_directory()}}/target/pillow/bin/python {{folders}}

# Figures beside their floors, measured in one run
bench:
    cargo build --locked --release -p cutis
    cargo bench --locked -p cutis-tests --bench floors

# How smoothly two photos of 24 megapixels are moved together in a browser: tasks of its main thread, frames
bench-compare:
    npm --prefix crates/web/client run build
    cargo build --locked --release -p cutis
    CUTIS_BIN={{justfile_directory()}}/target/release/cutis npm --prefix crates/web/client run bench:compare

# A thousand open pages on the optimised program, from twenty addresses: its memory (docs/BENCHMARKS.md)
live-crowd pages="1000":
    cargo build --locked --release -p cutis
    CUTIS_PROGRAM={{justfile_directory()}}/target/release/cutis CUTIS_LIVE_PAGES={{pages}} cargo test --locked -q -p cutis-tests --test compliance live_crowd -- --nocapture

# Pages that type while the network and the server fail, for so many steps of each history; the server is killed in one of them
live-long steps="2000":
    cargo build --locked -p cutis
    CUTIS_LIVE_STEPS={{steps}} cargo test --locked -q -p cutis-tests --test compliance live::s1 -- --nocapture

# Lists and searches in a practice of so many patients, made in the folder: processor time of each, p50 and p99
many-patients folder patients="100000":
    cargo build --locked --release -p cutis-storage-sqlite --example many_patients
    mkdir -p {{folder}}
    target/release/examples/many_patients make {{folder}} {{patients}}
    target/release/examples/many_patients measure {{folder}}

# What continuous integration runs
ci: lint test
