#!/bin/sh
# What `make demo` runs, with plait on PATH: the example from nothing to two environments, in build/demo, and
# an event on its way through the functions, on this machine.
set -eu
cd "$(dirname "$0")/.."

bold=''; plain=''
[ -t 1 ] && bold=$(printf '\033[1m') && plain=$(printf '\033[0m')
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
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
say "On this machine, without a cluster: one event in, the JavaScript function answers, the WASM function adds."
run plait run --send ../../examples/js-example-event.json --until-idle --port 0
say "The same tree is committed: base/, overlays/."
diff -r base ../../base
diff -r overlays ../../overlays
