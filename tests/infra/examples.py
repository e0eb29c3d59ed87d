"""Objects for the tests of the schemas: good ones, and what makes a good one bad."""

from typing import Any

Object = dict[str, Any]


def make(api_version: str, kind: str, name: str = "a", **fields: Any) -> Object:
    """An object with a name."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **fields}


CONTAINER: Object = {
    "name": "js-example",
    "image": "js-example",
    "env": [
        {"name": "A", "value": "1"},
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
    ],
    "ports": [{"containerPort": 8080, "name": "http1"}],
    "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}},
    "readinessProbe": {"httpGet": {"path": "/health/readiness", "port": 8080}},
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
}
DEPLOYMENT = make(
    "apps/v1",
    "Deployment",
    "js-example",
    spec={
        "selector": {"matchLabels": {"app": "a"}},
        "template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [CONTAINER]}},
    },
)
SERVICE = make("v1", "Service", "js-example", spec={"ports": [{"port": 80, "targetPort": 8080}]})
REF = {"apiVersion": "v1", "kind": "Service", "name": "js-example"}
DELIVERY = {
    "retry": 3,
    "backoffPolicy": "exponential",
    "backoffDelay": "PT0.5S",
    "timeout": "PT30S",
    "deadLetterSink": {"ref": REF},
}
BROKER = make("eventing.knative.dev/v1", "Broker", "default", spec={"delivery": DELIVERY})
TRIGGER = make(
    "eventing.knative.dev/v1",
    "Trigger",
    "js-trigger",
    spec={
        "broker": "default",
        "filters": [
            {"exact": {"type": "a.b"}},
            {"any": [{"prefix": {"source": "/"}}, {"not": {"cesql": "TRUE"}}]},
        ],
        "subscriber": {"ref": REF},
        "delivery": DELIVERY,
    },
)
KNATIVE_SERVICE = make(
    "serving.knative.dev/v1",
    "Service",
    "js-example",
    spec={
        "template": {
            "metadata": {"annotations": {"autoscaling.knative.dev/min-scale": "0"}},
            "spec": {"containers": [CONTAINER], "timeoutSeconds": 30, "containerConcurrency": 10},
        }
    },
)
EXTERNAL_SECRET = make(
    "external-secrets.io/v1",
    "ExternalSecret",
    spec={
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": "vault"},
        "target": {"name": "a"},
        "data": [{"secretKey": "k", "remoteRef": {"key": "path", "property": "k"}}],
    },
)
SOURCE = {"repoURL": "https://git.example.com/a.git", "path": "overlays/minikube", "targetRevision": "main"}
DESTINATION = {"server": "https://kubernetes.default.svc", "namespace": "ns"}
APPLICATION = make(
    "argoproj.io/v1alpha1",
    "Application",
    spec={
        "project": "default",
        "source": SOURCE,
        "destination": DESTINATION,
        "syncPolicy": {"automated": {"prune": True}, "syncOptions": ["ServerSideApply=true"]},
    },
)
GIT = {"repoURL": SOURCE["repoURL"], "revision": "main"}
APPLICATION_SET = make(
    "argoproj.io/v1alpha1",
    "ApplicationSet",
    spec={
        "goTemplate": True,
        "generators": [
            {"git": {**GIT, "directories": [{"path": "overlays/minikube/*"}]}},
        ],
        "template": {"metadata": {"name": "{{.path.basename}}"}, "spec": APPLICATION["spec"]},
    },
)
APP_PROJECT = make(
    "argoproj.io/v1alpha1",
    "AppProject",
    spec={"sourceRepos": [SOURCE["repoURL"]], "destinations": [DESTINATION]},
)
FLUX = make(
    "kustomize.toolkit.fluxcd.io/v1",
    "Kustomization",
    spec={
        "interval": "10m",
        "prune": True,
        "path": "./overlays/minikube",
        "sourceRef": {"kind": "GitRepository", "name": "a"},
    },
)
GIT_REPOSITORY = make(
    "source.toolkit.fluxcd.io/v1",
    "GitRepository",
    spec={"interval": "1m", "url": SOURCE["repoURL"], "ref": {"branch": "main"}},
)
OCI_REPOSITORY = make(
    "source.toolkit.fluxcd.io/v1",
    "OCIRepository",
    spec={"interval": "1m", "url": "oci://registry.example.com/a", "ref": {"tag": "1.0.0"}},
)
KUSTOMIZATION: Object = {
    "apiVersion": "kustomize.config.k8s.io/v1beta1",
    "kind": "Kustomization",
    "namespace": "ns",
    "resources": ["../../../base/js-example"],
    "images": [{"name": "js-example", "newName": "registry.example.com/a", "newTag": "1.0.0"}],
    "labels": [{"pairs": {"app": "a"}, "includeTemplates": True}],
    "patches": [{"path": "plait-resources.yaml", "target": {"kind": "Deployment", "name": "js-example"}}],
    "configMapGenerator": [{"name": "code", "files": ["code/function.py"]}],
}
COMPONENT: Object = {
    "apiVersion": "kustomize.config.k8s.io/v1alpha1",
    "kind": "Component",
    "configurations": ["names.yaml"],
}
GOOD = [
    make("v1", "Namespace", "js-example-service"),
    make("v1", "ConfigMap", data={"function.py": "pass\n"}),
    make("policy/v1", "PodDisruptionBudget", spec={"maxUnavailable": 1, "selector": {}}),
    make("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {}, "policyTypes": ["Ingress"]}),
    *(SERVICE, DEPLOYMENT, BROKER, TRIGGER, KNATIVE_SERVICE, EXTERNAL_SECRET),
    *(APPLICATION, APPLICATION_SET, APP_PROJECT, FLUX, GIT_REPOSITORY, OCI_REPOSITORY),
    *(KUSTOMIZATION, COMPONENT),
]
POD = "spec/template/spec"
# a good object, the path of one value in it, a bad value, what the error says
BAD: list[tuple[Object, str, object, str]] = [
    (DEPLOYMENT, f"{POD}/containers/0/imagePullPolice", "Always", "imagePullPolice"),
    (DEPLOYMENT, "spec/replicas", "2", r"spec\.replicas"),
    (DEPLOYMENT, "metadata/annotations", {"wave": 1}, "is not of type 'string'"),
    (DEPLOYMENT, f"{POD}/containers/0/env/0/value", None, r"env\[0\]\.value: null"),
    (DEPLOYMENT, "metadata/name", "Js_Example", r"metadata\.name"),
    (DEPLOYMENT, "metadata/labels", {"a": "x" * 64}, r"metadata\.labels\.a"),
    (SERVICE, "metadata/name", "1st", r"metadata\.name"),
    (BROKER, "spec/clas", "a", "clas"),
    (BROKER, "spec/delivery/retries", 3, "retries"),
    (BROKER, "metadata/nam", "a", "nam"),
    (TRIGGER, "spec/brokr", "default", "brokr"),
    (TRIGGER, "spec/brokerRef", REF, "valid under each of"),
    (TRIGGER, "spec/delivery/retry", -1, "less than the minimum"),
    (TRIGGER, "spec/delivery/backoffPolicy", "quadratic", "quadratic"),
    (TRIGGER, "spec/delivery/backoffDelay", "500ms", "500ms"),
    (TRIGGER, "spec/delivery/timeout", "PT", "'PT'"),
    (TRIGGER, "spec/delivery/deadLetterSink", {}, "deadLetterSink"),
    (TRIGGER, "spec/delivery/deadLetterSink", {"uri": "/relative"}, "/relative"),
    (TRIGGER, "spec/subscriber/ref/nam", "a", "nam"),
    (TRIGGER, "spec/filters/0", {"exact": {"type": "a"}, "prefix": {"type": "a"}}, "too many properties"),
    (TRIGGER, "spec/filters/0", {"exact": {"Type": "a"}}, "'Type'"),
    (TRIGGER, "spec/filters/0", {"exact": {"type": 1}}, "is not of type 'string'"),
    (TRIGGER, "spec/filters/0", {"all": []}, r"filters\[0\]\.all"),
    (TRIGGER, "spec/filters/1/any/0", {"exakt": {"type": "a"}}, "exakt"),
    (TRIGGER, "metadata/labels", {"eventing.knative.dev/broker": "default"}, r"knative\.dev/broker"),
    (KNATIVE_SERVICE, "spec/selector", {"a": "b"}, "selector"),
    (KNATIVE_SERVICE, f"{POD}/containers/0/imag", "a", "imag"),
    (KNATIVE_SERVICE, f"{POD}/containers/0/ports/0/containerPort", "http", "containerPort"),
    (EXTERNAL_SECRET, "spec/data/0/remoteRef/propertyy", "k", "propertyy"),
    (APPLICATION, "spec/syncPolicy/automatic", {}, "automatic"),
    (APPLICATION_SET, "spec/template/spec/projekt", "default", "projekt"),
    (APP_PROJECT, "spec/sourceRepo", [], "sourceRepo"),
    (FLUX, "spec/interval", "10 minutes", "10 minutes"),
    (FLUX, "spec/prune", "yes", r"spec\.prune"),
    (GIT_REPOSITORY, "spec/ref/brunch", "main", "brunch"),
    (OCI_REPOSITORY, "spec/url", "https://a", "https://a"),
    (KUSTOMIZATION, "openapi", {"path": "a.json"}, "openapi"),
    (KUSTOMIZATION, "commonLabels", {"a": "b"}, "commonLabels"),
    (KUSTOMIZATION, "labels/0/includeSelectors", True, "includeSelectors"),
    (KUSTOMIZATION, "images/0/tag", "1", "'tag'"),
    (KUSTOMIZATION, "patches/0/patch", "a", "valid under each of"),
    (COMPONENT, "resource", [], "'resource'"),
]
