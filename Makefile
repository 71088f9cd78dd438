.PHONY: test
test:
	./scripts/set-up.sh
	swift test -c release
