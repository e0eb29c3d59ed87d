"""Tests of plait.findings: every rule with an example that fails and one that passes."""
