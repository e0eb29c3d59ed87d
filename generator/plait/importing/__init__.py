"""Kubernetes manifests -> functions.yaml, and the proof that it builds what they held.

`read_all` reads files, `imported` makes a functions.yaml of them, `prove` holds it against what it builds.
"""

from plait.importing import own
from plait.importing.build import Settings, imported
from plait.importing.keeping import changes, with_patches
from plait.importing.model import Imported, Left, shown
from plait.importing.patches import Patch, patches
from plait.importing.prove import Difference, prove
from plait.importing.reading import read_all
from plait.importing.writing import text

__all__ = [
    "Difference",
    "Imported",
    "Left",
    "Patch",
    "Settings",
    "changes",
    "imported",
    "own",
    "patches",
    "prove",
    "read_all",
    "shown",
    "text",
    "with_patches",
]
