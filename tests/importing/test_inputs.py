"""Manifests as people have them: what functions.yaml makes of them."""

from pathlib import Path
from typing import Any

import pytest

from plait import importing
from tests.importing.objects import (
    autoscaler,
    budget,
    container,
    deployment,
    knative,
    named,
    service,
    trigger,
    yaml,
)
from tests.importing.support import (
    DEPLOYMENT,
    TRIGGER,
    built,
    function,
    imported,
    unexplained,
)

SCALE = "autoscaling.knative.dev/"
CPU = {"requests": {"cpu": "100m"}}


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"min-scale": "1", "max-scale": "5", "target": "20"}, {"scale": {"min": 1, "max": 5, "target": 20}}),
        ({"minScale": "2", "maxScale": "3"}, {"scale": {"min": 2, "max": 3}}),
        ({"max-scale": "3"}, {"scale": {"min": 0, "max": 3}}),
        ({"min-scale": "1"}, {"annotations": {f"{SCALE}min-scale": "1"}}),
        (
            {"min-scale": "1", "max-scale": "0"},
            {"annotations": {f"{SCALE}min-scale": "1", f"{SCALE}max-scale": "0"}},
        ),
        (
            {"max-scale": "3", "metric": "rps", "class": "kpa.autoscaling.knative.dev"},
            {
                "scale": {"min": 0, "max": 3},
                "annotations": {f"{SCALE}metric": "rps", f"{SCALE}class": "kpa.autoscaling.knative.dev"},
            },
        ),
    ],
)
def test_knative_autoscaling(annotations: dict[str, str], expected: dict[str, Any], tmp_path: Path) -> None:
    """Bounds become scale where there is a highest one; all else stays an annotation of the revision."""
    result = imported(
        tmp_path, yaml(knative(annotations={SCALE + key: text for key, text in annotations.items()}))
    )
    entry = function(result)
    assert {key: entry[key] for key in ("scale", "annotations") if key in entry} == expected
    (item,) = (item for item in built(tmp_path, result) if item["kind"] == "Service")
    kept = item["spec"]["template"]["metadata"]["annotations"]
    assert {key for key in kept if key.startswith(SCALE)} >= {
        f"{SCALE}{key}" for key in annotations if "Scale" not in key
    }
    assert unexplained(tmp_path, result) == []


def test_a_knative_service_with_all_that_functions_take(tmp_path: Path) -> None:
    """Timeout, concurrency, account, pull secrets, port, probes, variables, resources."""
    pod = {
        "timeoutSeconds": 60,
        "containerConcurrency": 10,
        "serviceAccountName": "robot",
        "imagePullSecrets": [{"name": "login"}],
    }
    env = [
        {"name": "A", "value": "1"},
        {"name": "B"},
        {"name": "T", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
    ]
    inner = container(
        ports=[{"containerPort": 9090}],
        env=env,
        resources={"limits": {"cpu": 1, "memory": "1Gi"}},
        readinessProbe={"httpGet": {"path": "/ready"}, "periodSeconds": 3},
    )
    result = imported(tmp_path, yaml(knative(pod={**pod, "containers": [inner]})))
    assert function(result) == {
        "runtime": "container",
        "image": "registry.example.com/orders:1",
        "env": {"A": "1", "B": "", "T": {"secret": {"name": "s", "key": "k"}}},
        "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
        "serving": "knative",
        "timeout": 60,
        "concurrency": 10,
        "probes": {"readiness": {"path": "/ready", "period": 3}},
        "serviceAccount": "robot",
        "imagePullSecrets": ["login"],
        "container": {"port": 9090},
    }
    assert result.left == []
    assert unexplained(tmp_path, result) == []


def test_a_knative_service_of_the_first_days(tmp_path: Path) -> None:
    """v1alpha1 with runLatest and one container."""
    inner = container(ports=[], env=[{"name": "A", "value": "1"}])
    pod = {"container": {key: value for key, value in inner.items() if key != "name"}, "timeoutSeconds": 60}
    spec = {"runLatest": {"configuration": {"revisionTemplate": {"spec": pod}}}}
    item = named("serving.knative.dev/v1alpha1", "Service", spec=spec)
    result = imported(tmp_path, yaml(item, trigger()))
    found = function(result)
    assert (found["image"], found["env"], found["timeout"]) == (inner["image"], {"A": "1"}, 60)
    assert found["subscribes"]
    assert result.left == []
    assert unexplained(tmp_path, result) == []


def test_a_deployment_with_all_that_functions_take(tmp_path: Path) -> None:
    """Port by name, probes by name and number, grace, an autoscaler, a budget, another name than its Service's."""
    pod = {"terminationGracePeriodSeconds": 60}
    main = deployment(
        "orders",
        pod=pod,
        ports=[{"name": "web", "containerPort": 3000}],
        resources=CPU,
        readinessProbe={"tcpSocket": {"port": "web"}},
        livenessProbe={"httpGet": {"path": "/live", "port": "web"}, "initialDelaySeconds": 5},
        startupProbe={"httpGet": {"port": 4000}},
    )
    objects = [
        main,
        service("shop-orders", ports=[{"port": 80, "targetPort": "web"}]),
        autoscaler(minReplicas=2),
        budget(maxUnavailable=1),
    ]
    result = imported(tmp_path, yaml(*objects))
    assert function(result, "shop-orders") == {
        "runtime": "container",
        "image": "registry.example.com/orders:1",
        "resources": CPU,
        "scale": {"min": 2, "max": 5, "target": 80},
        "timeout": 50,
        "probes": {"liveness": {"path": "/live", "initialDelay": 5}, "startup": {"path": "/", "port": 4000}},
        "labels": {"app": "orders"},
        "container": {"port": 3000},
    }
    assert result.left == []
    assert unexplained(tmp_path, result) == []
    assert "# the Deployment orders, named after its Service" in importing.text(result)


def test_an_autoscaler_of_version_1(tmp_path: Path) -> None:
    """Its percentage is a metric today."""
    item = {**autoscaler(targetCPUUtilizationPercentage=60), "apiVersion": "autoscaling/v1"}
    result = imported(tmp_path, yaml(deployment(resources=CPU), item))
    assert function(result)["scale"] == {"min": 1, "max": 5, "target": 60}
    assert unexplained(tmp_path, result) == []


def test_pull_secrets_of_the_default_account(tmp_path: Path) -> None:
    """They become the function's."""
    account = {**named("v1", "ServiceAccount", "default"), "imagePullSecrets": [{"name": "login"}]}
    result = imported(tmp_path, yaml(account, deployment()))
    assert function(result)["imagePullSecrets"] == ["login"]
    assert unexplained(tmp_path, result) == []


def test_labels_of_everything_are_the_environments(tmp_path: Path) -> None:
    """As kustomize's commonLabels leave them."""
    objects = [named("v1", "Namespace", "shop"), deployment(labels={"team": "a"}), service(), trigger()]
    del objects[0]["metadata"]["namespace"]
    for item in objects:
        item["metadata"]["labels"] = {"team": "a"}
    result = imported(tmp_path, yaml(*objects))
    assert result.data["spec"]["environments"] == {
        "production": {"platform": "kubernetes", "labels": {"team": "a"}}
    }
    assert function(result)["labels"] == {"app": "orders"}
    assert unexplained(tmp_path, result) == []


def test_no_broker_and_no_namespace_are_other_teams(tmp_path: Path) -> None:
    """plait writes neither, and the file says how to change that."""
    result = imported(tmp_path, DEPLOYMENT, TRIGGER)
    assert result.data["spec"]["namespace"] == {"name": "shop", "create": False}
    assert result.data["spec"]["broker"] == {"name": "default", "create": False}
    assert importing.text(result).count("without `create: false` plait writes it") == 2
