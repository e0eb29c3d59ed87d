"""Measurements (`make bench`). They print figures and assert nothing: time is not a test."""
