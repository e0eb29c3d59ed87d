"""plait release: which version an environment runs."""

import io

import pytest

from tests.cli.workspace import Workspace

DIGEST = "sha256:" + "a1" * 32
ORDERS = "overlays/dev/orders/kustomization.yaml"
REPOSITORY = "registry.example.com/shop/orders"


@pytest.fixture
def shop(shop: Workspace) -> Workspace:
    """Generated."""
    shop.ok("generate")
    return shop


def images(workspace: Workspace, path: str = ORDERS) -> str:
    """The images entry of a kustomization, as it is written."""
    text = workspace.read(path).partition("images:\n")[2]
    return text.partition("patches:\n")[0]


def entry(name: str = "orders", comment: str = "", **fields: str) -> str:
    """An images entry."""
    return f"- name: {name}{comment}\n" + "".join(f"  {key}: {value}\n" for key, value in fields.items())


def standard_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What `-` reads."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.parametrize(
    ("image", "fields"),
    [
        (f"{REPOSITORY}:1.1.0", {"newName": REPOSITORY, "newTag": '"1.1.0"'}),
        (f"{REPOSITORY}:2e3", {"newName": REPOSITORY, "newTag": '"2e3"'}),
        (f"{REPOSITORY}@{DIGEST}", {"newName": REPOSITORY, "digest": DIGEST}),
        (f"{REPOSITORY}:v2@{DIGEST}", {"newName": REPOSITORY, "newTag": "v2", "digest": DIGEST}),
        ("localhost:5000/orders:v2", {"newName": "localhost:5000/orders", "newTag": "v2"}),
        ("orders:v2", {"newName": "orders", "newTag": "v2"}),
    ],
)
def test_a_version(shop: Workspace, image: str, fields: dict[str, str]) -> None:
    """Tag, digest, both, or another repository; nothing else in the tree changes."""
    before = shop.files()
    result = shop.ok("release", "dev", f"orders={image}")
    assert result.err.startswith("1 file written, 0 removed, ")
    assert images(shop) == entry(**fields)
    assert {path for path, content in shop.files().items() if before[path] != content} == {ORDERS}


def test_a_field_that_the_new_version_lacks_goes(shop: Workspace) -> None:
    """A digest that stayed behind would win over the new tag."""
    shop.ok("release", "dev", f"orders={REPOSITORY}:v2@{DIGEST}")
    shop.ok("release", "dev", f"orders={REPOSITORY}:v3")
    assert images(shop) == entry(newName=REPOSITORY, newTag="v3")


def test_the_same_again_changes_nothing(shop: Workspace) -> None:
    """A pipeline may run twice."""
    shop.ok("release", "dev", f"orders={REPOSITORY}:v2")
    assert shop.ok("release", "dev", f"orders={REPOSITORY}:v2").err.startswith("nothing to change: ")


def test_several_at_once(shop: Workspace) -> None:
    """One commit for versions that belong together."""
    other = "registry.example.com/shop/invoice"
    shop.ok("release", "dev", f"orders={REPOSITORY}:v2", f"invoice={other}:v3")
    assert images(shop) == entry(newName=REPOSITORY, newTag="v2")
    assert images(shop, "overlays/dev/invoice/kustomization.yaml") == entry(
        "invoice", newName=other, newTag="v3"
    )


def test_a_function_alone_takes_the_version_of_functions_yaml(shop: Workspace) -> None:
    """Which stays where it was until then."""
    shop.change(f"{REPOSITORY}:1.0.0", f"{REPOSITORY}:2.0.0")
    shop.ok("generate")
    assert images(shop) == entry(newName=REPOSITORY, newTag='"1.0.0"')
    shop.ok("release", "dev", "orders")
    assert images(shop) == entry(newName=REPOSITORY, newTag='"2.0.0"')


def test_generate_says_that_a_version_is_pinned(shop: Workspace) -> None:
    """On stderr, without advice: which of the two is meant is the user's to say."""
    shop.change(f"{REPOSITORY}:1.0.0", f"{REPOSITORY}:2.0.0")
    told = shop.ok("generate").err.splitlines()
    assert told[1:] == [
        "dev keeps its own versions, not those of functions.yaml: orders 1.0.0",
        "staging runs no function yet: plait promote dev staging",
        "production runs no function yet: plait promote staging production",
    ]


def test_generate_says_what_stays_at_a_registry_that_is_named_no_more(shop: Workspace) -> None:
    """A version may have been released to there: it stays, and one line has the command that takes it back."""
    shop.change("dev: {platform: minikube}", "dev: {platform: minikube, registry: mirror.example.com/cache}")
    shop.ok("generate")
    shop.ok("release", "dev", "orders=registry.example.com/shop/orders:2.0.0")
    shop.change(", registry: mirror.example.com/cache", "")
    (told,) = [line for line in shop.ok("generate").err.splitlines() if "registry" in line]
    start, _, command = told.partition(": ")
    assert start == "dev pulls 2 functions from another registry than functions.yaml names"
    invoice, orders = "registry.example.com/shop/invoice:1.0.0", "registry.example.com/shop/orders:2.0.0"
    assert command == f"plait release dev invoice={invoice} orders={orders}"
    shop.ok(*command.split()[1:])
    assert "mirror" not in shop.read("overlays/dev/orders/kustomization.yaml")
    assert "registry" not in shop.ok("generate").err


def test_follow_and_pin_again(shop: Workspace) -> None:
    """A comment behind the name lets it follow; a release without --follow takes it away."""
    shop.ok("release", "dev", "orders", "--follow")
    shop.change(f"{REPOSITORY}:1.0.0", f"{REPOSITORY}:2.0.0")
    told = shop.ok("generate").err
    assert "keeps its own versions" not in told
    follows = " # follows functions.yaml"
    assert images(shop) == entry(comment=follows, newName=REPOSITORY, newTag='"2.0.0"')
    shop.ok("release", "dev", f"orders={REPOSITORY}:1.5.0")
    shop.ok("generate")
    assert images(shop) == entry(newName=REPOSITORY, newTag='"1.5.0"')


def test_follow_takes_no_image(shop: Workspace) -> None:
    """The two would contradict each other."""
    told = shop.refused("release", "dev", f"orders={REPOSITORY}:v2", "--follow", code=2)
    expected = "Error: --follow takes FUNCTION without an image: the version is functions.yaml's"
    assert told.splitlines()[-1] == expected


def test_a_version_from_outside_stays(shop: Workspace) -> None:
    """Renovate and Flux's image automation edit the entry, and leave a marker."""
    marked = f'{images(shop).splitlines()[-1]} # {{"$imagepolicy": "shop:orders:tag"}}'
    shop.change('  newTag: "1.0.0"', marked.replace("1.0.0", "1.7.0"), ORDERS)
    assert shop.ok("generate").err.startswith("nothing to change: ")
    shop.ok("release", "dev", f"orders={REPOSITORY}:1.8.0")
    assert images(shop).splitlines()[-1] == marked.replace("1.0.0", "1.8.0")


def test_versions_from_json(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a pipeline has them; null is FUNCTION alone."""
    shop.ok("release", "dev", f"orders={REPOSITORY}:v2")
    standard_input(monkeypatch, '{"orders": null, "invoice": "registry.example.com/i:v3"}')
    shop.ok("release", "dev", "-")
    assert images(shop) == entry(newName=REPOSITORY, newTag='"1.0.0"')
    invoice = images(shop, "overlays/dev/invoice/kustomization.yaml")
    assert invoice == entry("invoice", newName="registry.example.com/i", newTag="v3")


SHAPE = (
    "error: standard input: not a mapping of functions to images\n"
    '  hint: as {"orders": "registry.example.com/demo/orders:1.2.0"}\n'
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "error: standard input: not JSON: Expecting value: line 1 column 1 (char 0)\n"),
        ("orders", "error: standard input: not JSON: Expecting value: line 1 column 1 (char 0)\n"),
        ("[]", SHAPE),
        ("{}", SHAPE),
        ('{"orders": 1}', SHAPE),
        ('{"orders": {"image": "x"}}', SHAPE),
        ('{"oders": null}', "error: no function named 'oders'\n  hint: did you mean 'orders'?\n"),
        (
            '{"orders": "Orders:1"}',
            "error: orders: 'Orders:1' is not an image reference: the repository must be lower case\n",
        ),
    ],
)
def test_json_that_cannot_be_taken(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    """Exit code 2, nothing written."""
    standard_input(monkeypatch, text)
    assert shop.refused("release", "dev", "-", code=2) == told


def test_json_that_is_too_deep(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no bug of plait's."""
    standard_input(monkeypatch, "[" * 100_000)
    told = shop.refused("release", "dev", "-", code=2)
    assert told.startswith("error: standard input: not JSON: maximum recursion depth exceeded")


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("a b:1", "it has a space or a scheme; write HOST/PATH:TAG"),
        ("https://a/b:1", "it has a space or a scheme; write HOST/PATH:TAG"),
        ("", "write it as HOST/PATH:TAG or HOST/PATH@sha256:..."),
        ("a@sha256:12", "its digest is not sha256: and 64 hex digits"),
        ("Shop/orders:1", "the repository must be lower case"),
    ],
)
def test_images_that_cannot_be_taken(shop: Workspace, image: str, why: str) -> None:
    """Exit code 2, nothing written."""
    told = shop.refused("release", "dev", f"orders={image}", code=2)
    assert told == f"error: orders: {image!r} is not an image reference: {why}\n"


def test_a_version_alone_is_no_image(shop: Workspace) -> None:
    """It would be read as the name of a repository."""
    hint = "write the whole reference: orders=HOST/PATH:TAG, or HOST/PATH@sha256:..."
    told = shop.refused("release", "dev", "orders=2.0.0", code=2)
    assert told == f"error: orders: '2.0.0' has neither tag nor digest\n  hint: {hint}\n"


def test_an_unknown_function(shop: Workspace) -> None:
    """The nearest one is named."""
    told = shop.refused("release", "dev", "oders=a:1", code=2)
    assert told == "error: no function named 'oders'\n  hint: did you mean 'orders'?\n"


def test_a_function_named_twice(shop: Workspace) -> None:
    """One of the two versions would be lost."""
    told = shop.refused("release", "dev", "orders=a:1", "orders=a:2", code=2)
    assert told.splitlines()[-1] == "Error: named twice: orders"
