"""Kubernetes manifests become a functions.yaml, and what it builds is held against them."""
