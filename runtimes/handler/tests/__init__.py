"""Tests of the handler."""
