# The commands of the README: `make demo`, `make test` and `make bench`. Each sets up all it needs first; a second
# call finds everything in place and is quick.
MODEL := models/smollm2-135m-instruct.gguf
export DEVFT_MODELS := $(CURDIR)/models
# One set of flags for program and tests, so that nothing is built twice.
BUILD := swift build -c release -Xswiftc -enable-testing

.PHONY: demo compare test check bench flower-demo build build-flower build-tests set-up clean

## Federated fine-tuning over twenty households, with stages and without, in one table.
demo: build $(MODEL) demo-data/homes-heldout.jsonl
	.build/release/devft demo configs/demo.yaml --out runs/demo

## A study of studies/ with its tiny budget; `make compare STUDY=non-iid` picks one.
STUDY := paper-main
compare: build $(MODEL) demo-data/homes-heldout.jsonl
	.build/release/devft compare studies/$(STUDY).yaml --budget tiny

## The demo over a network: a federation of three clients on Flower, all on this machine.
flower-demo: build-flower $(MODEL) demo-data/homes-heldout.jsonl
	tools/flower/set-up.sh
	tools/flower/demo.sh

## All tests; the model is fetched for those that run it. Those of a real federation need Flower, and are skipped
## where it cannot be installed.
test: build-tests $(MODEL)
	-tools/flower/set-up.sh
	swift test -c release --skip-build

## What continuous integration and people check beside the tests: format, kernels under sanitizers.
check: set-up
	scripts/check.sh

## Speed and memory beside PyTorch and llama.cpp; `make bench BENCH='--only step --quick'` measures a part.
bench: build $(MODEL) demo-data/homes-heldout.jsonl
	tools/peers/set-up.sh $(MODEL)
	python3 -B Benchmarks/bench.py $(BENCH)

build: set-up
	$(BUILD) --product devft

# The network libraries take five minutes of a first build; nothing else needs them.
build-flower: build
	$(BUILD) --product devft-flower

build-tests: set-up
	$(BUILD) --build-tests

set-up:
	@scripts/set-up.sh

$(MODEL): | build
	.build/release/devft model get smollm2-135m-instruct

demo-data/homes-heldout.jsonl: | build
	.build/release/devft data homes --out demo-data

clean:
	rm -rf .build runs demo-data
