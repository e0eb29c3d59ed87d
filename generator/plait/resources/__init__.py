"""Flow -> Kubernetes objects as plain dicts, one module a kind.

`of_function` and `of_environment` give what base/ holds: file stem to object, in the order of their
files. Nothing here knows an environment; that is `plait.platforms`.
"""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources import (
    account,
    broker,
    contract,
    deployment,
    eventtype,
    knative,
    namespace,
    network,
    scaling,
    secrets,
    service,
    trigger,
)
from plait.resources.meta import guarded

Objects = dict[str, dict[str, Any]]


def of_function(flow: Flow, name: str) -> Objects:
    """The objects of one function: `{"deployment": {...}, "service": {...}, "trigger-NAME": {...}}`."""
    function = flow.functions[name]
    objects: Objects = {}
    if function.serving == "knative":
        objects["service"] = knative.build(flow, name)
    else:
        objects["deployment"] = deployment.build(flow, name)
        objects["service"] = service.build(flow, name)
        objects |= scaling.build(flow, name)
    objects |= account.build(flow, name)
    objects |= network.build(flow, name)
    for item in flow.triggers[name]:
        objects[f"trigger-{item.name}"] = trigger.build(flow, item)
    objects |= contract.build(flow, name)
    return guarded(objects, flow)


def of_environment(flow: Flow) -> Objects:
    """The objects that all functions share: Namespace, Broker, EventTypes, ExternalSecrets."""
    objects: Objects = {}
    if flow.body.namespace.create:
        objects["namespace"] = namespace.build(flow)
    if flow.broker.create:
        objects["broker"] = broker.build(flow)
    objects |= eventtype.build(flow)
    objects |= secrets.build(flow)
    return guarded(objects, flow)
