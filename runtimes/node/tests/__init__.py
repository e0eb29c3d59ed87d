"""Tests of plait_node."""
