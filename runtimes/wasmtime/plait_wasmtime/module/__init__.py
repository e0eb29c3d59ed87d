"""The module's file: which it is, and how it becomes code that runs."""
