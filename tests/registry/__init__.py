"""The credentials of registries; the registries themselves: tests/cli/test_release_resolve.py."""
