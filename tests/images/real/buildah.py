"""buildah, as root and without a container engine's help: isolation by chroot, storage without overlayfs."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CHUNK = 1024 * 1024
SETTINGS = {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}


def environment() -> dict[str, str]:
    """The variables of a build; what is set already wins."""
    return {**SETTINGS, **os.environ}


def run(*arguments: str) -> str:
    """A command of buildah; what it prints."""
    done = subprocess.run(
        ["buildah", *arguments],  # noqa: S607 - the buildah of this machine
        env=environment(),
        check=True,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
    )
    return done.stdout.strip()


def config(image: str) -> dict[str, Any]:
    """What an image says of itself: User, Env, Entrypoint, Cmd, Labels, ..."""
    found: dict[str, Any] = json.loads(run("inspect", "--type", "image", image))["OCIv1"]["config"]
    return found


@dataclass(frozen=True)
class Size:
    """Bytes of an image.

    Attributes:
        layers: of each layer, unpacked (a tar archive), the lowest first.
        packed: of each layer, as a registry keeps and a node pulls it.
        rest: of manifest and configuration.
    """

    layers: list[int]
    packed: list[int]
    rest: int


def size(image: str, work: Path) -> Size:
    """What an image weighs, from a copy in the layout of the OCI image specification."""
    folder = work / "oci"
    shutil.rmtree(folder, ignore_errors=True)
    run("push", "--quiet", image, f"oci:{folder}")
    index = json.loads((folder / "index.json").read_text())["manifests"][0]
    manifest = json.loads(_blob(folder, index["digest"]).read_text())
    packed = [layer["size"] for layer in manifest["layers"]]
    layers = [_unpacked(_blob(folder, layer["digest"])) for layer in manifest["layers"]]
    return Size(layers, packed, index["size"] + manifest["config"]["size"])


def _blob(folder: Path, digest: str) -> Path:
    return folder / "blobs" / digest.replace(":", "/")


def _unpacked(layer: Path) -> int:
    with gzip.open(layer) as archive:
        return sum(map(len, iter(lambda: archive.read(_CHUNK), b"")))
