"""Manifests -> what functions.yaml says, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plait.edits import Object, get
from plait.errors import PlaitError
from plait.importing import events, externals, metadata, pod, rest, scaling, services
from plait.importing.cleaning import cleaned
from plait.importing.entry import Entry
from plait.importing.eventing import SKIPPED
from plait.importing.matching import is_workload, workloads
from plait.importing.metadata import Common
from plait.importing.model import Imported, Manifest, Note, Report, Rewrite, Workload, shown
from plait.importing.modern import is_known, is_served, modern
from plait.importing.namespaces import chosen, inside
from plait.importing.part import Part
from plait.importing.reasons import of_kind
from plait.importing.shapes import misfit
from plait.spec.model import API_VERSION


@dataclass(frozen=True)
class Settings:
    """What the files do not say.

    Attributes:
        namespace: which one to import, where they hold several.
        environment: the name of the one environment to write.
        platform: what it runs on.
    """

    namespace: str | None = None
    environment: str = "production"
    platform: str = "kubernetes"


def imported(items: Sequence[Manifest], notes: Iterable[Note], settings: Settings) -> Imported:
    """A functions.yaml of manifests.

    Args:
        items, notes: from `read_all`.

    Raises:
        PlaitError: no workload among them; several namespaces and none chosen. Exit code 2.
    """
    report = Report()
    report.notes += notes
    clean = [item.with_data(cleaned(item.data)) for item in items]
    if not any(is_workload(item) for item in clean):
        raise _nothing(clean, report)
    namespace = chosen(clean, settings.namespace)
    kept = [modern(item, namespace) for item in _readable(inside(clean, namespace, report), report)]
    manifests = [item for item, _ in kept]
    for item, changes in kept:
        for change in changes:
            if change.reason == SKIPPED:
                report.note(item.where, f"{item.kind} {item.name}: {SKIPPED}")
    found = workloads(manifests, report)
    if not found:
        raise _nothing([], report)
    data = _Build(manifests, found, namespace, settings, report).data()
    rewrites: dict[tuple[str, str, str], Sequence[Rewrite]] = {item.key: changes for item, changes in kept}
    left = report.placed(settings.environment, _owners(manifests, found))
    return Imported(data, report.comments, left, report.notes, manifests, rewrites, found)


def _owners(items: Sequence[Manifest], found: Sequence[Workload]) -> dict[tuple[str, str, str, str], str]:
    """Which function an object belongs to, by its place: its workload's, or the one a Trigger is for."""
    functions = events.Functions(found)
    owners = {item.place: one.function for one in reversed(found) for item in one.manifests()}
    for item in items:
        if item.kind == "Trigger" and (one := functions.named(item.get("spec", "subscriber", "ref"))):
            owners[item.place] = one.function
    return owners


def _readable(items: Iterable[Manifest], report: Report) -> Iterator[Manifest]:
    """The objects that an import reads; of the others it is said why not."""
    for item in items:
        owners = item.get("metadata", "ownerReferences")
        if isinstance(owners, list) and owners:
            owner = f"{get(owners, 0, 'kind')} {get(owners, 0, 'name')}"
            report.leave(item, "owned", owner=owner)
        elif not is_known(item):
            report.leave(item, of_kind(item.kind))
        elif not is_served(item):
            report.leave(item, "version", version=item.data["apiVersion"])
        elif (path := misfit(item)) is not None:
            report.leave(item, "malformed", field=shown(path))
        else:
            yield item


def _nothing(items: Iterable[Manifest], report: Report) -> PlaitError:
    for item in items:
        if not is_known(item):
            report.leave(item, of_kind(item.kind))
    told = "\n".join(f"  {one.where}: {one.kind} {one.name}: {one.reason}" for one in report.sorted()[:10])
    message = "no Deployment and no Knative Service that can be a function"
    return PlaitError(
        f"{message}\n{told}" if told else message, hint="functions are made of these", exit_code=2
    )


class _Build:
    """One import: the manifests, and what they become."""

    def __init__(
        self,
        items: Sequence[Manifest],
        found: Sequence[Workload],
        namespace: str,
        settings: Settings,
        report: Report,
    ) -> None:
        self._found, self._namespace, self._settings, self._report = found, namespace, settings, report
        self._items = items
        self._triggers, self._brokers = self._of("Trigger"), self._of("Broker")
        self._spaces = self._of("Namespace")
        self._broker = events.chosen_broker(self._triggers, self._brokers)
        self._mine = next((item for item in self._brokers if item.name == self._broker), None)
        shared = [*self._spaces, *([self._mine] if self._mine else [])]
        self._shared = metadata.common(found, shared, self._triggers, Common(namespace, settings.platform))

    def _of(self, kind: str) -> list[Manifest]:
        return [item for item in self._items if item.kind == kind]

    def data(self) -> Object:
        """functions.yaml."""
        functions = events.Functions(self._found)
        entries = {workload.function: self._function(workload) for workload in self._found}
        self._subscribe(entries, functions)
        self._leave_rest()
        secrets = externals.external_secrets(self._of("ExternalSecret"), self._shared, self._report)
        environment = {"platform": self._settings.platform}
        labels = {"labels": dict(self._shared.labels)} if self._shared.labels else {}
        body = {
            "namespace": self._namespace_entry(),
            "broker": self._broker_entry(functions),
            "functions": {name: entry.data() for name, entry in entries.items()},
            **({"externalSecrets": secrets} if secrets else {}),
            "environments": {self._settings.environment: {**environment, **labels}},
        }
        head = {"apiVersion": API_VERSION, "kind": "Functions"}
        return {**head, "metadata": {"name": self._shared.application}, "spec": body}

    def _function(self, workload: Workload) -> Entry:
        entry = Entry(workload.function, self._report)
        if workload.main.name != workload.function:
            entry.comment(f"the {workload.main.kind} {workload.main.name}, named after its Service")
        whole = Part(workload.main.data)
        metadata.of_workload(entry, workload, whole, self._shared)
        spec = whole.part("spec")
        spec.take("selector", dict)
        pod.of_pod(entry, workload, spec.part("template").part("spec"), self._shared.platform)
        if workload.knative:
            entry.put("serving", "knative", workload.main, ())
            scaling.of_knative(entry, workload)
        else:
            scaling.of_deployment(entry, workload, spec, self._shared)
        services.of_service(entry, workload, self._shared)
        services.of_account(entry, workload, self._shared)
        fields = [*spec.rest(), *whole.part("metadata").rest()]
        rest.leave(self._report, workload, fields, self._shared.platform)
        return entry

    def _subscribe(self, entries: dict[str, Entry], functions: events.Functions) -> None:
        found: dict[str, list[Object]] = {name: [] for name in entries}
        for item in self._triggers:
            subscription = events.subscription(item, self._broker, functions, self._report)
            if subscription:
                name, entry = subscription
                found[name].append(entry)
                metadata.of_secondary(entries[name], item, Part(item.data).part("metadata"), self._shared)
        for name, subscriptions in found.items():
            if subscriptions:
                entries[name].put("subscribes", events.named(name, subscriptions), self._found[0].main, ())
            else:
                entries[name].comment("no Trigger of these files reaches it")

    def _namespace_entry(self) -> str | Object:
        for item in self._spaces:
            metadata.of_shared(item, self._shared, self._report)
            return self._namespace
        self._report.comment(
            ("spec", "namespace"), "no Namespace is in these files: without `create: false` plait writes it"
        )
        return {"name": self._namespace, "create": False}

    def _broker_entry(self, functions: events.Functions) -> Object:
        for item in self._brokers:
            if item is not self._mine:
                self._report.leave(item, "broker", broker=self._broker)
        at = ("spec", "broker")
        if self._mine:
            metadata.of_shared(self._mine, self._shared, self._report)
            return events.broker(self._broker, self._mine, functions, self._report)
        if injected := next(
            (item for item in [*self._spaces, *self._triggers] if metadata.injects(item)), None
        ):
            self._report.comment(
                at, f"{injected.kind} {injected.name} had it made by its label; plait writes it"
            )
            return {"name": self._broker}
        self._report.comment(at, "no Broker is in these files: without `create: false` plait writes it")
        for item in self._triggers:
            if item.get("spec", "broker") == self._broker:
                words = "is in none of these files: functions.yaml has it with `create: false`, as another's"
                self._report.note(item.where, f"Trigger {item.name}: its Broker, {self._broker}, {words}")
                break
        return {"name": self._broker, "create": False}

    def _leave_rest(self) -> None:
        """Services, accounts, autoscalers and budgets of nobody."""
        used = {item.key for workload in self._found for item in workload.manifests()}
        for item in self._items:
            is_read = item.kind in (
                "Service",
                "ServiceAccount",
                "HorizontalPodAutoscaler",
                "PodDisruptionBudget",
            )
            if is_read and item.key not in used and not self._report.has_left(item):
                taken = item.kind == "Service" and any(one.function == item.name for one in self._found)
                self._report.leave(item, "service-other" if taken else of_kind(item.kind))
