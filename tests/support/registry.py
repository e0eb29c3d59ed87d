"""A real registry on loopback, and an image in it."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from dxf import DXF, DXFBase, exceptions
from requests import ConnectionError as NotThere
from requests import Response

from tests.support import tools
from tests.support.ports import free_port

USER, PASSWORD = "reader", "secret"
_HASH = "$2y$04$UoSFzkOuoz/v9cJBZb.I3uLnF5hGfrlayuRo4Tw6NzIYHak5XnbU."
_PATIENCE = 20.0


@dataclass(frozen=True)
class Registry:
    """A running registry.

    Attributes:
        host: with its port.
        authority: file of the certificate authority, or None where it speaks no TLS.
        guarded: for USER alone.
    """

    host: str
    authority: Path | None = None
    guarded: bool = False

    def push(self, repository: str, tag: str, content: str = "one") -> str:
        """Put a small image there. Its digest."""
        with self.client(repository) as registry:
            config = registry.push_blob(data=iter([content.encode()]), digest=_digest(content.encode()))
            registry.set_manifest(tag, _manifest(config, len(content)))
            digest, _ = registry.head_manifest_and_response(tag)
        return str(digest)

    def client(self, repository: str) -> DXF:
        """For a repository."""
        tls = str(self.authority) if self.authority else True
        return DXF(self.host, repository, _log_in, insecure=self.authority is None, tlsverify=tls)


def _log_in(registry: DXFBase, response: Response) -> None:
    insecure, registry._insecure = registry._insecure, False  # noqa: SLF001 - it refuses to log in without TLS
    registry.authenticate(USER, PASSWORD, response=response)
    registry._insecure = insecure  # noqa: SLF001


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _manifest(config: str, size: int) -> str:
    kind = "application/vnd.oci.image"
    described = {"mediaType": f"{kind}.config.v1+json", "digest": config, "size": size}
    return json.dumps(
        {"schemaVersion": 2, "mediaType": f"{kind}.manifest.v1+json", "config": described, "layers": []}
    )


@contextmanager
def running(folder: Path, *, guarded: bool = False, tls: bool = False) -> Iterator[Registry]:
    """A registry that keeps its images in the folder; `guarded`: for USER alone."""
    command = tools.require("docker-registry")
    host = f"localhost:{free_port()}"
    registry = Registry(host, _certificates(folder) if tls else None, guarded)
    configuration = folder / "registry.yml"
    configuration.write_text(json.dumps(_configuration(folder, registry)))  # JSON is YAML
    process = subprocess.Popen(
        [command, "serve", configuration],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OTEL_TRACES_EXPORTER": "none"},
    )
    try:
        _await(registry, process)
        yield registry
    finally:
        process.kill()
        process.wait()


def _configuration(folder: Path, registry: Registry) -> dict[str, object]:
    http: dict[str, object] = {"addr": registry.host, "secret": "x"}
    settings: dict[str, object] = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "images")}},
        "http": http,
    }
    if registry.authority:
        http["tls"] = {"certificate": str(folder / "server.pem"), "key": str(folder / "server.key")}
    if registry.guarded:
        (folder / "htpasswd").write_text(f"{USER}:{_HASH}\n")
        settings["auth"] = {"htpasswd": {"realm": "images", "path": str(folder / "htpasswd")}}
    return settings


def _certificates(folder: Path) -> Path:
    authority = trustme.CA()
    server = authority.issue_cert("localhost")
    server.private_key_pem.write_to_path(folder / "server.key")
    server.cert_chain_pems[0].write_to_path(folder / "server.pem")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    return folder / "authority.pem"


def _await(registry: Registry, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            with registry.client("x") as there:
                there.api_version_check()
        except (NotThere, exceptions.DXFError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the registry does not answer")
