"""Tests of `plait run`."""
