"""What the tests share: tools, kustomize builds, schemas and golden files."""
