"""Functions as processes."""
