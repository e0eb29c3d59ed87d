"""Tests of plait_wasmtime."""
