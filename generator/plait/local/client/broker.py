"""The API of a running `plait run` (docs/local-broker.md)."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode

from plait.errors import PlaitError, nearest
from plait.local.client.http import UnreachableError, opened

PATH = "/_plait/api"
_HINT = "plait run starts a broker; --port says where it listens"
_GOOD = (200, 202)

Json = dict[str, Any]
Parameters = Mapping[str, str | int]


class Broker:
    """Asks a broker. Every method raises PlaitError: nobody answers, not plait does, or it refuses.

    Args:
        host, port: where `plait run` listens.
    """

    def __init__(self, host: str, port: int) -> None:
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def brokers(self) -> Sequence[Json]:
        """The Brokers that it has, with `namespace`, `name`, `url` and `triggers`."""
        found: Sequence[Json] = self._ask("GET", "flow", "brokers")["brokers"]
        return found

    def ingress(self, wanted: str | None, preferred: Callable[[], str | None]) -> Json:
        """The Broker `NAMESPACE/NAME`; where none is wanted the only one, or of several the preferred one.

        Raises:
            PlaitError: there is no such Broker, or nothing says which. Exit code 2.
        """
        found = {f"{item['namespace']}/{item['name']}": item for item in self.brokers()}
        if wanted is None:
            wanted = next(iter(found)) if len(found) == 1 else preferred()
            if wanted not in found:
                hint = f"--broker says one of {', '.join(found)}" if found else None
                raise PlaitError(
                    "which Broker?" if found else "no Broker", where=self.url, hint=hint, exit_code=2
                )
        if wanted not in found:
            hint = nearest(wanted, found) or f"there is {', '.join(found)}"
            raise PlaitError(f"no Broker {wanted}", where=self.url, hint=hint, exit_code=2)
        return found[wanted]

    def events(self, parameters: Parameters) -> Sequence[Json]:
        """Events, the oldest first; parameters as in the API."""
        found: Sequence[Json] = self._ask("GET", "events", "events", parameters)["events"]
        return found

    def follow(self, parameters: Parameters) -> Iterator[Json]:
        """The events there are, then each that comes, and again when a delivery of it ends.

        Ends with the broker.
        """
        with self._opened("GET", "events", {**parameters, "follow": 1}) as response:
            for line in iter(partial(_line, response), b""):
                if line.strip():  # an empty one says that the broker is still there
                    yield self._parsed(line, "seq")

    def event(self, reference: str) -> Json:
        """One event with its data, by its number or id."""
        return self._ask("GET", f"events/{quote(reference, safe='')}", "seq")

    def trace(self, reference: str) -> Json:
        """What became of an event, by its number or id."""
        return self._ask("GET", f"trace/{quote(reference, safe='')}", "seq")

    def replay(self, reference: str, parameters: Parameters) -> Json:
        """The same event again; `seq` is the new one."""
        return self._ask("POST", f"replay/{quote(reference, safe='')}", "seq", parameters)

    def trigger(self, name: str) -> str:
        """`NAMESPACE/NAME` of a Trigger, which may be named without its namespace.

        Raises:
            PlaitError: no such Trigger, or one in several namespaces. Exit code 2.
        """
        known = [
            f"{item['namespace']}/{item['name']}" for broker in self.brokers() for item in broker["triggers"]
        ]
        found = [key for key in known if name in (key, key.partition("/")[2])]
        if len(found) == 1:
            return found[0]
        hint = (
            f"one of {', '.join(found)}" if found else nearest(name, [key.partition("/")[2] for key in known])
        )
        raise PlaitError(
            f"{'which' if found else 'no'} Trigger {name}", where=self.url, hint=hint, exit_code=2
        )

    def _ask(self, method: str, path: str, member: str, parameters: Parameters | None = None) -> Json:
        """The answer, which has this member."""
        with self._opened(method, path, parameters) as response:
            return self._parsed(response.read(), member)

    @contextmanager
    def _opened(self, method: str, path: str, parameters: Parameters | None) -> Iterator[HTTPResponse]:
        """A good answer of plait's."""
        address = f"{self.url}{PATH}/{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        try:
            with opened(method, address) as response:
                if response.status not in _GOOD:
                    raise PlaitError(self._parsed(response.read(), "error")["error"], where=self.url)
                yield response
        except UnreachableError as error:
            raise UnreachableError(error.message, where=self.url, hint=_HINT) from None

    def _parsed(self, body: bytes, member: str) -> Json:
        """The answer's JSON; whatever gives another answer is not plait."""
        with contextlib.suppress(ValueError):
            data = json.loads(body)
            if isinstance(data, dict) and member in data:
                return data
        raise PlaitError("what answers there is not plait run", where=self.url, hint=_HINT)


def _line(response: HTTPResponse) -> bytes:
    """The next line; b"" where the broker is gone, however it went."""
    try:
        return response.readline()
    except (OSError, HTTPException):
        return b""
