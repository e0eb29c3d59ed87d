"""Flows to draw, as functions.yaml."""

from collections.abc import Sequence
from pathlib import Path

from plait import render
from plait.graph import Graph, build
from plait.project import Project

SHOP = Path(__file__).parent / "shop.yaml"


def of(text: str, folder: Path) -> Graph:
    """The graph of environment dev, of a functions.yaml that is written into the folder."""
    (folder / "functions.yaml").write_text(text)
    project = Project.load(folder)
    return build(project.flow, render.objects(project.overlays["dev"]), "dev")


def shop_with(function: str, subscriptions: str) -> str:
    """The shop, where one of its functions subscribes to something else."""
    lines = SHOP.read_text().splitlines()
    at = lines.index(f"    {function}:")
    at = next(number for number in range(at, len(lines)) if "subscribes:" in lines[number])
    return "\n".join([*lines[:at], "      subscribes:", subscriptions.strip("\n"), *lines[at + 1 :], ""])


def large(count: int) -> str:
    """So many functions, each after one or two of those before it, one for all dead letters."""
    before = [sorted({max(0, at - 1 - at * 7 % 5), max(0, at - 1 - at * 3 % 11)}) for at in range(count)]
    return _flow("large", before, "  broker: {delivery: {deadLetter: {function: f0}}}")


def chain(count: int) -> str:
    """So many functions, each after the one before it."""
    return _flow("chain", [[at - 1] if at else [] for at in range(count)])


def ring(count: int) -> str:
    """A chain whose last event reaches the first function."""
    return _flow("ring", [[(at - 1) % count] for at in range(count)])


def fan(count: int) -> str:
    """So many functions, all after the first one."""
    return _flow("fan", [[], *[[0]] * (count - 1)])


def _flow(name: str, before: Sequence[Sequence[int]], *more: str) -> str:
    lines = ["apiVersion: plait.dev/v1", "kind: Functions", f"metadata: {{name: {name}}}", "spec:"]
    lines += [f"  namespace: {name}", *more, "  functions:"]
    for at, functions in enumerate(before):
        lines += [
            f"    f{at}:",
            "      runtime: container",
            f"      image: registry.example.com/f{at}:1.{at}",
        ]
        lines += [f"      emits: [{{type: com.example.{at}.done, source: /{name}/f{at}}}]"]
        events = ", ".join(f"{{type: com.example.{other}.done}}" for other in functions)
        lines += [f"      subscribes: [{events or '{type: com.example.start}'}]"]
    external = ["  external: [{type: com.example.start}]"] if [] in before else []
    return "\n".join([*lines, *external, "  environments: {dev: {platform: kubernetes}}", ""])
