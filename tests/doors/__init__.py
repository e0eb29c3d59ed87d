"""Tests of plait.doors: plait as a plugin of other programs."""
