"""The plugins of this suite; each says in its module what it is for."""

pytest_plugins = [
    "pytester",
    "tests.support.ci_skips",
    "tests.support.golden",
    "tests.support.kustomize",
]
