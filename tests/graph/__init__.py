"""Tests of plait.graph."""
