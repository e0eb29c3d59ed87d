"""Builds every image with buildah and runs it as OpenShift would; by hand, as root: see `__main__`."""
