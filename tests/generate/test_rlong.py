"""Any functions.yaml, any releases and promotions: the tree is valid, builds, and equals what render gives."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.generate.repository import Repository
from tests.support import manifests, schemas
from tests.support.ci_skips import in_ci
from tests.support.kustomize import builder
from tests.support.specs import files, specs

EXAMPLES = 25 if in_ci() else 40
TAGS = ["1.10", "007", "1e3", "true", "v1", "latest"]
Step = tuple[str, int, int, str]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["release", "follow", "promote", "promote one", "generate"]),
        st.integers(0, 9),
        st.integers(0, 9),
        st.sampled_from(TAGS),
    ),
    max_size=6,
)


def command_of(step: Step, spec: dict[str, Any]) -> Sequence[str] | None:
    """The step as a command, where the spec has what it needs."""
    kind, stage, function, tag = step
    names, environments = list(spec.get("functions") or ()), dict(spec.get("environments") or {})
    gated = {name: data["promotesFrom"] for name, data in environments.items() if "promotesFrom" in data}
    following = sorted(environments.keys() - gated.keys())
    if kind.startswith("promote") and gated:
        target = sorted(gated)[stage % len(gated)]
        some = [names[function % len(names)]] if kind == "promote one" and names else []
        return ["promote", gated[target], target, *some]
    if kind in ("release", "follow") and following and names:
        name = names[function % len(names)]
        target = following[stage % len(following)]
        return (
            ["release", target, name, "--follow"]
            if kind == "follow"
            else ["release", target, f"{name}=a.b/c:{tag}"]
        )
    return ["generate"] if kind == "generate" else None


@settings(
    deadline=None, max_examples=1500, phases=[Phase.generate], derandomize=in_ci(), suppress_health_check=[HealthCheck.too_slow]
)
@given(specs(), STEPS)
def test_render_equals_the_build(data: dict[str, Any], steps: list[Step]) -> None:
    """For every environment, in order; every object fits its schema; generate again writes nothing."""
    with TemporaryDirectory() as folder:
        repository = Repository(Path(folder))
        repository.spec(data)
        for path, text in files(data).items():
            repository.write(path, text)
        repository.ok("generate")
        for step in steps:
            if command := command_of(step, data["spec"]):
                result = repository.plait(*command)
                event(f"{command[0]}: {result.code}")
                assert result.code in (0, 1, 2), result
                assert "bug in plait" not in result.err
        check(repository, list(data["spec"].get("environments") or ()))


def check(repository: Repository, environments: list[str]) -> None:
    """Hold everything that is on disk against schemas, and render against kustomize."""
    before = repository.files()
    repository.ok("generate")
    assert repository.files() == before
    for path, content in before.items():
        if "/plait-" not in path and "/code/" not in path and not path.endswith("/configuration.yaml"):
            schemas.validate(manifests.load(content.decode())[0])
    for environment in environments:
        objects = builder("kubectl")(repository.root / "overlays" / environment)
        for item in objects:
            schemas.validate(item)
        if objects:
            assert repository.objects(environment) == objects
        else:
            assert f"{environment} holds no object" in repository.refused("render", environment)
