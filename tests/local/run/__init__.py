"""Functions and broker together."""
