"""Tests of what Argo CD and Flux do with the repository."""
