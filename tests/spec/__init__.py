"""functions.yaml: reading it, and its mistakes."""
