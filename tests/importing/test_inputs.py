"""Manifests as people have them: what functions.yaml makes of them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from plait import importing
from plait.errors import PlaitError
from plait.importing import Settings
from tests.importing.objects import (
    autoscaler,
    broker,
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
    KNATIVE,
    TRIGGER,
    built,
    function,
    imported,
    proved,
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


def test_delivery_and_dead_letters(tmp_path: Path) -> None:
    """A function by its name, anything else as it is; on Broker and Trigger."""
    sink = {"ref": {"apiVersion": "v1", "kind": "Service", "name": "orders", "namespace": "shop"}}
    kafka = broker(
        "default",
        config={"kind": "ConfigMap", "apiVersion": "v1", "name": "kafka"},
        delivery={"deadLetterSink": {"uri": "http://a/"}},
    )
    kafka["metadata"]["annotations"] = {"eventing.knative.dev/broker.class": "Kafka"}
    result = imported(
        tmp_path,
        yaml(
            deployment(),
            kafka,
            trigger(delivery={"retry": 3, "backoffPolicy": "linear", "deadLetterSink": sink}),
        ),
    )
    assert result.data["spec"]["broker"] == {
        "name": "default",
        "class": "Kafka",
        "config": {"kind": "ConfigMap", "apiVersion": "v1", "name": "kafka"},
        "delivery": {"deadLetter": {"uri": "http://a/"}},
    }
    (subscription,) = function(result)["subscribes"]
    assert subscription["delivery"] == {
        "retry": 3,
        "backoffPolicy": "linear",
        "deadLetter": {"function": "orders"},
    }
    assert unexplained(tmp_path, result) == []


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, {}),
        ({"filter": {"attributes": {"type": "", "source": "/a"}}}, {"source": "/a"}),
        ({"filter": {"attributes": {"tenant": "a", "subject": ""}}}, {"extensions": {"tenant": "a"}, "filters": [{"cesql": "EXISTS subject AND subject <> ''"}]}),
        ({"filter": {"attributes": {"dataschema": "a"}}}, {"filters": [{"exact": {"dataschema": "a"}}]}),
        ({"filter": {"sourceAndType": {"type": "t", "source": "Any"}}}, {"type": "t"}),
        ({"filter": {"attributes": {"type": "x"}}, "filters": [{"prefix": {"type": "t"}}]}, {"filters": [{"prefix": {"type": "t"}}]}),
        ({"filters": [{"exact": {"type": "t"}}, {"exact": {"source": ""}}]}, {"type": "t"}),
        ({"filters": [{"exact": {"type": ""}}], "filter": {"attributes": {"type": "t"}}}, {}),
    ],
)  # fmt: skip
def test_filters(spec: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    """Both forms, with what Knative makes of empty values (knative-broker facts 14, 15 and 19)."""
    result = imported(tmp_path, yaml(deployment(), trigger(**spec)))
    assert function(result)["subscribes"] == [{"name": "paid", **expected}]
    assert unexplained(tmp_path, result) == []


def test_names_that_plait_gives_anyway_are_not_written(tmp_path: Path) -> None:
    """A single Trigger with the function's name."""
    result = imported(tmp_path, yaml(deployment(), trigger("orders", filters=[{"exact": {"type": "t"}}])))
    assert function(result)["subscribes"] == [{"type": "t"}]


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


def test_a_list_and_what_a_cluster_adds(tmp_path: Path) -> None:
    """`kubectl get -o json`: a List, defaults, status, bookkeeping; nothing of it is carried or told."""
    bare = imported(tmp_path, DEPLOYMENT, KNATIVE.replace("orders", "audit"))
    items = [item.data for item in importing.read_all([tmp_path / "old.yaml"])[0]]
    for item in items:
        item["status"] = {"observedGeneration": 1}
        item["metadata"] |= {
            "uid": "1",
            "resourceVersion": "2",
            "creationTimestamp": None,
            "managedFields": [{}],
        }
        item["metadata"]["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": "{}"}
    pod = items[0]["spec"]["template"]["spec"]
    pod |= {
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
    }
    pod |= {"terminationGracePeriodSeconds": 30, "serviceAccountName": "default", "serviceAccount": "default"}
    pod["containers"][0] |= {"terminationMessagePath": "/dev/termination-log", "resources": {}}
    items[1]["spec"] |= {
        "clusterIP": "10.0.0.1",
        "clusterIPs": ["10.0.0.1"],
        "type": "ClusterIP",
        "sessionAffinity": "None",
    }
    (tmp_path / "old.yaml").write_text(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=4)
    )
    result = importing.imported(*importing.read_all([tmp_path / "old.yaml"]), Settings())
    assert (result.data, result.left) == (bare.data, [])
    assert unexplained(tmp_path, result) == []


def test_namespaces(tmp_path: Path) -> None:
    """One is taken, several have to be chosen from, none has to be given; the others' objects are left."""
    other = DEPLOYMENT.replace("namespace: shop", "namespace: back")
    with pytest.raises(PlaitError, match="hold back, shop") as error:
        imported(tmp_path, DEPLOYMENT, other)
    assert (error.value.exit_code, error.value.hint) == (2, "choose one of back, shop")
    result = imported(tmp_path, DEPLOYMENT, other, namespace="shop")
    assert [(one.kind, one.rule) for one in result.left] == [
        ("Deployment", "other-namespace"),
        ("Service", "other-namespace"),
    ]
    with pytest.raises(PlaitError, match="no namespace named 'shp'") as error:
        imported(tmp_path, DEPLOYMENT, namespace="shp")
    assert error.value.hint == "did you mean 'shop'?"
    bare = DEPLOYMENT.replace(", namespace: shop", "")
    with pytest.raises(PlaitError, match="no object of these files names its namespace"):
        imported(tmp_path, bare)
    assert imported(tmp_path, bare, namespace="any").data["spec"]["namespace"]["name"] == "any"


def test_an_object_that_stands_twice(tmp_path: Path) -> None:
    """The last one counts, as for kubectl apply, and a note names both."""
    result = imported(tmp_path, DEPLOYMENT, DEPLOYMENT.replace("orders:1", "orders:2"))
    assert function(result)["image"] == "registry.example.com/orders:2"
    assert len(result.notes) == 2
    assert result.notes[0].text.endswith("old.yaml:1 too; the last one counts")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`kubectl kustomize DIR | plait import -`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DEPLOYMENT.encode())))
    items, _ = importing.read_all([Path("-")])
    assert [item.where for item in items] == ["(standard input):1", "(standard input):14"]


def test_a_change_of_functions_yaml_is_unexplained(tmp_path: Path) -> None:
    """What the import did not do, it does not explain."""
    result = imported(tmp_path, DEPLOYMENT, TRIGGER)
    assert unexplained(tmp_path, result) == []
    entry = function(result)
    entry["image"] = "registry.example.com/orders:2"
    entry["subscribes"][0]["type"] = "com.example.other"
    entry["env"] = {"NEW": "1"}
    found = [(one.kind, one.path) for one in proved(tmp_path, result) if one.reason is None]
    assert found == [
        ("Deployment", "spec.template.spec.containers[orders].env[NEW]"),
        ("Deployment", "spec.template.spec.containers[orders].image"),
        ("Trigger", "spec.filters"),
    ]


def test_a_function_that_is_gone_is_unexplained(tmp_path: Path) -> None:
    """Its objects are missing, and nothing says why."""
    result = imported(tmp_path, DEPLOYMENT, KNATIVE.replace("orders", "audit"))
    del result.data["spec"]["functions"]["orders"]
    assert [(one.kind, one.name, one.new) for one in unexplained(tmp_path, result)] == [
        ("Deployment", "orders", None),
        ("Service", "orders", None),
    ]
