# The commands of the README: `make demo`, `make test` and `make bench`. Each sets up all it needs first; a second
# call finds everything in place and is quick.
MODEL := models/smollm2-135m-instruct.gguf
export DEVFT_MODELS := $(CURDIR)/models
# One set of flags for program and tests, so that nothing is built twice.
BUILD := swift build -c release -Xswiftc -enable-testing
# The network libraries take five minutes of a first build, and nothing else needs them: the package has them only
# when DEVFT_FLOWER is set, in a folder of their own so that the two builds do not undo each other.
BUILD_FLOWER := DEVFT_FLOWER=1 $(BUILD) --scratch-path .build-flower

.PHONY: demo compare headline test check bench flower-demo flower-overhead test-flower soak build build-flower build-tests set-up clean

## Federated fine-tuning over twenty households: FedIT, DevFT and the lean recipe in one table.
demo: build $(MODEL) demo-data/homes-heldout.jsonl
	.build/release/devft demo configs/demo.yaml --beside configs/lean.yaml --out runs/demo

## A study of studies/ with its tiny budget; `make compare STUDY=non-iid` picks one.
STUDY := paper-main
compare: build $(MODEL) demo-data/homes-heldout.jsonl
	.build/release/devft compare studies/$(STUDY).yaml --budget tiny

## The lean recipe beside FedIT and DevFT, three seeds, tuned learning rates: an hour on two cores; resumes.
## `make headline DATA=alpaca SOURCE=rows.jsonl` takes Alpaca's or Dolly's rows from a file of yours.
DATA := tiny
headline: build $(MODEL) demo-data/homes-heldout.jsonl
	$(if $(SOURCE),scripts/hold-out.sh $(SOURCE) $(DATA))
	.build/release/devft compare studies/headline.yaml --budget $(DATA)

## The demo over a network: a federation of three clients on Flower, all on this machine.
flower-demo: build-flower $(MODEL) demo-data/homes-heldout.jsonl
	tools/flower/set-up.sh
	tools/flower/demo.sh

## All tests; the model is fetched for those that run it. Those of the network roles run where their program has
## been built or Flower installed before: their libraries would more than double a first build. With DEVFT_FLOWER=1
## set, everything is one build, and all of it is tested.
test: build-tests $(MODEL)
	$(if $(DEVFT_FLOWER),-tools/flower/set-up.sh)
	swift test -c release --skip-build
	@if [ -n "$(DEVFT_FLOWER)" ]; then exit 0; \
	elif [ -d .build-flower ] || [ -d .venv-flower ]; then $(MAKE) test-flower; \
	else echo "make test: the tests of the network roles are skipped; make test-flower builds and runs them"; fi

## The tests of the network roles. Those of a real federation need Flower, and are skipped where it cannot be
## installed. (--build-tests would build the compiler of protobuf too, in C++.)
test-flower: set-up
	-tools/flower/set-up.sh
	$(BUILD_FLOWER) --product devftPackageTests
	DEVFT_FLOWER=1 swift test -c release --scratch-path .build-flower --skip-build --filter DevFTFlowerTests

## Seconds that a round over Flower takes beyond training, beside a server and clients in Python.
flower-overhead: build-flower $(MODEL)
	tools/flower/set-up.sh
	tools/flower/overhead.sh

## The tests of the network roles that take minutes: what only time decides, and a hundred rounds with random kills.
soak: export DEVFT_SOAK := 1
soak: test-flower

## What continuous integration and people check beside the tests: format, kernels under sanitizers.
check: set-up
	scripts/check.sh

## Speed and memory beside PyTorch and llama.cpp; `make bench BENCH='--only step --quick'` measures a part.
bench: build $(MODEL) demo-data/homes-heldout.jsonl
	tools/peers/set-up.sh $(MODEL)
	python3 -B Benchmarks/bench.py $(BENCH)

build: set-up
	$(BUILD) --product devft

# The program of the network roles, beside the other one, which starts it.
build-flower: build
	$(BUILD_FLOWER) --product devft-flower
	ln -sf $(CURDIR)/.build-flower/release/devft-flower .build/release/devft-flower

build-tests: set-up
	$(BUILD) --build-tests

set-up:
	@scripts/set-up.sh

$(MODEL): | build
	.build/release/devft model get smollm2-135m-instruct

demo-data/homes-heldout.jsonl: | build
	.build/release/devft data homes --out demo-data

clean:
	rm -rf .build .build-flower runs demo-data
