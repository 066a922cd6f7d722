# What a person types. The work itself is in the binary, and in small scripts that can be read on their own.
.DEFAULT_GOAL := help
.PHONY: help run test check fmt lint bench screenshots clean-demo

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## build, migrate and fill SQLite in var/, serve the demo, print addresses and log-ins
	@deploy/demo.sh

test: ## install what is missing, start private services, run the whole suite on both profiles (ARGS=filter)
	@tests/support/test.sh $(ARGS)

check: lint test ## all that CI does: formatting, clippy without warnings, the suite on both profiles

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

fmt: ## format the code
	cargo fmt --all

bench: ## the dashboard on PostgreSQL and Redis beside a bare contender; writes var/bench.json
	@benches/run.sh $(ARGS)

screenshots: ## every page of every supplier, 1280 and 390 px, light and dark, with a contact sheet, in var/screenshots
	@tests/support/screenshots.sh

clean-demo: ## forget the demo's database, mail and key in var/
	rm -rf var
