"""The pod of a function: container, environment, probes, security.

Security contexts are those that Kubernetes' "restricted" Pod Security Standard wants and OpenShift's
restricted-v2 SCC accepts: no UID or group anywhere, so that OpenShift may choose one.
Runtimes: the contract of docs/runtimes (PLAIT_* variables, /health/*, code in /function).
"""

from __future__ import annotations

import json
from typing import Any

from plait.spec.function import DEFAULT_RESOURCES, EnvSource, Function, Probe, Wasm

CODE = "/function"
DEFAULT_TIMEOUT = 30
GRACE = 10


def port(function: Function) -> int:
    """The port that the container listens on."""
    return function.container.port if function.container else 8080


def container(name: str, function: Function) -> dict[str, Any]:
    """The one container, without ports and probes. Its image is a placeholder: overlays name the real one."""
    block: dict[str, Any] = {"name": name, "image": name}
    if variables := environment(function):
        block["env"] = variables
    block["resources"] = resources(function)
    block["securityContext"] = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    if function.runtime != "container":
        block["securityContext"]["readOnlyRootFilesystem"] = True
        block["volumeMounts"] = [volume["mount"] for volume in _volumes(name, function)]
    return block


def volumes(name: str, function: Function) -> list[dict[str, Any]]:
    """The pod's volumes: the code for `packaging: configMap`, and /tmp beside a read-only root."""
    return [volume["volume"] for volume in _volumes(name, function)]


def _volumes(name: str, function: Function) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if function.packaging == "configMap":
        mount = {"name": "code", "mountPath": CODE, "readOnly": True}
        found.append({"volume": {"name": "code", "configMap": {"name": code_map(name)}}, "mount": mount})
    if function.runtime != "container":
        mount = {"name": "tmp", "mountPath": "/tmp"}  # noqa: S108
        found.append({"volume": {"name": "tmp", "emptyDir": {}}, "mount": mount})
    return found


def code_map(name: str) -> str:
    """The name of the ConfigMap with a function's code, before kustomize adds its hash."""
    return f"{name}-code"


def resources(function: Function) -> dict[str, Any]:
    """The user's resources, else a small default."""
    wanted = function.resources or DEFAULT_RESOURCES
    kinds = {"requests": wanted.requests, "limits": wanted.limits}
    return {kind: values for kind, values in kinds.items() if values}


def environment(function: Function) -> list[dict[str, Any]]:
    """The variables: the runtime's first, then the user's; the user's replace the runtime's."""
    own = {} if function.runtime == "container" else _runtime_variables(function)
    variables = {key: {"name": key, "value": value} for key, value in own.items()}
    variables |= {key: variable(key, source) for key, source in function.env.items()}
    return list(variables.values())


def variable(key: str, source: EnvSource) -> dict[str, Any]:
    """One entry of a container's env."""
    if source.secret:
        return {"name": key, "valueFrom": {"secretKeyRef": source.secret.model_dump()}}
    if source.configMap:
        return {"name": key, "valueFrom": {"configMapKeyRef": source.configMap.model_dump()}}
    return {"name": key, "value": source.value}


def _runtime_variables(function: Function) -> dict[str, str]:
    found: dict[str, str] = {}
    if function.timeout:
        found["PLAIT_TIMEOUT"] = str(function.timeout)
    if function.concurrency:
        found["PLAIT_CONCURRENCY"] = str(function.concurrency)
    if len(function.emits) == 1:
        found["PLAIT_REPLY_TYPE"] = function.emits[0].type
        if function.emits[0].source:
            found["PLAIT_REPLY_SOURCE"] = function.emits[0].source
    return found | (_wasm_variables(function.wasm) if function.wasm else {})


def _wasm_variables(wasm: Wasm) -> dict[str, str]:
    found = {"MODULE_PATH": f"{CODE}/{wasm.module}"}
    if wasm.function:
        found["FUNCTION_NAME"] = wasm.function
    if wasm.memory:
        found["PLAIT_MEMORY"] = str(_bytes(wasm.memory))
    grants = wasm.model_dump(exclude={"module", "function", "memory"}, exclude_defaults=True)
    return found | ({"PLAIT_WASM": json.dumps(grants, sort_keys=True)} if grants else {})


def _bytes(amount: str) -> int:
    """64Mi as a number."""
    units = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    return int(amount[:-2]) * units[amount[-2:]] if amount[-2:] in units else int(amount)


def probes(function: Function, target: str | int | None) -> dict[str, Any]:
    """The container's probes. `target` is the port that a probe without one asks (None: Knative's)."""
    given = function.probes
    own = function.runtime != "container"
    found: dict[str, Any] = {}
    for kind in ("liveness", "readiness", "startup"):
        probe = getattr(given, kind) if given else None
        if probe:
            found[f"{kind}Probe"] = _http(probe, target)
        elif probe is None and own and kind != "startup":
            found[f"{kind}Probe"] = {"httpGet": _get(f"/health/{kind}", target)}
        elif probe is None and kind == "readiness" and target is not None:
            found["readinessProbe"] = {"tcpSocket": {"port": target}}
    return found


def _get(path: str, target: str | int | None) -> dict[str, Any]:
    return {"path": path} if target is None else {"path": path, "port": target}


def _http(probe: Probe, target: str | int | None) -> dict[str, Any]:
    names = {
        "initialDelaySeconds": probe.initialDelay,
        "periodSeconds": probe.period,
        "timeoutSeconds": probe.timeout,
        "failureThreshold": probe.failureThreshold,
    }
    times = {key: value for key, value in names.items() if value is not None}
    return {"httpGet": _get(probe.path, probe.port or target), **times}


def account(name: str, function: Function) -> dict[str, Any]:
    """The pod's service account, and its pull secrets where the account is the user's."""
    secrets = [{"name": secret} for secret in function.imagePullSecrets]
    if function.serviceAccount:
        own = {"serviceAccountName": function.serviceAccount}
        return {**own, "imagePullSecrets": secrets} if secrets else own
    account = {"serviceAccountName": name} if secrets else {}
    return {**account, "automountServiceAccountToken": False}
