"""A real API server, without nodes: etcd and kube-apiserver of KUBEBUILDER_ASSETS, or a cluster named on purpose."""

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support import tools
from tests.support.kustomize import kubectl
from tests.support.ports import free_port

CRDS = Path(__file__).parents[1] / "data" / "crds"
_TOKEN = "tests"  # noqa: S105 - of a server that lives as long as one test, on loopback
_PATIENCE = 60.0


class Cluster:
    """A cluster, by kubectl."""

    def __init__(self, kubeconfig: Path) -> None:
        self._kubeconfig = kubeconfig

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl, which has to succeed."""
        done = subprocess.run(
            [kubectl(), "--kubeconfig", self._kubeconfig, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def install(self) -> None:
        """Knative's kinds."""
        paths = [f"--filename={CRDS / 'knative-eventing' / f'{kind}.yaml'}" for kind in ("broker", "trigger")]
        self.kubectl("apply", "--server-side", *paths)
        self.kubectl("wait", "--for=condition=established", "--timeout=60s", "crd", "--all")

    def sync(self, objects: Sequence[Mapping[str, Any]], application: str) -> set[str]:
        """Apply by server-side apply, prune what is gone. What changed, as `tests.gitops.syncer` tells it."""
        before = self.objects(application)
        namespaces = [item for item in objects if item["kind"] == "Namespace"]
        for group in (namespaces, objects):
            self.kubectl("apply", "--server-side", "--filename=-", stdin=_stream(group))
        self._prune(objects, application)
        after = self.objects(application)
        signs = {
            key: "+" if key not in before else "-" if key not in after else "~"
            for key in {*before, *after}
            if before.get(key) != after.get(key)
        }
        return {f"{sign} {key}" for key, sign in signs.items()}

    def _prune(self, objects: Sequence[Mapping[str, Any]], application: str) -> None:
        wanted = {f"{item['kind']} {item['metadata']['name']}" for item in objects}
        for key in self.objects(application).keys() - wanted:
            kind, _, name = key.partition(" ")
            if kind != "Namespace":
                self.kubectl("delete", kind.lower(), name, "--namespace", application)

    def objects(self, application: str) -> Mapping[str, Any]:
        """What is there of an application: kind and name to what a user wrote of it."""
        kinds = "namespaces,configmaps,services,deployments,brokers,triggers,poddisruptionbudgets"
        label = f"app.kubernetes.io/part-of={application}"
        listed = self.kubectl("get", kinds, "--all-namespaces", "--selector", label, "--output=json")
        return {
            f"{item['kind']} {item['metadata']['name']}": [item.get(key) for key in ("spec", "data")]
            for item in json.loads(listed)["items"]
        }


def _stream(objects: Sequence[Mapping[str, Any]]) -> str:
    return "\n---\n".join(map(json.dumps, objects))


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """The cluster of PLAIT_TEST_KUBECONFIG, else a fresh one."""
    if named := os.environ.get("PLAIT_TEST_KUBECONFIG"):
        yield Cluster(Path(named))
        return
    server, etcd = _program("kube-apiserver"), _program("etcd")
    store, peers, port = free_port(), free_port(), free_port()
    _keys(folder)
    log = (folder / "cluster.log").open("wb")
    processes = [
        subprocess.Popen([etcd, *_etcd(folder, store, peers)], stdout=log, stderr=log),
        subprocess.Popen([server, *_server(folder, store, port)], stdout=log, stderr=log),
    ]
    try:
        yield _ready(folder, port, processes)
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
        log.close()


def _program(name: str) -> Path:
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    found = Path(assets, name) if assets else None
    return found if found and found.exists() else tools.require("kube-apiserver").with_name(name)


def _etcd(folder: Path, store: int, peers: int) -> list[str]:
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls=http://127.0.0.1:{store}",
        f"--advertise-client-urls=http://127.0.0.1:{store}",
        f"--listen-peer-urls=http://127.0.0.1:{peers}",
        "--unsafe-no-fsync",
    ]


def _server(folder: Path, store: int, port: int) -> list[str]:
    return [
        f"--etcd-servers=http://127.0.0.1:{store}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={port}",
        f"--cert-dir={folder / 'certificates'}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--service-account-issuer=https://127.0.0.1",
        f"--service-account-key-file={folder / 'key.pem'}",
        f"--service-account-signing-key-file={folder / 'key.pem'}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        "--authorization-mode=RBAC",
    ]


def _keys(folder: Path) -> None:
    (folder / "tokens.csv").write_text(f'{_TOKEN},admin,admin,"system:masters"\n')
    subprocess.run(
        ["openssl", "genrsa", "-out", folder / "key.pem", "2048"],  # noqa: S607
        check=True,
        capture_output=True,
    )


def _ready(folder: Path, port: int, processes: "Sequence[subprocess.Popen[bytes]]") -> Cluster:
    """Wait until it answers."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "tests",
                "cluster": {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True},
            }
        ],
        "users": [{"name": "tests", "user": {"token": _TOKEN}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
        "current-context": "tests",
    }
    (folder / "kubeconfig").write_text(json.dumps(config))
    found, end = Cluster(folder / "kubeconfig"), time.monotonic() + _PATIENCE
    while True:
        try:
            found.kubectl("get", "--raw=/readyz")
        except AssertionError:
            assert time.monotonic() < end, (folder / "cluster.log").read_text()[-2000:]
            assert all(process.poll() is None for process in processes), (folder / "cluster.log").read_text()[
                -2000:
            ]
            time.sleep(0.2)
        else:
            return found
