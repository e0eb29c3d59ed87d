"""Tests of plait.filters."""
