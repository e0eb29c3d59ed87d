"""Servers as processes."""
