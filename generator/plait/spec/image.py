"""Container image references.

Grammar: the OCI distribution project's reference grammar, `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[A-Za-z0-9.-]+(?=:[0-9]))(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?P<repository>(?:{_HOST}/)?{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
REGISTRY = re.compile(rf"(?:{_HOST})(?:/{_PART})*")


@dataclass(frozen=True, slots=True)
class Image:
    """A container image: where it is and which version of it.

    Attributes:
        repository: with its registry, as `registry.example.com/demo/orders`.
        tag: as `1.2.0`, or None.
        digest: `sha256:` and 64 hex digits, or None.
    """

    repository: str
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> Image:
        """Read a reference. Raises ValueError with what is wrong with it."""
        match = _REFERENCE.fullmatch(text)
        if match is None:
            raise ValueError(_why(text))
        return cls(match["repository"], match["tag"], match["digest"])

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return self.repository + tag + (f"@{self.digest}" if self.digest else "")

    @property
    def version(self) -> str | None:
        """What tells it from another version of the same repository, or None where nothing does."""
        if self.tag and self.digest:
            return f"{self.tag}@{self.digest}"
        return self.tag or self.digest

    @property
    def host(self) -> str | None:
        """The registry's host, or None where the reference leaves it to the container runtime."""
        first, slash, _ = self.repository.partition("/")
        return first if slash and (first == "localhost" or "." in first or ":" in first) else None

    def at(self, registry: str | None) -> Image:
        """The same image in another registry (a host, or a host and a path before the image's path)."""
        if not registry or self.repository.startswith(f"{registry.rstrip('/')}/"):
            return self
        path = self.repository.removeprefix(f"{self.host}/") if self.host else self.repository
        return replace(self, repository=f"{registry.rstrip('/')}/{path}")

    def moved_from(self, other: Image) -> bool:
        """Whether this has the path of the other one in another registry, as `at` makes it."""
        path = other.at("x").repository.removeprefix("x")
        return self.repository != other.repository and self.repository.endswith(path)


def _why(text: str) -> str:
    if "@" in text and not re.fullmatch(r"sha256:[0-9a-f]{64}", text.rpartition("@")[2]):
        return "its digest is not sha256: and 64 hex digits"
    if re.search(r"\s", text) or "://" in text:
        return "it has a space or a scheme; write HOST/PATH:TAG"
    if text != text.lower() and re.fullmatch(r"[^:@]+(:[^/@]+)?", text):
        return "the repository must be lower case"
    return "write it as HOST/PATH:TAG or HOST/PATH@sha256:..."
