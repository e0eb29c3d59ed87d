"""plait: one functions.yaml becomes the Git repository that Argo CD or Flux syncs."""

__version__ = "0.1.0"
