#!/bin/sh
# What `make demo` runs, with plait on PATH.
set -eu
cd "$(dirname "$0")/.."

plait generate
plait status
