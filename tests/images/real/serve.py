"""An image, run as OpenShift's restricted-v2 would run it, with nothing but Linux.

A user that the image does not know, in group 0; no capabilities and no new privileges; a root file system that cannot
be written; /tmp and /dev/shm in memory.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.images.real import buildah
from tests.support.ports import free_port

UID = 1000730000
_PATIENCE = 30.0
# In a mount namespace of its own; $1 is the root, the rest the command.
_SCRIPT = f"""
set -eu
root=$1; shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"; chmod 1777 "$root/tmp"
mount -t tmpfs tmpfs "$root/dev"; mkdir -m 1777 "$root/dev/shm"
for device in null zero random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount -t tmpfs tmpfs "$root/dev/shm"
mount -o remount,ro,bind "$root"
exec setpriv --no-new-privs chroot --userspec={UID}:0 --groups= "$root" "$@"
"""


def environment(image: str, more: Mapping[str, str]) -> dict[str, str]:
    """The variables of a container: the image's, then those of its pod."""
    return {**dict(entry.split("=", 1) for entry in buildah.config(image)["Env"]), **more}


@contextlib.contextmanager
def served(image: str, more: Mapping[str, str]) -> Iterator[int]:
    """A container of an image: its port on this machine; ended by SIGTERM, which has to end it with 0."""
    port = free_port()
    config = buildah.config(image)
    container = buildah.run("from", "--pull-never", image)
    root = buildah.run("mount", container)
    command = [*config["Entrypoint"], *config.get("Cmd", [])]
    isolated = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child=SIGTERM",
        "sh",
        "-c",
        _SCRIPT,
        "sh",
        root,
    ]
    variables = environment(image, {**more, "PORT": str(port)})
    server = subprocess.Popen([*isolated, *command], env=_outer(variables))
    try:
        _wait(server, port)
        yield port
        _end(server)
    finally:
        server.kill()
        server.wait()
        buildah.run("rm", container)


def programs(image: str, names: Iterable[str]) -> list[str]:
    """Those of the programs that an image has."""
    container = buildah.run("from", "--pull-never", image)
    root = Path(buildah.run("mount", container))
    folders = ("usr/bin", "usr/sbin", "usr/local/bin", "opt/plait/bin", "nodejs/bin")
    found = [name for name in names if any((root / folder / name).exists() for folder in folders)]
    buildah.run("rm", container)
    return found


def _outer(variables: Mapping[str, str]) -> dict[str, str]:
    """The container's variables and no others, but a PATH that has this machine's programs too."""
    return {**variables, "PATH": f"{variables['PATH']}:{os.environ['PATH']}"}


def _end(server: subprocess.Popen[bytes]) -> None:
    (child,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    os.kill(int(child), signal.SIGTERM)
    code = server.wait(_PATIENCE)
    assert code == 0, f"SIGTERM: ended with {code}"


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if get(port, "/health/readiness") == http.client.OK:
                return
        time.sleep(0.02)
    raise RuntimeError(f"not ready; exit code {server.poll()}")


def get(port: int, path: str) -> int:
    """The status of a GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def post(port: int, attributes: Mapping[str, str], data: object) -> tuple[int, dict[str, str], bytes]:
    """Send an event in binary mode: status, headers and body of the reply."""
    headers = {f"ce-{name}": value for name, value in attributes.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    with contextlib.closing(connection):
        body = json.dumps(data).encode()
        connection.request("POST", "/", body, {**headers, "content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
