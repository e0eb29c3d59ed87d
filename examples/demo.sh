#!/bin/sh
# What `make demo` runs, with plait on PATH: the example from nothing to two environments, in build/demo.
set -eu
cd "$(dirname "$0")/.."

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { say "\$ $*"; "$@"; }

rm -rf build/demo
mkdir -p build/demo
cp -R functions.yaml functions build/demo/
cd build/demo

run plait generate
run plait promote minikube openshift
say "Written to build/demo:"
find base overlays -type f | LC_ALL=C sort | sed 's/^/  /'
for overlay in minikube openshift; do
    say "overlays/$overlay holds:"
    plait render "$overlay" --format name
done
run plait status
run plait check
say "The same tree is committed: base/, overlays/."
diff -r base ../../base
diff -r overlays ../../overlays
