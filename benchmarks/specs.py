"""A functions.yaml of any size: the repository's example, repeated."""

from __future__ import annotations

_HEAD = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: bench}
spec:
  namespace: bench
  environments:
    minikube: {platform: minikube}
    openshift: {platform: openshift, promotesFrom: minikube}
  functions:
"""
_FUNCTION = """\
    fn-{index}:
      runtime: {runtime}
      source: functions/fn-{index}
      {more}image: registry.example.com/bench/fn-{index}:1.{index}.0
      subscribes:
        - type: com.example.bench.event-{index}
          source: /bench/source
      emits:
        - type: com.example.bench.event-{next}
          source: /bench/fn-{index}
"""
_WASM = "wasm: {module: add.wasm, function: add}\n      "


def text(count: int) -> str:
    """`count` functions in a ring, every other one WebAssembly; two environments, one of them gated."""
    functions = [
        _FUNCTION.format(
            index=index,
            next=(index + 1) % count,
            runtime="wasm" if index % 2 else "node",
            more=_WASM if index % 2 else "",
        )
        for index in range(count)
    ]
    return _HEAD + "".join(functions)
