"""The ServiceAccount that carries a function's image pull secrets.

On OpenShift pull secrets belong on the service account; the same holds everywhere else. Where the
user names an account of their own, the secrets go into the pod instead (`pod`).
"""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import of_function


def build(flow: Flow, name: str) -> dict[str, dict[str, Any]]:
    """`serviceaccount` where the function has pull secrets and no account of the user's."""
    function = flow.functions[name]
    if not function.imagePullSecrets or function.serviceAccount:
        return {}
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": of_function(flow, name),
        "imagePullSecrets": [{"name": secret} for secret in function.imagePullSecrets],
        "automountServiceAccountToken": False,
    }
    return {"serviceaccount": account}
