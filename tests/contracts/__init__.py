"""Tests of plait.contracts, and of the commands that know event contracts."""
