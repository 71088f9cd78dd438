# The commands of the README: `make demo`, `make test` and `make bench`. Each sets up all it needs first; a second
# call finds everything in place and is quick.
MODEL := models/smollm2-135m-instruct.gguf
export DEVFT_MODELS := $(CURDIR)/models
# One set of flags for program and tests, so that nothing is built twice.
BUILD := swift build -c release -Xswiftc -enable-testing

.PHONY: demo compare headline test check bench build build-tests set-up clean

## Federated fine-tuning over twenty households: FedIT, DevFT and the recommended recipe in one table.
demo: build $(MODEL) demo-data/homes-heldout.jsonl
	.build/release/devft demo configs/demo.yaml --beside configs/recommended.yaml --out runs/demo

## A study of studies/ with its tiny budget; `make compare STUDY=non-iid` picks one.
STUDY := paper-main
compare: build $(MODEL) demo-data/homes-heldout.jsonl
	.build/release/devft compare studies/$(STUDY).yaml --budget tiny

## The recommended recipe beside FedIT and DevFT, three seeds, tuned learning rates: an hour on two cores; resumes.
## `make headline DATA=alpaca SOURCE=rows.jsonl` takes Alpaca's or Dolly's rows from a file of yours.
DATA := tiny
headline: build $(MODEL) demo-data/homes-heldout.jsonl
	$(if $(SOURCE),scripts/hold-out.sh $(SOURCE) $(DATA))
	.build/release/devft compare studies/headline.yaml --budget $(DATA)

## All tests; the model is fetched for those that run it.
test: build-tests $(MODEL)
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
