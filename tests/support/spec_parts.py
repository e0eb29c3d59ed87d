"""The small parts of the files that tests.support.specs makes."""

from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]


def optional(required: dict[str, Strategy] | None = None, /, **fields: Strategy) -> Strategy:
    """A mapping with the required fields and some of the others."""
    needed = required or {}
    return st.fixed_dictionaries(needed, optional={k: v for k, v in fields.items() if k not in needed})


_LABEL = st.from_regex(r"\A[a-z]([-a-z0-9]{0,6}[a-z0-9])?\Z")
NAMES = st.sampled_from(["orders", "payment", "invoice", "stock", "a", "b1", "on", "no", "x-1"]) | _LABEL
TEXTS = st.sampled_from(
    ["info", "", "yes", "1.10", "0o17", " a ", "a\nb\n", "é😀", "{{ a }}", "$(HOME)", "#", "'\""]
)
VALUES = st.sampled_from(["com.example.order.paid", "/shop/checkout", "urn:a:b", "a b", "1", "true", "é"])
DURATIONS = st.sampled_from(["PT0.2S", "PT30S", "PT5M", "P1DT2H", "P1W"])
LABELS = st.dictionaries(
    st.sampled_from(["team", "example.com/owner", "Stage_1", "a.b/c-d"]),
    st.sampled_from(["", "shop", "A_b.c-1", "5"]),
)
IMAGES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "registry.example.com/", "localhost:5000/", "r.example.com:443/a/b/"]),
        st.sampled_from(["orders", "demo/payment", "a__b/c-d.e"]),
        st.sampled_from(["", ":1.0.0", ":latest", ":v_1"]),
        st.sampled_from(["", "@sha256:" + "0f" * 32]),
    ),
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["tenant", "region", "a1"]), VALUES, max_size=2)
_EXACT = st.dictionaries(
    st.sampled_from(["type", "source", "subject", "tenant"]), VALUES, min_size=1, max_size=2
)
EVENTS = optional({"type": VALUES}, source=VALUES, description=TEXTS)
CONTRACTS = optional(
    schema=st.sampled_from(["schemas/paid.json", "schemas/placed.json"]),
    description=TEXTS,
    example=st.just("schemas/example.json"),
)
REFERENCES = optional(
    {"apiVersion": st.just("v1"), "kind": st.just("Service"), "name": NAMES}, namespace=NAMES
)


def _nested(filters: Strategy) -> Strategy:
    several = st.lists(filters, min_size=1, max_size=2)
    return optional({"all": several}) | optional({"any": several}) | optional({"not": filters})


FILTERS = st.recursive(
    optional({"exact": _EXACT})
    | optional({"prefix": _EXACT})
    | optional({"suffix": _EXACT})
    | optional({"cesql": st.just("type LIKE 'com.%' AND EXISTS subject")}),
    _nested,
    max_leaves=4,
)

QUANTITIES = {
    "cpu": st.sampled_from(["100m", "0.5", ".25", 1, 0.1, "1e-1"]),
    "memory": st.sampled_from(["64Mi", "100M", "1e8", 134217728]),
    "nvidia.com/gpu": st.just(1),
}
LIMITS = {
    "cpu": st.sampled_from([2, "2", "4000m", "1k"]),
    "memory": st.sampled_from(["1Gi", "1G", "2e9"]),
    "nvidia.com/gpu": st.just("1"),
}


def scale(least: int) -> Strategy:
    """Autoscaling with at least so many replicas."""
    counts = st.tuples(st.integers(least, 10), st.integers(1, 10)).map(sorted)
    both = counts.map(lambda pair: {"min": pair[0], "max": pair[1]})
    return optional(target=st.integers(1, 100)) | both


def environment_variables() -> Strategy:
    """Each of the forms of a value, the short one too."""
    key_of = optional({"name": NAMES, "key": st.sampled_from(["token", "a.b_c-D"])})
    mappings = optional({"value": TEXTS}) | optional({"secret": key_of}) | optional({"configMap": key_of})
    names = st.sampled_from(["LOG_LEVEL", "A", "yes", "a.b-c", "_X1"])
    return st.dictionaries(names, TEXTS | mappings, max_size=3)


_PROBE = optional(
    {"path": st.sampled_from(["/", "/healthz", "/a/b?c=d"])},
    port=st.integers(1, 65535),
    initialDelay=st.integers(0, 60),
    period=st.integers(1, 60),
    timeout=st.integers(1, 60),
    failureThreshold=st.integers(1, 60),
)
PROBES = optional(
    liveness=_PROBE | st.just(value=False), readiness=_PROBE | st.just(value=False), startup=_PROBE
)
WASM = optional(
    {"module": st.sampled_from(["add.wasm", "a_b-1.wat"])},
    function=st.just("add"),
    args=st.lists(st.sampled_from([1, -1, 1.5, "data.a", "1"]), max_size=3),
    env=st.dictionaries(st.sampled_from(["MODE", "A"]), TEXTS, max_size=2),
    directories=st.dictionaries(
        st.sampled_from(["/data", "/"]), st.sampled_from(["data", "a/b"]), max_size=2
    ),
    clock=st.booleans(),
)
_STORE = optional({"name": NAMES}, kind=st.sampled_from(["SecretStore", "ClusterSecretStore"]))
_EXTERNAL_SECRET = optional(
    {"store": _STORE, "data": st.dictionaries(NAMES, st.just("shop/token#key"), min_size=1, max_size=2)},
    refreshInterval=st.sampled_from(["1h", "1h30m", "500ms", "0"]),
    type=st.sampled_from(["Opaque", "kubernetes.io/basic-auth"]),
    apiVersion=st.sampled_from(["external-secrets.io/v1", "external-secrets.io/v1beta1"]),
)
DESTINATIONS = optional(name=st.just("in-cluster")) | optional(
    server=st.just("https://kubernetes.default.svc")
)
_SYNC = optional(
    prune=st.booleans(),
    automated=st.booleans(),
    selfHeal=st.booleans(),
    retry=st.integers(-1, 1000),
    serverSideDiff=st.booleans(),
    options=st.lists(st.sampled_from(["ServerSideApply=false", "PruneLast=true"]), max_size=2, unique=True),
)


def _gitops(tool: str, **fields: Strategy) -> Strategy:
    needed = {"tool": st.just(tool), "repoURL": st.just("https://git.example.com/shop/functions.git")}
    return optional(
        needed,
        revision=st.sampled_from(["main", "v1.0.0", "refs/tags/v1"]),
        path=st.sampled_from([".", "shop", "teams/shop"]),
        project=NAMES | optional({"name": NAMES}, create=st.booleans()),
        destination=DESTINATIONS,
        namespace=NAMES,
        mode=st.sampled_from(["environment", "function"]),
        **fields,
    )


GITOPS = _gitops("argocd", sync=_SYNC) | _gitops(
    "flux", credentials=NAMES, sync=optional(prune=st.booleans())
)
_POLICY = optional(enabled=st.booleans(), allowFrom=st.lists(NAMES, max_size=2, unique=True))
SHARED = optional(
    {"namespace": NAMES | optional({"name": NAMES}, create=st.booleans())},
    requires=st.sampled_from([">=0.1", ">= 0.0.1", "==0.1.0", "~=0.1"]),
    external=st.lists(EVENTS, max_size=2),
    events=st.dictionaries(VALUES | st.just("com.example.0"), CONTRACTS, max_size=3),
    eventTypes=st.booleans(),
    networkPolicy=st.booleans()
    | optional(enabled=st.booleans(), allowFrom=st.lists(NAMES, max_size=2, unique=True)),
    externalSecrets=st.dictionaries(NAMES.map("{}.secret".format), _EXTERNAL_SECRET, max_size=2),
    gitops=GITOPS,
)
