"""What a tag means today: its digest, asked of the image's registry (OCI distribution specification 1.1)."""

from plait.registry.resolve import resolve

__all__ = ["resolve"]
