# The two commands of the README: `make demo` and `make test`. Each sets up all it needs first; a second
# call finds everything in place and is quick.
MODEL := models/smollm2-135m-instruct.gguf
export DEVFT_MODELS := $(CURDIR)/models

.PHONY: demo test check build set-up clean

## Federated fine-tuning over twenty households, with stages and without, in one table.
demo: build $(MODEL) demo-data/homes.jsonl
	.build/release/devft demo configs/demo.yaml --out runs/demo

## All tests; the model is fetched for those that run it.
test: build $(MODEL)
	swift test -c release --no-parallel

## What continuous integration and people check beside the tests: format, kernels under sanitizers.
check: set-up
	scripts/check.sh

build: set-up
	swift build -c release --product devft

set-up:
	@scripts/set-up.sh

$(MODEL): | build
	.build/release/devft model get smollm2-135m-instruct

demo-data/homes.jsonl: | build
	.build/release/devft data homes --out demo-data

clean:
	rm -rf .build runs demo-data
