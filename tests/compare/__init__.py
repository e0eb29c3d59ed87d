"""Tests of plait.compare."""
