"""Rules of pull secrets: the kubelet takes one of the right type and key, and no other, without a word.

Source: Kubernetes' Secret types (kubernetes.io/dockerconfigjson).
"""

from __future__ import annotations

from collections.abc import Iterator

from plait.spec.model import Body
from plait.spec.positions import Location, Mistake

PULL_TYPE, PULL_KEY = "kubernetes.io/dockerconfigjson", ".dockerconfigjson"


def broken(body: Body) -> Iterator[Mistake]:
    """ExternalSecrets that could not be the pull secrets that they should be."""
    for name, secret in body.externalSecrets.items():
        at: Location = ("spec", "externalSecrets", name)
        if secret.type == PULL_TYPE and PULL_KEY not in secret.data:
            yield (*at, "data"), f"a Secret of the type {PULL_TYPE} has the key {PULL_KEY}", None
    for name, function in body.functions.items():
        for index, pull in enumerate(function.imagePullSecrets):
            given = body.externalSecrets.get(pull)
            if given and given.type != PULL_TYPE:
                place: Location = ("spec", "functions", name, "imagePullSecrets", index)
                hint = f"set spec.externalSecrets.{pull}.type: {PULL_TYPE}, and {PULL_KEY} in its data"
                yield place, f"Kubernetes pulls no image with the Secret {pull}: its type is another", hint
